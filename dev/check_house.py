"""Check rules of the project that no linter knows; takes the names of the files."""

import ast
import collections
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import polib

ROOT = Path(__file__).resolve().parents[1]
LONGEST_FILE = 400
LONGEST_METHOD = 40
# Put together here, so that this file does not name what it forbids.
REGISTRIES = re.compile(
    r"\b(?:pypi|pythonhosted|npmjs|yarnpkg|(?:deb|ftp|security|snapshot)\.debian)"
    r"\.(?:org|com|io|net)\b",
    re.IGNORECASE,
)
MACHINE_PATH = re.compile(r"(?<![\w.~$}])/(?:home|root|work|Users)/\w")
TEXT = {".py", ".xml", ".csv", ".js", ".md", ".cjs", ".yml", ".ini", ".toml", ".txt"}
TEXT |= {".json", ".scss", ".po", ".pot", ".html", ".sh", ""}


def check_text(name, text):
    """Yield names of registries and paths of one machine: both fail on another one."""
    for number, line in enumerate(text.splitlines(), 1):
        if REGISTRIES.search(line):
            yield f"{name}:{number}: names a package registry"
        if MACHINE_PATH.search(line) or (len(ROOT.parts) > 2 and str(ROOT) in line):
            yield f"{name}:{number}: holds an absolute path of one machine"


def check_lengths(name, text):
    """Yield files and methods that are too long to read at once."""
    count = text.count("\n")
    if count > LONGEST_FILE:
        yield f"{name}: {count} lines, more than {LONGEST_FILE}: split it"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = node.end_lineno - node.lineno + 1 - _text_lines(node)
            if length > LONGEST_METHOD:
                yield (
                    f"{name}:{node.lineno}: {node.name} has {length} lines, docstring"
                    f" and SQL not counted, more than {LONGEST_METHOD}"
                )


def check_marks(name, text):
    """Yield private methods of abstract models with `@api.model`, which only
    calls from outside need."""
    for model in ast.walk(ast.parse(text)):
        bases = map(ast.unparse, getattr(model, "bases", ()))
        if "models.AbstractModel" not in bases:
            continue
        for node in model.body:
            marks = map(ast.unparse, getattr(node, "decorator_list", ()))
            if "api.model" in marks and node.name.startswith("_"):
                yield f"{name}:{node.lineno}: {node.name} is private: no @api.model"


def _text_lines(function):
    """Return the number of lines that only continue a string: docstring, SQL."""
    constants = (n for n in ast.walk(function) if isinstance(n, ast.Constant))
    texts = (n for n in constants if isinstance(n.value, str))
    return sum(n.end_lineno - n.lineno for n in texts)


def check_translation(name):
    """Yield terms without a translation, or with a fuzzy one."""
    for entry in polib.pofile(str(ROOT / name)):
        if entry.obsolete:
            yield f"{name}:{entry.linenum}: obsolete: {entry.msgid[:60]!r}"
        elif entry.fuzzy or not entry.translated():
            kind = "fuzzy" if entry.fuzzy else "not translated"
            yield f"{name}:{entry.linenum}: {kind}: {entry.msgid[:60]!r}"


def check_xml_ids(names):
    """Yield duplicate XML ids: a second definition silently replaces the first."""
    places = collections.defaultdict(list)
    for name in names:
        try:
            tree = ElementTree.parse(ROOT / name)
        except ElementTree.ParseError as error:
            yield f"{name}: {error}"
            continue
        for node in tree.iter():
            if node.tag in ("record", "template", "menuitem") and node.get("id"):
                places[node.get("id")].append(name)
    for xml_id, files in places.items():
        if len(files) > 1:
            yield f"{files[-1]}: {xml_id} is defined in {', '.join(files)}"


def check_stories(names):
    """Yield tests that Odoo would not run: it imports those that tests/__init__.py
    names, each by its last name."""
    index = "tests/__init__.py"
    if index not in names:
        return
    known = {}
    for node in ast.parse((ROOT / index).read_text()).body:
        for alias in node.names if isinstance(node, ast.ImportFrom) else ():
            folder = f"tests/{(node.module or '').replace('.', '/')}".rstrip("/")
            if alias.name in known:
                yield f"{index}:{node.lineno}: a second {alias.name}: Odoo runs one"
            known[alias.name] = f"{folder}/{alias.name}.py"
    for name in names:
        if re.fullmatch(r"tests/(?:\w+/)*test_\w+\.py", name):
            if name not in known.values():
                yield f"{name}: {index} does not name it: Odoo would not run it"


def problems(names):
    """Yield the problems of the files, one line each."""
    yield from check_stories(names)
    for name in names:
        path = ROOT / name
        if path.suffix not in TEXT or name == "LICENSE":
            continue
        text = path.read_text(errors="replace")
        yield from check_text(name, text)
        if path.suffix == ".py" and not name.startswith("tests/"):
            yield from check_lengths(name, text)
            yield from check_marks(name, text)
        if path.suffix == ".po":
            yield from check_translation(name)
    folders = ("data/", "demo/", "report/", "security/", "views/", "wizard/")
    yield from check_xml_ids(
        [name for name in names if name.endswith(".xml") and name.startswith(folders)]
    )


if __name__ == "__main__":
    found = list(problems(sys.argv[1:]))
    print("\n".join(found), end="\n" if found else "")
    sys.exit(bool(found))
