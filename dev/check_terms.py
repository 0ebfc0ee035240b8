"""What a translation may not touch: code, tags, placeholders. Takes .po and .pot files.

Odoo translates whatever stands between two tags as one term, with the markup inside it:
a `<span invisible="…">` among words goes to the translator, expression and all, and one
no-break space in it keeps a screen from opening in that language.
"""

import collections
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import polib

ROOT = Path(__file__).resolve().parents[1]
# The attributes that hold words, as Odoo has them; every other one is code.
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
# How a term looks needs no evaluation: it may stay in a term, unchanged.
LOOKS = {"aria-hidden", "class", "dir", "role", "style"}
# HTML does not close these.
VOID = re.compile(r"<(br|hr|img|input)\b([^<>]*?)/?>")
# These fields are code that Odoo has translated as a whole.
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
    """Return what is code of a fragment: tags, their nesting, their attributes."""
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
    """Tell whether a term is an expression, to be left as it is."""
    return any(place.startswith(CODE) for place, _line in entry.occurrences)


def check_source(entry):
    """No words in code, no code in a term of a view: nobody who translates has to
    know it."""
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
    """A translation has the tags, the code and the placeholders of its source."""
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
    """Tell whether the values that fit into the source fit into the translation."""
    values = {name: "x" if kind in "sr" else 1 for name, kind in NAMED.findall(source)}
    if not values:
        return True
    try:
        source % values
    except (TypeError, ValueError):
        return True  # a percent sign in plain words: nothing is filled in
    try:
        translation % values
    except (KeyError, TypeError, ValueError):
        return False
    return True


def check_file(path):
    """Yield what is wrong with the terms of a file: line, problem, beginning."""
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
