"""Measure the planner side by side with the bare statement that it cannot do without.

    make bench [BENCH=full]

For each size a database is filled with generated data; planner and floor run in turn,
each in a transaction that is rolled back, medians are kept. The result is printed as a
table and written to .local/bench.json.
"""

import argparse
import json
import resource
import statistics
import time
from datetime import date

import stack
from devstack.base import LOCAL

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
    options = parser.parse_args()
    stack.ensure()
    sizes = options.sizes or [*SIZES, *([FULL] if options.full else [])]
    report = {"plan": {}}
    print(
        f"{'claims':>10} {'actions':>8} {'lines':>8} {'seconds':>8} {'floor':>8} "
        f"{'ratio':>6} {'queries':>8} {'MB':>6}"
    )
    for size in sizes:
        figures = measure(size)
        report["plan"][str(size)] = figures
        print(
            f"{size:>10} {figures['actions']:>8} {figures['lines']:>8} "
            f"{figures['seconds']:>8.2f} {figures['floor_seconds']:>8.2f} "
            f"{figures['ratio']:>6.2f} {figures['queries']:>8} "
            f"{figures['rss_mb']:>6.0f}",
            flush=True,
        )
    path = LOCAL / "bench.json"
    path.write_text(json.dumps(report, indent=2) + "\n")
    print(f"written to {path}")


def measure(size):
    """Fill a database with `size` open claims and measure both ways of planning."""
    name = stack.create_database(f"bench_{size}", template=ensure_installed())
    try:
        with stack.odoo_env(name) as env:
            # Odoo finds the module now, not before.
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
    """Return a database with the module, French chart of accounts aside: generic."""
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
    """Run floor and planner in turn; both have to write the same rows."""
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
    """Leave every run the same tables: no dead rows, fresh statistics."""
    connection = env.cr._cnx
    env.cr.commit()
    autocommit, connection.autocommit = connection.autocommit, True
    try:
        env.cr.execute("VACUUM ANALYZE")
    finally:
        connection.autocommit = autocommit


if __name__ == "__main__":
    main()
