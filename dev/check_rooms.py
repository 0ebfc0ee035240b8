"""Check that no file uses rooms above its own; takes the names of the files."""

import sys
from pathlib import Path

from rooming.walls import find

ROOT = Path(__file__).resolve().parents[1]


def main(arguments):
    """Print the problems and return whether there are any."""
    names = [name for name in arguments if name.endswith((".py", ".xml"))]
    found = find({name: (ROOT / name).read_text() for name in names})
    for (name, what), lines in found.items():
        print(f"{name}:{','.join(map(str, lines))}: {what}")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
