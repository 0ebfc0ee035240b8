"""Print the share of lines and branches that the tests cover, by room.

make coverage          runs the suite and prints the table
coverage_rooms.py FILE prints it from an existing report (JSON of coverage.py)
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import PurePath

from rooming.plan import MAY_KNOW

AIM = 90
KEYS = ("num_statements", "covered_lines", "num_branches", "covered_branches")


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("report", help="JSON report of coverage.py")
    with open(parser.parse_args(arguments).report, encoding="utf-8") as file:
        files = json.load(file)["files"]
    print(f"{'room':<14}{'lines':>8}{'covered':>9}{'branches':>10}{'covered':>9}")
    for room, sums in sorted(get_sums(files).items(), key=lambda row: row[0]):
        print(get_row(room, sums))
    return 0


def get_sums(files):
    """Return {room: sums of its files}; files outside of the rooms count by folder."""
    sums = {}
    for path, measured in files.items():
        sums.setdefault(get_room(path), Counter()).update(
            {key: measured["summary"].get(key, 0) for key in KEYS}
        )
    return sums


def get_room(path):
    """Return the room of a file, else its folder."""
    parts = PurePath(path).parts[:-1]
    return next((part for part in parts if part in MAY_KNOW), "/".join(parts) or "root")


def get_row(room, sums):
    lines = get_share(sums["covered_lines"], sums["num_statements"])
    branches = get_share(sums["covered_branches"], sums["num_branches"])
    low = "  below 90 %" if min(lines, branches) < AIM else ""
    return (
        f"{room:<14}{sums['num_statements']:>8}{lines:>7.1f} %"
        f"{sums['num_branches']:>10}{branches:>7.1f} %{low}"
    )


def get_share(covered, total):
    """Return the percentage, 100 if there is nothing to cover."""
    return 100 * covered / total if total else 100.0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
