"""What is wrong with a message, found in its words alone.

Plain Python, no model: texts and word lists come in, faults go out. Words are compared
whole, whatever their case, accents, gender and number. What was merged into a text
(names, numbers, amounts) is put aside first: a customer may be called anything.
"""

import re
import unicodedata
from collections import namedtuple
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import permutations

from babel import Locale, UnknownLocaleError
from lxml import html

# Stands for what was merged into a text.
MERGED = "\ufffc"
# A subject is seen whole up to here (S4-12).
SUBJECT_LENGTH = 78

Fault = namedtuple("Fault", ["code", "excerpt"])

# What is read of a message: `subject` is None where there is none, `body` is HTML;
# `merged`: values that were merged in; `day`: when it is sent; `deadline`: how it names
# the day it asks for, if it does; `is_request`: it has to ask for something, by a day.
Message = namedtuple(
    "Message",
    ["subject", "body", "merged", "lang", "day", "deadline", "is_request"],
    defaults=[(), "en", date.min, False, False],
)

BLOCKS = {"br", "div", "h1", "h2", "h3", "h4", "li", "p", "td", "th", "tr"}
# Drawn by the module from the ledger: nobody's words.
DRAWN = ("o_dunning_statement", "o_dunning_bank", "o_dunning_screen")
PLACEHOLDER = re.compile(
    r"\{\{|\}\}|<t\b|&lt;t\b|%\(\w+\)s|\[(?:…|[^\]\d]{1,40})\]"
    r"|\bX{3,}\b|\b(?:False|None)\b(?!\s+of\b)"
)
# Never beyond the next braces: texts may hold nothing but these.
INLINE = re.compile(r"\{\{(?:(?!\{\{).)*?\}\}", re.DOTALL)
SENTENCE_END = re.compile(r"(?<=[.?!;])\s+|\n+")
# D441-5; wherever it is no merged amount, it is the indemnity.
INDEMNITY = re.compile(r"\b40(?:[.,]00)?\s*(?:€|eur\b|euros?\b)|€\s*40\b")


def find_faults(message, words):
    """Return what is wrong with a message as it would be read.

    :param words: {kind: pattern}, see `compile_words`; kinds that are missing are not
        looked for
    :return: list of Fault, recovery costs aside, see `find_costs`
    """
    subject = _mask(message.subject or "", message.merged)
    body = _mask(get_words(message.body), message.merged)
    faults = find_subject_faults(subject, words, message.subject)
    if message.subject is not None and not message.subject.strip():
        faults.append(Fault("no_subject", ""))
    if not re.search(r"\w", body.replace(MERGED, "x")):
        faults.append(Fault("empty", ""))
        return faults
    faults += find_slips(f"{subject}\n{body}")
    if "<t " in (message.body or ""):
        faults.append(Fault("placeholder", "<t …>"))
    if message.is_request:
        faults += find_request_faults(message, body, words)
    return faults


def find_subject_faults(subject, words, shown):
    """Return the faults of a subject: forbidden words, words of a court, length.

    :param subject: without what was merged
    :param shown: as it is read, None: its length is not known
    """
    faults = []
    for kind in ("subject", "court"):
        if found := find_words(subject, words.get(kind)):
            faults.append(Fault(kind, found))
    if len(shown or "") > SUBJECT_LENGTH:
        faults.append(Fault("length", shown))
    return faults


def find_slips(text):
    """Return what a proof-reader would mark: exclamation marks, unfilled places."""
    faults = []
    for sentence in get_sentences(text):
        if "!" in sentence:
            faults.append(Fault("exclamation", sentence))
            break
    if found := PLACEHOLDER.search(text):
        faults.append(Fault("placeholder", found.group()))
    return faults


def find_request_faults(message, body, words):
    """Return the faults of a request: it asks one thing, by a day (S4-22..S4-26)."""
    faults = []
    if not has_deadline(body, message):
        faults.append(Fault("date", ""))
    requests = find_requests(body, words)
    if len(requests) > 1:
        faults.append(Fault("requests", " … ".join(requests)))
    return faults


