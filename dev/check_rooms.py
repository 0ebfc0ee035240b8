"""No file knows what its room may not know; takes the names of the files to check."""

import sys
from pathlib import Path

from rooming.walls import find

ROOT = Path(__file__).resolve().parents[1]


def main(arguments):
    """Print what is wrong and return whether something is."""
    names = [name for name in arguments if name.endswith((".py", ".xml"))]
    found = find({name: (ROOT / name).read_text() for name in names})
    for (name, what), lines in found.items():
        print(f"{name}:{','.join(map(str, lines))}: {what}")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
