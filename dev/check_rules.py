"""Check that cited numbers lead to docs/RULES.md, and back.

Takes the names of all files of the repository. A citation is a number such as S1-19,
J5, P3 or C6. S-numbers are found everywhere; the short ones, which are ambiguous, in
docstrings and comments of Python, in comments of XML, and elsewhere in parentheses:
"(J5, P3)". A range such as S1-16..S1-22 cites all between its ends.
"""

import ast
import io
import re
import sys
import tokenize
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = "docs/RULES.md"
LONG = r"S\d-\d{2}"
SHORT = r"[JPC]\d{1,2}"
NUMBER = re.compile(rf"(?<![\w+/#])(?:{LONG}|{SHORT})(?!\w|-\d)")
S_NUMBER = re.compile(rf"(?<![\w+/#]){LONG}(?!\w|-\d)")
RANGE = re.compile(
    rf"({NUMBER.pattern})(?:\.\.|-|–|[\s#]+to[\s#]+)({NUMBER.pattern})", re.DOTALL
)
HALF_RANGE = re.compile(rf"{LONG}\.\.\d")
PARENTHESES = re.compile(r"\([^()]*\)")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
ROW = re.compile(rf"\| ({LONG}|{SHORT}) +\| (.*?) *\|")
# Texts of others, and generated ones.
LEFT_OUT = {"LICENSE", "RULES.md", "check_rules.py", "test_rules.py"}
TEXT = {".csv", ".css", ".js", ".md", ".py", ".scss", ".sql", ".xml", ".yml"}


def read_page(text):
    """Return {number: sentence} of the page's tables, and their problems."""
    rules, faults = {}, []
    for place, line in enumerate(text.splitlines(), 1):
        if row := ROW.fullmatch(line):
            number, sentence = row.groups()
            if number in rules:
                faults.append(f"{PAGE}:{place}: {number} stands there twice")
            if not sentence.endswith("."):
                faults.append(f"{PAGE}:{place}: {number} has no whole sentence")
            rules[number] = sentence
    for number in sorted(set(NUMBER.findall(text)) - set(rules)):
        faults.append(f"{PAGE}: names {number}, which has no sentence")
    return rules, faults


def find_citations(name, text):
    """Yield (line, number) for each citation of a file, ranges number by number."""
    for first, part in _get_parts(name, text):
        for start, number in _find_numbers(part):
            yield first + part.count("\n", 0, start), number


def _get_parts(name, text):
    """Yield (first line, text) for each part that may cite something."""
    if name.endswith(".py"):
        yield from _get_python_parts(text)
    elif name.endswith(".xml"):
        for match in COMMENT.finditer(text):
            yield text.count("\n", 0, match.start()) + 1, match[0]
    else:
        yield 1, _keep_certain(text)


def _get_python_parts(text):
    comments, before = [], 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT:
            continue
        # A sentence continues in the next line.
        if comments and token.start[0] == before + 1:
            comments[-1][1] += f"\n{token.string}"
        else:
            comments.append([token.start[0], token.string])
        before = token.start[0]
    yield from comments
    tree = ast.parse(text)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body
        if isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            value = node.value
            yield node.lineno, value if id(node) in docs else _keep_certain(value)


def _keep_certain(text):
    """Blank out false citations: short numbers without parentheses."""
    kept = [match.span() for match in PARENTHESES.finditer(text)]
    kept += [match.span() for match in S_NUMBER.finditer(text)]
    result = [char if char == "\n" else " " for char in text]
    for start, end in kept:
        result[start:end] = text[start:end]
    return "".join(result)


def _find_numbers(text):
    """Yield (offset, number), those inside ranges too."""
    for match in NUMBER.finditer(text):
        yield match.start(), match[0]
    for match in RANGE.finditer(text):
        (letter, first), (last_letter, last) = map(_split, match.groups())
        if letter == last_letter:
            for number in range(first + 1, last):
                width = 2 if letter.startswith("S") else 1
                yield match.start(), f"{letter}{number:0{width}}"


def _split(number):
    """Return the list's prefix and the number in it: ("S1-", 19)."""
    letter = number[:3] if number.startswith("S") else number[0]
    return letter, int(number.removeprefix(letter))


def problems(root, names):
    """Yield the mismatches between a tree and its page, one line each."""
    page = root / PAGE
    if not page.is_file():
        yield f"{PAGE}: is missing"
        return
    rules, faults = read_page(page.read_text())
    yield from faults
    cited = set()
    for name in names:
        path = root / name
        if path.name in LEFT_OUT or path.suffix not in TEXT or not path.is_file():
            continue
        text = path.read_text(errors="replace")
        for match in HALF_RANGE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            yield f"{name}:{line}: {match[0]}…: write both ends of the range in full"
        for line, number in find_citations(name, text):
            cited.add(number)
            if number not in rules:
                yield f"{name}:{line}: {number} has no sentence in {PAGE}"
    for number in rules:
        if number not in cited:
            yield f"{PAGE}: {number} is cited nowhere: take it out"


if __name__ == "__main__":
    found = list(problems(ROOT, sys.argv[1:]))
    print("\n".join(found), end="\n" if found else "")
    sys.exit(bool(found))