def find_costs(text, words):
    """Return the sentence that asks for recovery costs, None: there is none.

    A sentence that leaves them to the creditor asks for nothing (CPCE L111-8), unless
    it names the amount of the indemnity.

    :param text: subject and body, without what was merged
    :param words: of all languages: a text may be written in another than its reader's
    """
    for sentence in get_sentences(text):
        if INDEMNITY.search(flatten(sentence)):
            return sentence
        names_costs = find_words(sentence, words.get("cost"))
        if names_costs and not find_words(sentence, words.get("borne")):
            return sentence
    return None


def find_costs_of(message, words):
    """Return the same of a message as it would be read."""
    own = f"{message.subject or ''}\n{get_words(message.body)}"
    return find_costs(_mask(own, message.merged), words)


def find_requests(text, words):
    """Return the sentences that ask for something, conditional ones left out.

    >>> words = {"request": compile_words(["please"]), "aside": compile_words(["if"])}
    >>> find_requests("Please pay. If you have paid, please forget it.", words)
    ['Please pay.']
    """
    return [
        sentence
        for sentence in get_sentences(text)
        if find_words(sentence, words.get("request"))
        and not find_words(sentence, words.get("aside"))
    ]


# ---- words ---------------------------------------------------------------------------


@lru_cache(maxsize=4096)  # messages have most sentences in common
def flatten(text):
    """Return text without accents, case, and characters that cannot be seen.

    >>> flatten("IMPAYÉE"), flatten("l’Œuvre")
    ('impayee', "l'œuvre")
    """
    if text.isascii():
        return text.lower()
    flat = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(
        char for char in flat if unicodedata.category(char) not in ("Mn", "Cf")
    ).casefold()


def compile_words(words):
    """Return the pattern that finds any of some words, None: there are none.

    >>> pattern = compile_words(["impayé", "last notice"])
    >>> [find_words(text, pattern) for text in ("Les IMPAYÉES", "Last  notice")]
    ['impayees', 'last notice']
    >>> find_words("Nimpayette", pattern)
    """
    flat = sorted({flatten(word).strip() for word in words} - {""}, key=len)
    if not flat:
        return None
    alternatives = "|".join(
        r"\s+".join(map(re.escape, word.split())) for word in reversed(flat)
    )
    return re.compile(rf"(?<!\w)(?:{alternatives})(?:es|s|e|x)?(?!\w)")


def find_words(text, pattern):
    """Return the first word of a pattern that stands in a text, None: there is none."""
    found = pattern and pattern.search(flatten(text))
    return " ".join(found.group().split()) if found else None


def _mask(text, merged):
    """Put aside in a text what was merged into it."""
    text = "\n".join(" ".join(line.split()) for line in text.splitlines())
    for value in sorted(filter(None, merged), key=len, reverse=True):
        value = " ".join(value.split())
        if value in text:  # compiling a pattern takes longer than looking
            text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", MERGED, text)
    return text


# ---- texts ---------------------------------------------------------------------------


def get_sentences(text):
    return [part.strip() for part in SENTENCE_END.split(text) if part.strip()]


def get_words(body):
    """Return the words of a message's HTML, block by block, without what the module
    draws from the ledger.

    >>> get_words("<p>Dear <b>Ann</b>,</p><p>Thank you.</p>")
    'Dear Ann,\\nThank you.'
    """
    if not body or not body.strip():
        return ""
    root = html.fragment_fromstring(body, create_parent="div")
    for name in DRAWN:
        for node in root.find_class(name):
            node.drop_tree()
    return _join(_get_parts(root))


