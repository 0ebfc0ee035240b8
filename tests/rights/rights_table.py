import csv
from pathlib import Path

from .rights_world import ROLES

TABLE = Path(__file__).with_name("rights.csv")
# What a row may be about, and the letters that its cells may hold.
LETTERS = {
    "model": "rwcu",
    "field": "rw",
    "method": "x",
    "report": "x",
    "route": "x",
    "wizard": "x",
}


class TableError(Exception):
    """The table is not written as it should be."""


def read_table(path=TABLE):
    """Read the rights table.

    :return: {(kind, model, name): {role: set of letters}}, one per thing that is named
    :raise TableError: with the line and what is wrong with it
    """
    rights = {}
    with path.open(encoding="utf-8", newline="") as file:
        lines = [line for line in file if not line.startswith("#")]
    for row in csv.DictReader(lines):
        cells = {role: set((row[role] or "").strip()) for role in ROLES}
        allowed = set(LETTERS.get(row["kind"], ""))
        if not allowed or any(letters - allowed for letters in cells.values()):
            raise TableError(f"Unknown kind or letter: {row}")
        if None in row or None in row.values():
            raise TableError(f"Too many cells, or too few: {row}")
        for model in row["of"].split():
            for name in row["names"].split() or [""]:
                key = (row["kind"], model, name)
                if key in rights:
                    raise TableError(f"Named twice: {key}")
                rights[key] = cells
    return rights
