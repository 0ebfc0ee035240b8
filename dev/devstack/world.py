# Input of `odoo shell`: the accounting data that tests share; `tests/prepare.py` says
# what it is.
from odoo.addons.account_dunning_scenario.tests.prepare import prepare

prepare(env)  # noqa: F821
print("world made")
