"""Play a history of invoices and payments, day by day, through the real planner and the
real deliveries, and list the actions performed.

The history is a CSV file; any error in it refuses it before anything is written. It is
loaded into a new company in a separate database, which can be looked at until the next
replay: `make shell DB=replay`.
"""

import argparse
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import stack
from devstack.base import LOCAL, ROOT, StackError, say
from replaying.history import HistoryError, read_history
from replaying.progress import Progress
from replaying.scenarios import MODULE, get_delivered, shorten

DATABASE = "replay"
# Days played after the last date of the history, unless given.
EPILOGUE = timedelta(days=60)


def parse(arguments):
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    add = parser.add_argument
    add("history", metavar="FILE.csv", type=Path)
    add(
        "--scenario",
        metavar="XMLID",
        type=shorten,
        default="dunning_scenario_standard",
        help="what all customers play; an external id without a dot is the module's own"
        " (default: %(default)s)",
    )
    add("--from", dest="start", metavar="DATE", type=to_day, help="first day")
    add("--to", dest="end", metavar="DATE", type=to_day, help="last day")
    add(
        "--out",
        metavar="ACTIONS.csv",
        type=Path,
        default=LOCAL / "replay" / "actions.csv",
        help="the list to write (default: .local/replay/actions.csv); the letters come"
        " beside it, as PDF",
    )
    _add_settings(add)
    return parser.parse_args(arguments)


def _add_settings(add):
    add("--no-pdf", action="store_true", help="do not print the letters")
    add(
        "--disputes",
        action="store_true",
        help="invoices that the history calls disputed are so from the day after their"
        " due date until they are settled",
    )
    add("--drop", action="store_true", help="drop the database in the end")
    add(
        "--spacing",
        type=int,
        default=0,
        metavar="DAYS",
        help="days between two contacts with a customer (default: no limit)",
    )
    add(
        "--minimum",
        type=float,
        default=0,
        metavar="AMOUNT",
        help="what a customer must owe to be chased (default: nothing)",
    )
    add(
        "--business-days",
        action="store_true",
        help="nothing becomes due on other days (default: every day is played)",
    )


def to_day(text):
    """Return a date written as YYYY-MM-DD."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not YYYY-MM-DD") from None


def check(options):
    """Return the invoices of the history, and complete the options.

    :raise HistoryError: with all errors in the file and the options
    """
    invoices, problems = [], []
    try:
        invoices = read_history(options.history)
    except HistoryError as error:
        problems += error.problems
    if options.scenario not in (known := get_delivered(ROOT)):
        names = ", ".join(known)
        problems.append(f"unknown scenario {options.scenario}; there are: {names}")
    if invoices:
        options.start = options.start or min(i.invoiced for i in invoices)
        options.end = options.end or _get_last_day(invoices) + EPILOGUE
    if options.start and options.end and options.start > options.end:
        problems.append(f"from {options.start} to {options.end}: the end comes first")
    if min(options.spacing, options.minimum) < 0:
        problems.append("neither the days of spacing nor the minimum can be negative")
    if options.out.is_dir():
        problems.append(f"{options.out} is a folder, not a file to write")
    if options.out.resolve() == options.history.resolve():
        problems.append("the list of actions would overwrite the history")
    if problems:
        raise HistoryError(problems)
    return invoices


def _get_last_day(invoices):
    return max(max(i.due, i.settled or i.due) for i in invoices)


def replay(options, invoices):
    """Make the database, play the history, write the results."""
    started = time.monotonic()
    stack.ensure()
    options.out.parent.mkdir(parents=True, exist_ok=True)
    say("installing the module in a database for the replay")
    db = stack.create_database(DATABASE, template=stack.template())
    stack.install_module(db, log="install-replay.log")
    with stack.odoo_env(db, log_level="warn") as env:
        summary = play(env, options, invoices)
    minutes, seconds = divmod(round(time.monotonic() - started), 60)
    print(f"{summary}\n{minutes} min {seconds:02} s. {options.out} is written.")
    if options.drop:
        stack.drop_database(DATABASE)
    else:
        print("The database is kept: make shell DB=replay")


def play(env, options, invoices):
    """Play the history in an empty database; return the report."""
    # Odoo can be imported only here.
    from replaying.desk import Desk
    from replaying.disputes import Disputes
    from replaying.ledger import Ledger, open_company
    from replaying.player import play_days
    from replaying.results import get_busiest_day, get_rows, get_table, write_rows

    start, end = options.start, options.end
    say("loading the history")
    env = open_company(env)
    scenario = env.ref(f"{MODULE}.{options.scenario}")
    desk = Desk(env, scenario, is_printing=not options.no_pdf)
    desk.configure(options.spacing, options.minimum, options.business_days)
    ledger = Ledger(env, invoices, start, end)
    disputes = Disputes(ledger, start) if options.disputes else None
    with Progress((end - start).days + 1) as progress:
        for day in play_days(ledger, desk, start, end, disputes):
            env.cr.commit()
            progress.advance(day)
    rows = get_rows(env.company)
    write_rows(rows, options.out)
    if desk.letters:
        print_letters(desk, options.out.with_name(f"{options.out.stem}-letters.pdf"))
    table = get_table(rows, scenario.step_ids.mapped("code"))
    return f"{table}\n\n{get_busiest_day(env.company)}"


def print_letters(desk, path):
    """Print the letters composed day by day, and merge them into one file."""
    say("printing the letters")
    with Progress(len(desk.letters)) as progress:
        for batch in desk.print_letters():
            desk.env.cr.commit()
            progress.advance("letters", len(batch))
    path.write_bytes(desk.bind_letters())


def main(arguments):
    """Run the command."""
    options = parse(arguments)
    try:
        invoices = check(options)
    except HistoryError as error:
        sys.exit(
            "\n".join([f"error: {options.history} is not replayed:", *error.problems])
        )
    replay(options, invoices)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except StackError as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
