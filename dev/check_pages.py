"""Check that paths, links and names of code in the pages exist.

Takes the names of all files of the repository. A path from the root of the repository
exists, and so does the target of a relative link. `code` in docs/ARCHITECTURE.md, be it
a model, a method or a list, occurs in the code.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAMED = "docs/ARCHITECTURE.md"
FOLDERS = (
    "controllers|data|demo|dev|docs|i18n|migrations|models|report|security|static|tests"
    "|views|wizard"
)
# A name with a placeholder, such as test_x.py or <code>, counts up to there.
PATH = re.compile(rf"(?<![\w./:-])(?:{FOLDERS})/[\w./-]*[\w/]")
LINK = re.compile(r"\]\((?![a-z]+:|/|#)([^)#\s]+)")
CODE = re.compile(r"`([A-Za-z_]\w*(?:\.\w+)*)`")
WORD = re.compile(r"\w+(?:\.\w+)*")
SOURCES = (".js", ".py", ".xml")


def check_paths(root, name, text):
    """Yield the paths and links of a page that lead nowhere."""
    for place, line in enumerate(text.splitlines(), 1):
        for path in PATH.findall(line):
            if not (root / path).exists():
                yield f"{name}:{place}: there is no {path}"
        for target in LINK.findall(line):
            if not (root / name).parent.joinpath(target).exists():
                yield f"{name}:{place}: the link to {target} leads nowhere"


def check_names(name, text, sources):
    """Yield the names in a page that are neither in the code nor a file.

    :param sources: {name: text} of the code
    """
    known = {Path(source).name for source in sources}
    for source in sources.values():
        words = set(WORD.findall(source))
        known.update(words, *(word.split(".") for word in words))
    for place, line in enumerate(text.splitlines(), 1):
        for word in CODE.findall(line):
            if word not in known:
                yield f"{name}:{place}: the code knows no {word}"


def problems(root, names):
    """Yield the problems of the pages of a tree, one line each."""
    sources = {
        name: (root / name).read_text(errors="replace")
        for name in names
        if name.endswith(SOURCES) and (root / name).is_file()
    }
    for name in names:
        if not name.endswith(".md") or not (root / name).is_file():
            continue
        text = (root / name).read_text()
        yield from check_paths(root, name, text)
        if name == NAMED:
            yield from check_names(name, text, sources)


if __name__ == "__main__":
    found = list(problems(ROOT, sys.argv[1:]))
    print("\n".join(found), end="\n" if found else "")
    sys.exit(bool(found))
