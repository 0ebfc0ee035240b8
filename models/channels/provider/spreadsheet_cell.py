"""Cells of files that people open as a spreadsheet: text in them is never a formula."""

import re
import unicodedata

FORMULA_SIGNS = "=+-@|%"
NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
# Sign that a spreadsheet hides, and that makes the rest text.
TEXT_MARK = "'"


def write_cell(value):
    """Return a value for a cell; text that a spreadsheet would calculate is marked.

    >>> write_cell("=1+1"), write_cell("Bleu"), write_cell(-3.5), write_cell("-3.5")
    ("'=1+1", 'Bleu', -3.5, '-3.5')
    """
    if not isinstance(value, str) or NUMBER.fullmatch(value):
        return value
    return TEXT_MARK + value if _begins_formula(value) else value


def read_cell(text):
    """Return the value of a cell without the mark that `write_cell` gave it.

    >>> read_cell("'=1+1"), read_cell("'t Hart")
    ('=1+1', "'t Hart")
    """
    is_marked = text.startswith(TEXT_MARK) and _begins_formula(text[1:])
    return text[1:] if is_marked else text


def _begins_formula(text):
    """Return whether the first visible sign begins a formula; invisible ones, such as
    tabs, are skipped as spreadsheets do, and wide signs count as narrow ones."""
    if text[:1] in ("\t", "\r", "\n"):
        return True
    for sign in text:
        if unicodedata.category(sign)[0] not in "ZC":
            return unicodedata.normalize("NFKC", sign)[:1] in tuple(FORMULA_SIGNS)
    return False
