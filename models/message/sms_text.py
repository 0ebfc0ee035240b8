"""Characters and parts of text messages (3GPP TS 23.038).

A message with only characters of the GSM alphabet holds 160, or 153 in each part of a
longer one; any other character makes the whole message UCS-2: 70, or 67.
"""

from collections import namedtuple

GSM_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Characters sent as two: the escape character, then the position in the second table.
GSM_EXTENSION = frozenset("\f^{}\\[~]|€")
GSM_LENGTHS = (160, 153)
UCS2_LENGTHS = (70, 67)
# Typographic characters and their plain forms: a single one would double the price.
PLAIN_CHARACTERS = str.maketrans(
    {
        "\N{NO-BREAK SPACE}": " ",
        "\N{NARROW NO-BREAK SPACE}": " ",
        "\N{THIN SPACE}": " ",
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}": '"',
        "\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}": '"',
        "\N{HYPHEN}": "-",
        "\N{NON-BREAKING HYPHEN}": "-",
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{MINUS SIGN}": "-",
        "\N{HORIZONTAL ELLIPSIS}": "...",
        "\N{TAB}": " ",
    }
    # French letters outside the alphabet.
    | dict(zip("âêîôûëïçÂÊÎÔÛÈÀÙ", "aeioueicAEIOUEAU", strict=True))
    | {"œ": "oe", "Œ": "OE"}
)

SmsSize = namedtuple("SmsSize", ["encoding", "length", "parts"])


def to_sms_text(text):
    """Return a text with plain spaces, quotation marks, dashes and French letters, and
    no space at the end of a line.

    >>> to_sms_text("1\N{NARROW NO-BREAK SPACE}250,00\N{NO-BREAK SPACE}€")
    '1 250,00 €'
    """
    lines = (text or "").translate(PLAIN_CHARACTERS).splitlines()
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def get_sms_size(text):
    """Return the size of a text message: encoding, length in its units, number of
    parts.

    A character of two units is never split between two parts.

    >>> get_sms_size("a" * 160)
    SmsSize(encoding='GSM-7', length=160, parts=1)
    >>> get_sms_size("a" * 159 + "€")
    SmsSize(encoding='GSM-7', length=161, parts=2)
    >>> get_sms_size("ê" * 71)
    SmsSize(encoding='UCS-2', length=71, parts=2)
    """
    is_gsm = all(sign in GSM_ALPHABET or sign in GSM_EXTENSION for sign in text)
    if is_gsm:
        encoding, (single, part) = "GSM-7", GSM_LENGTHS
        widths = [2 if sign in GSM_EXTENSION else 1 for sign in text]
    else:
        encoding, (single, part) = "UCS-2", UCS2_LENGTHS
        widths = [2 if ord(sign) > 0xFFFF else 1 for sign in text]
    length = sum(widths)
    if length <= single:
        return SmsSize(encoding, length, 1)
    parts, room = 1, part
    for width in widths:
        if width > room:
            parts, room = parts + 1, part
        room -= width
    return SmsSize(encoding, length, parts)
