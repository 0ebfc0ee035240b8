"""Measure planning and deliveries against their unavoidable minimum.

make bench [BENCH=full] [ARGS="--only email phone"]

Planning: for each size a database is filled with generated data; planner and bare
statement run in turn. Deliveries: 500 e-mails, 500 calls, 200 letters, compared with
the time that Odoo or wkhtmltopdf itself takes for them. Each run is rolled back,
medians are kept. Checks and e-mails of a few claims are measured at each size in turn,
accounting with and without the module: least times and queries are kept. A customer's
page is compared with Odoo's own list of as many invoices on a server with two workers;
twenty visitors come at once, too. The results are printed as tables and written to
.local/bench.json, where figures not measured this time stay as they were.
"""

import argparse
import json
import resource
import statistics
import time
from contextlib import ExitStack
from datetime import date

import stack
from devstack.base import LOCAL

DELIVERIES = ("email", "phone", "letter")
PARTS = ("plan", *DELIVERIES, "recheck", "accounting", "page")
# Open items of two customers; the greater number fills a page of Odoo's own list.
PAGE_ITEMS = (20, 80)
SIZES = (2_000, 20_000, 100_000)
FULL = 1_000_000
DAY = date(2026, 3, 4)
RUNS = 3
# A run of a million claims takes minutes.
RUNS_FULL = 1


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="a million claims as well")
    parser.add_argument("--sizes", type=int, nargs="+", help="numbers of open claims")
    parser.add_argument(
        "--only", nargs="+", choices=PARTS, default=PARTS, help="measure these parts"
    )
    options = parser.parse_args()
    stack.ensure()
    path = LOCAL / "bench.json"
    report = json.loads(path.read_text()) if path.exists() else {}
    if "plan" in options.only:
        sizes = options.sizes or [*SIZES, *([FULL] if options.full else [])]
        report["plan"] = measure_planning(sizes)
    report |= measure_deliveries([p for p in DELIVERIES if p in options.only])
    if "recheck" in options.only:
        report["recheck"] = measure_sizes(options.sizes or SIZES)
    if "accounting" in options.only:
        report["accounting"] = measure_accounting()
    if "page" in options.only:
        report["page"] = measure_page()
    path.write_text(json.dumps(report, indent=2) + "\n")
    print(f"written to {path}")


def measure_planning(sizes):
    """Return the figures of each size, and print them as a table."""
    figures_by_size = {}
    print(
        f"{'claims':>10} {'actions':>8} {'lines':>8} {'seconds':>8} {'floor':>8} "
        f"{'ratio':>6} {'queries':>8} {'MB':>6}"
    )
    for size in sizes:
        figures = figures_by_size[str(size)] = measure(size)
        print(
            f"{size:>10} {figures['actions']:>8} {figures['lines']:>8} "
            f"{figures['seconds']:>8.2f} {figures['floor_seconds']:>8.2f} "
            f"{figures['ratio']:>6.2f} {figures['queries']:>8} "
            f"{figures['rss_mb']:>6.0f}",
            flush=True,
        )
    return figures_by_size


def measure_deliveries(parts):
    """Return the figures of each kind of delivery, and print them as a table."""
    report = {}
    for part in parts:
        figures = report[part] = measure_delivery(part)
        print(
            f"{figures['count']:>10} {part:<8} {figures['seconds']:>8.2f} s, floor "
            f"{figures['floor_seconds']:.2f} s, ratio {figures['ratio']:.2f}",
            flush=True,
        )
    return report


def measure_delivery(part):
    """Deliver in a database of its own, filled for one kind of delivery."""
    name = stack.create_database(f"bench_{part}", template=ensure_installed())
    try:
        with stack.odoo_env(name) as env:
            # Odoo finds the module only from here on.
            from benching import deliveries, letters

            measures = {
                "email": deliveries.measure_emails,
                "phone": deliveries.measure_calls,
                "letter": letters.measure,
            }
            return measures[part](env)
    finally:
        stack.drop_database(name)


def measure_sizes(sizes):
    """Check fifty lines again, and send e-mails in batches of fifty, at each size in
    turn; print and return the figures by size."""
    ensure_installed()
    names = {}
    try:
        with ExitStack() as opened:
            envs = {}
            for size in sizes:
                name = f"bench_recheck_{size}"
                names[size] = stack.create_database(name, template="bench_model")
                env = opened.enter_context(stack.odoo_env(names[size], commit=False))
                from benching import sizes as measures

                measures.prepare(env, size)
                vacuum(env)
                envs[size] = env
            checks = measures.measure_checks(envs)
            mails = measures.measure_mails(envs)
            payments = measures.measure_payments(envs)
    finally:
        for name in names.values():
            stack.drop_database(name)
    for size in sizes:
        print(
            f"{size:>10} claims: check of 50 {checks[size]:.1f} ms, "
            f"e-mail {mails[size]:.2f} ms, payment x {payments[size]:.2f}",
            flush=True,
        )
    return {
        str(size): {
            "check_ms": checks[size],
            "email_ms": mails[size],
            "payment_ratio": payments[size],
        }
        for size in sizes
    }


