"""No file knows what its room may not know; takes the names of the files to check.

What is found and not mended yet stands in `rooms_baseline.txt`, without the lines where
it is: more than that is refused, and so is a line that is mended. `--keep` writes down
what is found now; without the file nothing is forgiven.
"""

import sys
from pathlib import Path

from rooming.walls import compare, find

ROOT = Path(__file__).resolve().parents[1]
BASELINE = ROOT / "dev" / "rooms_baseline.txt"


def main(arguments):
    """Print what is wrong and return whether something is."""
    names = [name for name in arguments if name.endswith((".py", ".xml"))]
    found = find({name: (ROOT / name).read_text() for name in names})
    if "--keep" in arguments:
        lines = [f"{name}: {what}\n" for name, what in found]
        BASELINE.write_text("".join(lines))
    known = BASELINE.read_text().splitlines() if BASELINE.exists() else []
    wrong = [*compare(found, known)]
    print("\n".join(wrong), end="\n" if wrong else "")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
