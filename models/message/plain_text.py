"""Plain-text part of an e-mail, for readers without HTML.

Odoo's own conversion runs the cells of a table together; here a row of the statement is
one line with a label for each figure, and a link follows its text.
"""

import re

from lxml import html

BLOCKS = {
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "li",
    "ol",
    "p",
    "table",
    "td",
    "th",
    "tr",
    "ul",
}
SKIPPED_TAGS = {"head", "script", "style", "title"}
# Separators between a label and its value, where not ": ".
COLONS = {"fr": " : "}


def to_plain_text(body):
    """Return the text of an e-mail's HTML, paragraphs apart, without empty lines.

    >>> to_plain_text("<p>Dear Ann,</p><p>See <a href='https://x.eu/1'>it</a>.</p>")
    'Dear Ann,\\n\\nSee it (https://x.eu/1).'
    """
    text = _get_text(html.fromstring(body))
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _get_text(node):
    if not isinstance(node.tag, str) or node.tag in SKIPPED_TAGS:
        return ""
    classes = (node.get("class") or "").split()
    if "o_dunning_screen" in classes:  # only makes sense on a screen
        return ""
    if "o_dunning_table" in classes:
        return f"\n\n{_get_statement(node)}\n\n"
    if "o_dunning_bank" in classes:
        return f"\n\n{_get_labelled_rows(node)}\n\n"
    if node.tag == "br":
        return "\n"
    if node.tag == "img":
        return node.get("alt") or ""
    return _get_framed(node, _get_content(node))


def _get_content(node):
    text = _collapse_spaces(node.text)
    for child in node:
        text += _get_text(child) + _collapse_spaces(child.tail)
    return text


def _get_framed(node, text):
    """Return a text in the form of its tag: paragraph, list item, link."""
    if node.tag == "li":
        return f"\n- {text.strip()}\n"
    if node.tag == "a":
        return _get_link(node, text)
    return f"\n\n{text}\n\n" if node.tag in BLOCKS else text


def _get_link(node, text):
    url = node.get("href") or ""
    if url.startswith("http") and url != text.strip():
        return f"{text} ({url})"
    return text


def _collapse_spaces(text):
    """Return text with HTML's white space: any run of it, non-breaking spaces included,
    is one space."""
    return re.sub(r"\s+", " ", text or "")


# ---- tables --------------------------------------------------------------------------


def _get_statement(table):
    """Return a line per row: its subject, then each figure with its heading."""
    colon = _get_colon(table)
    rows = [row.xpath("./td | ./th") for row in table.iter("tr")]
    headings = [_get_cell(cell) for cell in rows[0]] if rows else []
    lines = []
    for cells in rows[1:]:
        texts = [_get_cell(cell) for cell in cells]
        if len(texts) < len(headings):  # a total, its label spans several columns
            lines.append(colon.join(texts))
            continue
        named = zip(headings[1:], texts[1:], strict=True)
        figures = [f"{heading}{colon}{text}" for heading, text in named if text]
        lines.append("- " + " · ".join([texts[0], *figures]))
        lines += [link.get("href") for link in cells[0].iter("a")]
    return "\n".join(lines)


def _get_labelled_rows(table):
    rows = ([_get_cell(cell) for cell in row.iter("td")] for row in table.iter("tr"))
    return "\n".join(_get_colon(table).join(texts) for texts in rows)


def _get_colon(node):
    """Return the colon of the e-mail's language."""
    lang = next(iter(node.xpath("ancestor::*[@lang][1]/@lang")), "")
    return COLONS.get(lang, ": ")


def _get_cell(cell):
    """Return the text of a cell, with small print below it in brackets."""
    small = [_collapse_spaces(node.text_content()).strip() for node in cell.iter("div")]
    for node in list(cell.iter("div")):
        node.drop_tree()
    text = _collapse_spaces(cell.text_content()).strip()
    return f"{text} ({', '.join(small)})" if small else text
