# What developers run. Everything fetched or made lives in .local (make clean removes it).
#
#   make demo    [SERVE=0] [ROWS=300]      a database with demo data, played for today
#   make demo    DESK=1 [ROWS=300]         the same, with the day still on the desk
#   make test                              the whole suite, by a worker per core
#   make test    ARGS="-k promise"         what pytest is told, by one worker
#   make test    ARGS="--fast"             without browser, paper and processes
#   make test    ARGS="--shuffle"          in an order of chance; --shuffle=SEED: again
#   make coverage                          what the suite reaches, room by room
#   make lint                              all checks of style
#   make terms                             the terms anew, what has no translation named
#   make pictures                          those of the documentation, from the demo
#   make replay  CSV=… [SCENARIO=… FROM=… TO=… OUT=…]
#   make figures CSV=… AT=2026-01-31 [OUT=…]   what is owed and how fast it is paid
#   make bench   [BENCH=full]
#   make shell   [DB=test]
#   make clean
#
# ODOO_DIR=… uses an existing Odoo 19 source tree; DUNNING_CACHE=… shares what is heavy
# between several checkouts.

PYTHON ?= python3
ifdef ODOO_DIR
export ODOO_DIR
endif
ifdef DUNNING_CACHE
export DUNNING_CACHE
endif

STACK = $(PYTHON) dev/stack.py
VENV_PYTHON = .local/venv/bin/python
SERVE ?= 1

.PHONY: demo test coverage lint terms bench pictures replay figures shell clean setup replay-file

setup:
	@$(STACK) setup

demo:
	@$(STACK) setup bare
	@$(VENV_PYTHON) dev/demo.py --serve=$(SERVE) $(if $(ROWS),--rows=$(ROWS)) $(if $(DESK),--desk)

test:
	@$(STACK) test $(ARGS)

coverage:
	@$(STACK) test --cov --cov-report=json:.local/coverage.json
	@$(PYTHON) dev/coverage_rooms.py .local/coverage.json

lint:
	@$(PYTHON) dev/lint.py $(ARGS)

terms: setup
	@$(VENV_PYTHON) dev/terms.py

pictures:
	@$(STACK) setup bare
	@$(VENV_PYTHON) dev/pictures.py

replay-file:
	@test -n "$(CSV)" || { echo "error: name the history: make replay CSV=FILE" >&2; exit 2; }

replay: replay-file setup
	@$(VENV_PYTHON) dev/replay.py "$(CSV)" $(if $(SCENARIO),--scenario "$(SCENARIO)") \
		$(if $(FROM),--from "$(FROM)") $(if $(TO),--to "$(TO)") \
		$(if $(OUT),--out "$(OUT)") $(ARGS)

figures: setup
	@test -n "$(CSV)" -a -n "$(AT)" || { echo "error: name the history and the day: make figures CSV=FILE AT=DATE" >&2; exit 2; }
	@$(VENV_PYTHON) dev/figures.py "$(CSV)" --at "$(AT)" $(if $(OUT),--out "$(OUT)") $(ARGS)

bench: setup
	@$(VENV_PYTHON) dev/bench.py $(if $(filter full,$(BENCH)),--full) $(ARGS)

shell:
	@$(STACK) shell $(DB)

clean:
	@$(STACK) clean