def get_template_words(body):
    """Return the words that stand in a template itself, and those of them that are said
    to every reader, whatever the conditions.

    >>> get_template_words("<p>Dear <t t-out='a'/>, <t t-if='b'>pay</t></p>")[1]
    'Dear \ufffc,'
    """
    root = html.fragment_fromstring(body or "", create_parent="div")
    for node in root.xpath(".//*[@t-out or @t-esc or @t-field]"):
        tail, node.tail = node.tail, None
        for child in list(node):
            node.remove(child)
        node.text, node.tail = MERGED, tail
    everything = _join(_get_parts(root))
    for node in root.xpath(".//*[@t-if or @t-elif or @t-else]"):
        if node.getparent() is not None:
            node.drop_tree()
    return everything, _join(_get_parts(root))


def strip_inline(text):
    """Return the text of a template whose places are {{ … }}, put aside."""
    return INLINE.sub(MERGED, text or "")


def _get_parts(node):
    if not isinstance(node.tag, str) or node.tag in ("script", "style"):
        return []
    parts = [node.text or ""]
    for child in node:
        is_block = child.tag in BLOCKS
        parts += ["\n"] * is_block + _get_parts(child) + ["\n"] * is_block
        parts.append(child.tail or "")
    return parts


def _join(parts):
    # A line break of the source is a space, one of a block ends a sentence.
    text = "".join(
        part if part == "\n" else re.sub(r"\s+", " ", part) for part in parts
    )
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


# ---- dates ---------------------------------------------------------------------------


def has_deadline(text, message):
    """Tell whether a text names a day to come, in words or in figures.

    :param message: its `deadline` counts however it is written
    """
    if message.deadline and " ".join(message.deadline.split()) in text:
        return True
    return any(day > message.day for day in find_dates(text, message.lang, message.day))


def find_dates(text, lang, today):
    """Return the days that a text names; one without year is the nearest.

    >>> today = date(2026, 3, 4)
    >>> print(*find_dates("by March 11 or 12/03/2026", "en", today))
    2026-03-11 2026-03-12 2026-12-03
    >>> print(*find_dates("d’ici le 1er avril", "fr", today))
    2026-04-01
    """
    months = _get_months(lang)
    names = "|".join(map(re.escape, sorted(months, key=len, reverse=True)))
    flat = flatten(text)
    days = []
    for pattern in (
        rf"(?P<day>\d{{1,2}})(?:er|st|nd|rd|th|\.)?\s+(?:de\s+)?(?P<month>{names})"
        r"(?!\w),?(?:\s+(?:de\s+)?(?P<year>\d{4}))?",
        rf"(?<!\w)(?P<month>{names})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)"
        r"(?:,?\s+(?P<year>\d{4}))?",
    ):
        for found in re.finditer(pattern, flat) if names else ():
            month, year = months[found["month"]], found["year"]
            days += _get_days(int(found["day"]), month, year and int(year), today)
    for found in re.finditer(r"\b(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})\b", flat):
        days += _get_numeric_days(*map(int, found.groups()))
    return days


def _get_days(number, month, year, today):
    try:
        if year:
            return [date(year, month, number)]
        day = date(today.year, month, number)
    except ValueError:
        return []
    is_past = day < today - timedelta(days=182) and today.year < date.max.year
    return [day.replace(year=today.year + 1) if is_past and day.day < 29 else day]


def _get_numeric_days(first, second, third):
    """Return what three figures may mean, in the orders that are used."""
    if first > 31:
        orders = [(first, second, third)]
    else:
        year = third if third > 99 else 2000 + third
        orders = [(year, *order) for order in permutations((second, first))]
    days = set()
    for order in orders:
        try:
            days.add(date(*order))
        except ValueError:
            continue
    return sorted(days)


@cache
def _get_months(lang):
    """Return {name without accents: number} of the months, long and short."""
    try:
        locale = Locale.parse(lang, sep="_")
    except (UnknownLocaleError, ValueError):
        return {}
    forms = locale.months["format"], locale.months["stand-alone"]
    return {
        flatten(name).rstrip("."): number
        for form in forms
        for width in ("abbreviated", "wide")
        for number, name in form[width].items()
        if not name.isdigit()
    }
