"""Days sales outstanding by the count-back method, in plain Python."""

from calendar import monthrange
from datetime import timedelta
from fractions import Fraction

MAX_MONTHS = 24


def count_back(receivable, billed, day):
    """Return the days sales outstanding: the days back over which as much was billed as
    is owed.

    :param receivable: what is owed at the end of `day`, exact
    :param billed: {first day of the month: amount billed in it up to `day`}, exact
    :param day: date
    :return: Fraction; None for *more than*: before the first month ever billed, or
        beyond 24 months

    >>> from datetime import date
    >>> billed = {date(2026, 2, 1): 100, date(2026, 3, 1): 40}
    >>> count_back(90, billed, date(2026, 3, 10))  # 10 days + 28 × 50 / 100
    Fraction(24, 1)
    >>> count_back(141, billed, date(2026, 3, 10))
    """
    left, days = Fraction(receivable), Fraction(0)
    month = day.replace(day=1)
    first = min(billed, default=None)
    for number in range(MAX_MONTHS):
        if left <= 0:
            return days
        if first is None or month < first:
            return None
        length = day.day if number == 0 else monthrange(month.year, month.month)[1]
        amount = billed.get(month, 0)
        if left < amount:
            return days + length * left / amount
        # A month of more credit notes than invoices leaves what is owed as it is.
        left -= max(amount, 0)
        days += length
        month = (month - timedelta(days=1)).replace(day=1)
    return days if left <= 0 else None
