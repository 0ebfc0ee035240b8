"""What a visitor sends from the customer's page, read with bounds. Plain Python, no
model: texts in, values and codes of problems out.
"""

import re
from collections import namedtuple
from dataclasses import dataclass, field
from datetime import date

MOST_ITEMS = 500
MOST_TERMS = 4
MOST_FILES = 5
LARGEST_FILE = 5 * 1024 * 1024
LONGEST_TEXT = 2000
LONGEST_LINE = 254
ID = re.compile(r"[0-9]{1,10}")
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
WRITTEN = re.compile(r"(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})")
NUMBER = re.compile(r"\d[\d\s.,'’]{0,20}")
LARGEST_ID = 2**31 - 1  # of PostgreSQL
# Beginning of the content of each kind of file that is taken, with its extension.
SIGNATURES = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
)
# What makes a PDF file act or carry other files.
ACTIVE_PDF = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|OpenAction|AA|XFA)\b"
)
LINES = (
    "kind",
    "means",
    "reference",
    "contact_name",
    "contact_email",
    "contact_phone",
    "author",
    "dispute_amount",
    "paid_date",
)
TEXTS = ("dispute_text", "question_text", "comment")

Term = namedtuple("Term", ["day", "amount"])


@dataclass
class PageForm:
    """What was sent: texts as typed, ids as numbers."""

    items: list = field(default_factory=list)
    is_sent: bool = False
    reason: int = 0
    promise: int = 0
    terms: list = field(default_factory=list)
    texts: dict = field(default_factory=dict)

    def get(self, name):
        return self.texts.get(name, "")


def read_form(params, get_list):
    """Return the PageForm of a request.

    :param params: {name: text}, files among them are ignored
    :param get_list: function that returns all texts of a name
    """
    form = PageForm(is_sent=True)
    form.items = [read_id(text) for text in get_list("i")[:MOST_ITEMS]]
    form.reason, form.promise = (
        read_id(read_text(params, name)) for name in ("reason", "promise")
    )
    form.terms = [
        Term(read_text(params, f"day{n}"), read_text(params, f"amount{n}"))
        for n in range(1, MOST_TERMS + 1)
    ]
    form.texts = {name: read_text(params, name) for name in LINES}
    form.texts |= {name: read_text(params, name, LONGEST_TEXT) for name in TEXTS}
    return form


def read_text(params, name, longest=LONGEST_LINE):
    """Return a text of a request, cut and without characters that nobody types.

    >>> read_text({"a": " x\\0y "}, "a"), read_text({"a": object()}, "a")
    ('xy', '')
    """
    text = params.get(name)
    if not isinstance(text, str):
        return ""
    kept = (char for char in text if char in "\n\t" or char.isprintable())
    return "".join(kept).strip()[:longest]


def read_id(text):
    """Return the id in a text; 0, which no record has, if it is invalid.

    >>> read_id("12"), read_id("-1"), read_id("9" * 10), read_id("x")
    (12, 0, 0, 0)
    """
    is_id = isinstance(text, str) and ID.fullmatch(text)
    return int(text) if is_id and int(text) <= LARGEST_ID else 0


def read_day(text, is_month_first=False):
    """Return the day in a text, None without one.

    :param is_month_first: whether days are written month first

    >>> days = read_day("2026-03-05"), read_day("5/3/2026"), read_day("3/5/2026", True)
    >>> print(*days)
    2026-03-05 2026-03-05 2026-03-05
    >>> read_day("31/02/2026"), read_day("tomorrow")
    (None, None)
    """
    if found := ISO.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := WRITTEN.fullmatch(text):
        day, month, year = map(int, found.groups())
        if is_month_first:
            day, month = month, day
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_amount(text):
    """Return the amount in a text, however it is written; None without one.

    >>> read_amount("1 234,50 €"), read_amount("1,234.50"), read_amount("1.234")
    (1234.5, 1234.5, 1234.0)
    >>> read_amount("12,5"), read_amount("ten"), read_amount("-3")
    (12.5, None, None)
    """
    found = NUMBER.search(text)
    if not found or "-" in text[: found.start()]:
        return None
    digits = re.sub(r"[\s'’]", "", found.group()).rstrip(".,")
    separator = max(".,", key=digits.rfind)
    whole, found_one, rest = digits.rpartition(separator)
    # Three digits follow what groups thousands; so does what stands twice.
    if not found_one or len(rest) == 3 or separator in whole:
        return float(re.sub(r"[.,]", "", digits))
    return float(re.sub(r"[.,]", "", whole) + "." + rest)


def get_extension(content):
    """Return the extension of a file that is taken, by its content; None for others: a
    file that can act, or whose kind is not known.

    >>> get_extension(b"%PDF-1.7 ..."), get_extension(b"%PDF-1.7 /JavaScript (x)")
    ('pdf', None)
    >>> get_extension(b"<svg onload='x'/>")
    """
    for signature, extension in SIGNATURES:
        if content.startswith(signature):
            is_active = extension == "pdf" and ACTIVE_PDF.search(content)
            return None if is_active else extension
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    return None
