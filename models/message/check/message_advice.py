"""Advice on a message: what contradicts the facts, and what is hard to read.

Plain Python, no model. Nothing here stops a message: a person decides.
"""

import re
from collections import namedtuple
from decimal import Decimal

from .message_check import (
    Fault,
    find_dates,
    find_requests,
    find_words,
    get_sentences,
    get_words,
)

# What is known of a message: `amounts`: Decimals that it may ask for; `days_off`: next
# days on which nobody works at the reader's; `departments`: names that nobody greets;
# whether anything happened before, and whether the customer was contacted; `secrets`:
# what may not be said where others may listen, None where only the reader does.
Facts = namedtuple(
    "Facts",
    [
        "amounts",
        "days_off",
        "departments",
        "has_history",
        "has_contacts",
        "secrets",
    ],
    defaults=[(), (), (), False, False, None],
)

# Codes of the findings that are only advice: they stop nothing.
ADVICE = frozenset(
    {
        "amount",
        "day_off",
        "department",
        "history",
        "no_history",
        "paragraphs",
        "sentences",
        "spelling",
    }
)
MOST_WORDS = 25
MOST_LINES = 5
# Characters in a line of a letter.
LINE_LENGTH = 90
EXCERPT_LENGTH = 80
LONGEST_GREETING = 14  # words

NUMBER = r"\d{1,3}(?:[ .,'’]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,2})?(?!\d)"
SIGN = r"[€$£]|\b(?:EUR|USD|GBP|CHF|euros?|dollars?|pounds?)\b"
AMOUNT = re.compile(
    rf"(?<![\d.,])({NUMBER})\s*(?:{SIGN})|(?:{SIGN})\s*({NUMBER})", re.IGNORECASE
)


def find_advice(message, facts, words):
    """Return the faults of a message that contradict what is known, as Fault.

    :param message: Message
    :param facts: Facts
    :param words: {kind: pattern}, see `compile_words`
    """
    body = get_words(message.body)
    requests = find_requests(body, words)
    faults = [
        Fault("department", _shorten(line))
        for line in body.split("\n")[:1]
        if _greets_any(line, facts.departments)
    ]
    faults += [
        Fault("amount", _shorten(sentence))
        for sentence in requests
        if find_amounts(sentence) - set(facts.amounts)
    ]
    faults += [
        Fault("day_off", _shorten(sentence))
        for sentence in requests
        if _asks_for_day_off(sentence, message, facts.days_off)
    ]
    if facts.secrets is not None and tells_debt(body, facts.secrets):
        faults.append(Fault("overheard", _shorten(body)))
    return faults + _find_denials(body, facts, words)


def tells_debt(text, secrets):
    """Return whether a text names an amount or one of the secrets.

    >>> tells_debt("Please call us.", ["INV/1"]), tells_debt("See INV/1", ["INV/1"])
    (False, True)
    """
    return bool(find_amounts(text)) or any(name in text for name in secrets)


def _greets_any(line, names):
    if len(line.split()) > LONGEST_GREETING:
        return False
    return any(name.casefold() in line.casefold() for name in names)


def _asks_for_day_off(sentence, message, days_off):
    days = find_dates(sentence, message.lang, message.day)
    coming = [day for day in days if day > message.day]
    return bool(coming) and all(day in days_off for day in coming)


def _find_denials(body, facts, words):
    """Return the sentences that deny what happened, or tell what did not."""
    cases = (
        ("history", "denial", facts.has_history),
        ("no_history", "earlier", not facts.has_contacts),
    )
    return [
        Fault(code, _shorten(sentence))
        for code, kind, is_wrong in cases
        for sentence in get_sentences(body)
        if is_wrong and find_words(sentence, words.get(kind))
    ]


def find_amounts(text):
    """Return the amounts of money in a text, however they are written.

    >>> sorted(map(str, find_amounts("pay 1 320,00 € or $1,320.50, by 12 March")))
    ['1320.00', '1320.50']
    >>> find_amounts("invoice 2026/00012 of 3 March"), find_amounts("1.000 EUR")
    (set(), {Decimal('1000')})
    """
    plain = " ".join(text.split())
    return {parse_amount(before or after) for before, after in AMOUNT.findall(plain)}


def parse_amount(number):
    """Return a written number as Decimal: one or two digits after the last sign are
    decimals.

    >>> parse_amount("1.234,5"), parse_amount("12 345")
    (Decimal('1234.5'), Decimal('12345'))
    """
    whole, decimals = number, ""
    if found := re.search(r"[.,](\d{1,2})$", number):
        whole, decimals = number[: found.start()], found.group(1)
    return Decimal(re.sub(r"\D", "", whole) + (f".{decimals}" if decimals else ""))


def find_heavy_style(text):
    """Return what makes a text hard to read (S4-17..S4-19): long sentences, on average,
    and long paragraphs.

    :param text: see `get_words`

    >>> find_heavy_style("Please pay. Thank you.")
    []
    >>> [fault.code for fault in find_heavy_style("word " * 130)]
    ['sentences', 'paragraphs']
    """
    faults = []
    counts = {sentence: len(sentence.split()) for sentence in get_sentences(text)}
    if counts and sum(counts.values()) > MOST_WORDS * len(counts):
        faults.append(Fault("sentences", _shorten(max(counts, key=counts.get))))
    longest = max(text.split("\n"), key=len)
    if len(longest) > MOST_LINES * LINE_LENGTH:
        faults.append(Fault("paragraphs", _shorten(longest)))
    return faults


def _shorten(text):
    plain = " ".join(text.split())
    if len(plain) <= EXCERPT_LENGTH:
        return plain
    return plain[:EXCERPT_LENGTH].rsplit(" ", 1)[0] + "…"
