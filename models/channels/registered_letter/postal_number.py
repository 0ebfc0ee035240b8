"""Numbers of registered letters: La Poste's own, and those of international mail."""

import re

# 1A 123 456 7890 1: a digit, a letter, eleven digits.
FRENCH_NUMBER = re.compile(r"\d[A-Z]\d{11}")
# RR 123 456 785 FR (standard S10 of the Universal Postal Union).
S10_NUMBER = re.compile(r"[A-Z]{2}(\d{8})(\d)([A-Z]{2})")
S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def clean_number(text):
    """Return a number in its stored form: capitals and digits only.

    >>> clean_number(" 1a 123-456 7890.1 ")
    '1A12345678901'
    """
    return re.sub(r"[\s.\-]", "", text or "").upper()


def is_valid_number(number):
    """Return whether a cleaned number can be that of a registered letter.

    >>> is_valid_number("1A12345678901"), is_valid_number("RR473124829FR")
    (True, True)
    >>> is_valid_number("RR473124828FR")
    False
    """
    match = S10_NUMBER.fullmatch(number)
    if match:
        return int(match[2]) == get_check_digit(match[1])
    return bool(FRENCH_NUMBER.fullmatch(number))


def get_check_digit(serial):
    """Return the check digit of the eight digits of an S10 number.

    >>> get_check_digit("47312482")
    9
    """
    total = sum(
        weight * int(digit) for weight, digit in zip(S10_WEIGHTS, serial, strict=True)
    )
    return {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11)


def format_number(number):
    """Return a number in groups, as it is printed on the label.

    >>> format_number("1A12345678901"), format_number("RR473124829FR")
    ('1A 123 456 7890 1', 'RR 473 124 829 FR')
    """
    if FRENCH_NUMBER.fullmatch(number):
        cuts = (0, 2, 5, 8, 12, 13)
    elif S10_NUMBER.fullmatch(number):
        cuts = (0, 2, 5, 8, 11, 13)
    else:
        return number
    return " ".join(number[a:b] for a, b in zip(cuts, cuts[1:], strict=False))
