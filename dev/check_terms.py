"""Check that translations keep code, tags and placeholders. Takes .po and .pot files.

Odoo translates all text between two tags as one term, with the markup inside it: a
`<span invisible="…">` among words goes to the translator, expression included, and one
no-break space in it keeps a screen from opening in that language.
"""

import collections
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import polib

ROOT = Path(__file__).resolve().parents[1]
# The attributes with text, as Odoo has them; all others are code.
WORDS = {
    "add-label",
    "alt",
    "aria-label",
    "aria-placeholder",
    "aria-roledescription",
    "aria-valuetext",
    "avg",
    "cancel-label",
    "confirm",
    "confirm-label",
    "confirm-title",
    "data-tooltip",
    "help",
    "label",
    "placeholder",
    "string",
    "sum",
    "title",
    "value_label",
}
# Presentation is never evaluated: it may stay in a term, unchanged.
LOOKS = {"aria-hidden", "class", "dir", "role", "style"}
# HTML does not close these.
VOID = re.compile(r"<(br|hr|img|input)\b([^<>]*?)/?>")
# Fields with code that Odoo used to translate as a whole.
CODE = "model:ir.actions.report,print_report_name:"
VIEW = "model_terms:ir.ui.view,"
PLACEHOLDER = re.compile(
    r"\{\{.*?\}\}"  # inline expressions of subjects and attributes
    r"|#\{.*?\}"
    r"|\$\{.*?\}"
    r"|%\(\w+\)[#0+-]*\d*(?:\.\d+)?[a-zA-Z]"
    r"|%[sdifr]"
    r"|%%",
    re.DOTALL,
)
QUOTE = re.compile("['\"]")
NAMED = re.compile(r"%\((\w+)\)[#0+-]*\d*(?:\.\d+)?([a-zA-Z])")


def _parse(term):
    """Return the fragment as a tree, None if it is not well-formed."""
    text = VOID.sub(r"<\1\2/>", term).replace("&nbsp;", "\N{NO-BREAK SPACE}")
    try:
        return ElementTree.fromstring(f"<term>{text}</term>")
    except ElementTree.ParseError:
        return None


def _get_skeleton(node):
    """Return the code of a fragment: tags, their nesting, their attributes."""
    code = {key: text for key, text in node.attrib.items() if key not in WORDS}
    return node.tag, code, [_get_skeleton(child) for child in node]


def _get_expressions(tree):
    """Return the attributes that a client or QWeb evaluates."""
    return [
        f'{key}="{text}"'
        for node in tree.iter()
        for key, text in node.attrib.items()
        if key not in WORDS | LOOKS
    ]


def _has_tags(term):
    return bool(re.search(r"<[a-zA-Z/!]", term))


def is_code(entry):
    """Return whether a term is an expression, to be kept unchanged."""
    return any(place.startswith(CODE) for place, _line in entry.occurrences)


def check_source(entry):
    """Yield text in code, and code in a term of a view: translators should see
    neither."""
    if is_code(entry):
        if QUOTE.search(entry.msgid):
            yield "words in code: let a method return them"
        if entry.msgstr not in ("", entry.msgid):
            yield "this is code: leave it as it is"
    tree = _parse(entry.msgid) if _has_tags(entry.msgid) else None
    if tree is None or not any(o[0].startswith(VIEW) for o in entry.occurrences):
        return
    for expression in _get_expressions(tree):
        yield (
            f"code in a term: {expression}: give it an element of its own that is no "
            "part of a sentence, or t-translation"
        )


def check_translation(entry):
    """Yield tags, code and placeholders that differ from the source."""
    source, translation = entry.msgid, entry.msgstr
    if _has_tags(source) and (tree := _parse(source)) is not None:
        translated = _parse(translation)
        if translated is None:
            yield "is not well-formed"
        elif _get_skeleton(tree) != _get_skeleton(translated):
            yield "tags or code differ from the source"
    elif _has_tags(translation) and not _has_tags(source):
        yield "has tags, its source has none"
    wanted, found = (PLACEHOLDER.findall(term) for term in (source, translation))
    if collections.Counter(wanted) != collections.Counter(found):
        yield f"placeholders {found}, the source has {wanted}"
    elif not _formats(source, translation):
        yield "cannot take the values of its source: write %% for a percent sign"


def _formats(source, translation):
    """Return whether the source's values fit into the translation."""
    values = {name: "x" if kind in "sr" else 1 for name, kind in NAMED.findall(source)}
    if not values:
        return True
    try:
        source % values
    except (TypeError, ValueError):
        return True  # a percent sign in plain text: nothing is filled in
    try:
        translation % values
    except (KeyError, TypeError, ValueError):
        return False
    return True


def check_file(path):
    """Yield the problems of the terms of a file: line, problem, beginning."""
    for entry in polib.pofile(str(path)):
        problems = [*check_source(entry)]
        if entry.msgstr and not entry.obsolete:
            problems += check_translation(entry)
        for problem in problems:
            yield entry.linenum, problem, entry.msgid[:60]


if __name__ == "__main__":
    found = [
        f"{name}:{line}: {problem}: {term!r}"
        for name in sys.argv[1:]
        for line, problem, term in check_file(ROOT / name)
    ]
    print("\n".join(found), end="\n" if found else "")
    sys.exit(bool(found))
