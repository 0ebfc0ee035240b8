"""Compute the figures of a history of invoices and payments at the end of a day.

The history is the CSV file that `make replay` plays; any error in it refuses it before
anything is written. What is dated after the day is ignored. It is loaded into a new
company in a separate database, where nothing is followed up: `make shell DB=figures`.
"""

import argparse
import json
import sys
from pathlib import Path

import stack
from devstack.base import LOCAL, StackError, say
from replay import to_day
from replaying.history import HistoryError, read_history

DATABASE = "figures"


def parse(arguments):
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    add = parser.add_argument
    add("history", metavar="FILE.csv", type=Path)
    add("--at", metavar="DATE", type=to_day, required=True, help="day of the figures")
    add(
        "--out",
        metavar="F.json",
        type=Path,
        default=LOCAL / "figures.json",
        help="the file to write (default: .local/figures.json)",
    )
    add("--drop", action="store_true", help="drop the database in the end")
    return parser.parse_args(arguments)


def check(options):
    """Return the invoices of the history.

    :raise HistoryError: with all errors in the file and the options
    """
    invoices = read_history(options.history)
    if options.out.is_dir():
        raise HistoryError([f"{options.out} is a folder, not a file to write"])
    if options.out.resolve() == options.history.resolve():
        raise HistoryError(["the figures would overwrite the history"])
    return invoices


def compute(options, invoices):
    """Make the database, load the history, write the figures."""
    stack.ensure()
    options.out.parent.mkdir(parents=True, exist_ok=True)
    say("installing the module in a database for the figures")
    db = stack.create_database(DATABASE, template=stack.template())
    stack.install_module(db, log="install-figures.log")
    with stack.odoo_env(db, log_level="warn") as env:
        figures = load(env, options.at, invoices)
    options.out.write_text(json.dumps(figures, indent=2) + "\n")
    print(f"{options.out} is written.")
    if options.drop:
        stack.drop_database(DATABASE)


def load(env, day, invoices):
    """Load the history up to a day in an empty database; return its figures as text."""
    # Odoo can be imported only here.
    from replaying.figures import compute_figures
    from replaying.ledger import open_company

    say("loading the history")
    return compute_figures(open_company(env), day, invoices)


def main(arguments):
    """Run the command."""
    options = parse(arguments)
    try:
        invoices = check(options)
    except HistoryError as error:
        sys.exit("\n".join([f"error: {options.history} is not read:", *error.problems]))
    compute(options, invoices)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except StackError as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
