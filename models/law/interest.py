"""Interest on late payment, in plain Python without models.

Rates, dates and amounts come in, pieces come out.
"""

from collections import namedtuple
from datetime import date, timedelta

DAYS_OF_YEAR = 365
ONE_DAY = timedelta(days=1)

Piece = namedtuple("Piece", ["date_from", "date_to", "days", "principal", "rate"])


def get_half_year(day):
    """Return the first day of the half-year of a day.

    >>> print(get_half_year(date(2026, 6, 30)), get_half_year(date(2026, 7, 1)))
    2026-01-01 2026-07-01
    """
    return date(day.year, 7 if day.month > 6 else 1, 1)


def get_next_half_year(start):
    """Return the first day of the half-year after the one that begins on `start`."""
    return date(start.year + (start.month > 6), 1 if start.month > 6 else 7, 1)


def get_pieces(start, end, principal, payments, get_rate):
    """Split the duration of a debt where its rate or its open amount changes.

    The day after `start` is the first that counts, `end` the last. What is paid on a
    day was still owed on that day (C. com. L441-10 II: from the day after the due date;
    on a delay over several half-years and after part payments, in pieces). A half-year
    with the rate of the one before makes no piece of its own: each is rounded.

    :param principal: owed on the first day
    :param payments: [(day, amount)], earliest first, all after `start`
    :param get_rate: returns the rate in percent of the half-year that begins on a day
    :return: list of Piece, without those in which nothing is owed

    >>> rates = {date(2026, 1, 1): 12.15, date(2026, 7, 1): 12.4}
    >>> start, end, paid = date(2026, 6, 20), date(2026, 7, 10), date(2026, 7, 5)
    >>> for piece in get_pieces(start, end, 100, [(paid, 40)], rates.get):
    ...     print(piece.date_from, piece.days, piece.principal, piece.rate)
    2026-06-21 10 100 12.15
    2026-07-01 5 100 12.4
    2026-07-06 5 60 12.4
    """
    pieces = []
    left = principal
    paid = dict.fromkeys((day for day, _amount in payments), 0)
    for day, amount in payments:
        paid[day] += amount
    last = start
    for cut in _get_cuts(start, end, paid):
        if left > 0:
            rate = get_rate(get_half_year(cut))
            days = (cut - last).days
            _add_piece(pieces, Piece(last + ONE_DAY, cut, days, left, rate))
        left -= paid.get(cut, 0)
        last = cut
    return pieces


def _add_piece(pieces, piece):
    """Add a piece to a list, or extend the last one if only its end differs."""
    last = pieces[-1] if pieces else None
    if (
        last
        and (last.principal, last.rate) == (piece.principal, piece.rate)
        and last.date_to + ONE_DAY == piece.date_from
    ):
        days = last.days + piece.days
        pieces[-1] = last._replace(date_to=piece.date_to, days=days)
    else:
        pieces.append(piece)


def _get_cuts(start, end, days):
    """Return the last days of the pieces: ends of half-years, payments, last day."""
    cuts = {day for day in days if start < day < end}
    half_year = get_next_half_year(get_half_year(start + ONE_DAY))
    while half_year <= end:
        cuts.add(half_year - ONE_DAY)
        half_year = get_next_half_year(half_year)
    return sorted(cuts | {end}) if end > start else []


def get_amount(piece):
    """Return the interest of a piece, not rounded: amount x rate x days / 365.

    >>> round(get_amount(Piece(None, None, 365, 100, 12.15)), 2)
    12.15
    """
    return piece.principal * piece.rate / 100 * piece.days / DAYS_OF_YEAR