def measure_accounting():
    """Print and return the queries and least seconds of acts of accounting: without the
    module, with it switched off and on."""
    bare = stack.create_database("bench_bare", template=stack.template())
    installed = stack.create_database("bench_live", template=ensure_installed())
    figures = {}
    try:
        with stack.odoo_env(bare) as env, stack.odoo_env(installed) as live_env:
            env["account.chart.template"].try_loading("generic_coa", env.company)
            from benching import accounting

            figures = accounting.compare(env, live_env)
    finally:
        stack.drop_database(bare)
        stack.drop_database(installed)
    for act, by_case in figures.items():
        for case, (queries, seconds) in by_case.items():
            print(f"{act:>18} {case:<8} {queries:>5} queries {seconds * 1000:>7.1f} ms")
    return figures


def measure_page():
    """Show the page of a customer with many open items; print and return its queries
    and times, and what became of twenty visitors at once."""
    name = stack.create_database("bench_page", template=ensure_installed())
    try:
        with stack.odoo_env(name) as env:
            from benching import page

            figures, paths = {"queries": {}}, {}
            for items in PAGE_ITEMS:
                delivery, path = page.fill(env, items)
                queries = page.count_queries(env, delivery, path.rpartition("/")[2])
                figures["queries"][str(items)], paths[items] = queries, path
            login = f"{page.LOGIN}-{items}"
        from benching import visitors

        with visitors.serve(name) as address:
            seconds, floor = visitors.compare(address, paths[items], login)
            answers = visitors.visit_together(address, paths[min(PAGE_ITEMS)])
    finally:
        stack.drop_database(name)
    figures |= {
        "seconds": round(seconds, 3),
        "floor_seconds": round(floor, 3),
        "ratio": round(seconds / floor, 2),
        "declarations_of_20_forms": answers,
    }
    print(
        f"{items:>10} page     {seconds:>8.3f} s, floor {floor:.3f} s, ratio "
        f"{figures['ratio']:.2f}, queries {figures['queries']}, "
        f"{answers} answer of {visitors.VISITORS} equal forms",
        flush=True,
    )
    return figures


def measure(size):
    """Fill a database with `size` open claims and measure both ways of planning."""
    name = stack.create_database(f"bench_{size}", template=ensure_installed())
    try:
        with stack.odoo_env(name) as env:
            # Odoo finds the module only from here on.
            from benching import floor, ledger

            ledger.fill(env, size, DAY)
            vacuum(env)
            return compare(
                env,
                lambda: floor.plan(env, DAY),
                lambda: len(env["dunning.planner"]._plan(env.company, DAY)),
                RUNS if size < FULL else RUNS_FULL,
            )
    finally:
        stack.drop_database(name)


def ensure_installed():
    """Return a database with the module and the generic chart of accounts."""
    if not stack.exists("bench_model"):
        stack.create_database("bench_model", template=stack.template())
        stack.install_module(stack.database("bench_model"))
        with stack.odoo_env(stack.database("bench_model")) as env:
            env["account.chart.template"].try_loading("generic_coa", env.company)
            env.cr.commit()
    else:
        stack.install_module(stack.database("bench_model"), update=True)
    return "bench_model"


def compare(env, run_floor, run_planner, runs):
    """Run floor and planner in turn, and check that both write the same rows."""
    floor_times, times = [], []
    for _run in range(runs):
        floor_times.append(timed(env, run_floor)[0])
        seconds, (actions, lines), queries = timed(env, run_planner)
        times.append(seconds)
    floor_rows = timed(env, run_floor)[1]
    if floor_rows != (actions, lines):
        raise SystemExit(f"error: the floor writes {floor_rows}, not {actions, lines}")
    seconds, floor_seconds = statistics.median(times), statistics.median(floor_times)
    return {
        "actions": actions,
        "lines": lines,
        "seconds": round(seconds, 3),
        "floor_seconds": round(floor_seconds, 3),
        "ratio": round(seconds / floor_seconds, 2),
        "queries": queries,
        "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def timed(env, run):
    """Return the seconds, the rows written and the queries of one run, rolled back."""
    env.invalidate_all()
    before = env.cr.sql_log_count
    start = time.perf_counter()
    actions = run()
    seconds = time.perf_counter() - start
    queries = env.cr.sql_log_count - before
    env.cr.execute("SELECT COUNT(*) FROM dunning_action_line WHERE state = 'open'")
    (lines,) = env.cr.fetchone()
    env.cr.rollback()
    vacuum(env)
    return seconds, (actions, lines), queries


def vacuum(env):
    """Give every run the same tables: no dead rows, fresh statistics."""
    connection = env.cr._cnx
    env.cr.commit()
    autocommit, connection.autocommit = connection.autocommit, True
    try:
        env.cr.execute("VACUUM ANALYZE")
    finally:
        connection.autocommit = autocommit


if __name__ == "__main__":
    main()
