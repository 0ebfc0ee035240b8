"""Exact numbers and their text, in plain Python."""

from fractions import Fraction


def divide(numerator, denominator):
    """Return an exact quotient, None without a denominator above zero.

    >>> divide(1, 3)
    Fraction(1, 3)
    >>> divide(1, 0)
    """
    return Fraction(numerator) / denominator if denominator > 0 else None


def to_text(value, places):
    """Return a number rounded half up, away from zero; None stays None.

    :param value: Fraction or int, exact
    :param places: digits after the point

    >>> to_text(Fraction(1, 8), 2), to_text(Fraction(-1, 8), 2)
    ('0.13', '-0.13')
    >>> to_text(Fraction(-1, 1000), 2), to_text(7, 4)
    ('0.00', '7.0000')
    """
    if value is None:
        return None
    scaled = abs(Fraction(value)) * 10**places
    digits = int(scaled + Fraction(1, 2))
    sign = "-" if value < 0 and digits else ""
    whole, part = divmod(digits, 10**places)
    return f"{sign}{whole}.{part:0{places}d}"
