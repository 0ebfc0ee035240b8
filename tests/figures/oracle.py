"""Figures of a small ledger in plain Python: slow, and written from the definitions."""

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

INVOICED = {"invoice", "note"}
YEAR = timedelta(days=364)


@dataclass(eq=False)
class Item:
    """A receivable item; `kind`: invoice, entry, note, receipt, write_off, refund."""

    kind: str
    customer: str
    date: date
    due: date
    amount: Fraction  # signed
    matches: list = field(default_factory=list)  # (day, other item, amount above zero)

    def open_on(self, day):
        """Amount open at the end of a day, signed."""
        if self.date > day:
            return Fraction(0)
        matched = sum(amount for on, _other, amount in self.matches if on <= day)
        return self.amount - matched if self.amount > 0 else self.amount + matched

    @property
    def is_claim(self):
        return self.amount > 0 and self.kind != "refund"


def billed(items, first, last):
    return sum(
        item.amount
        for item in items
        if item.kind in INVOICED and first <= item.date <= last
    )


def position(items, day):
    """Return receivable, ages, credits, overdue net."""
    ages, credit = [Fraction(0)] * 5, Fraction(0)
    nets = defaultdict(Fraction)
    for item in items:
        amount, late = item.open_on(day), (day - item.due).days
        if amount < 0:
            credit += amount
            nets[item.customer] += amount
        else:
            place = sum(late > bound for bound in (0, 30, 60, 90))
            ages[place] += amount
            nets[item.customer] += amount if late > 0 else 0
    net = sum(amount for amount in nets.values() if amount > 0)
    return sum(ages) + credit, ages, credit, net


def count_back(items, day):
    left = position(items, day)[0]
    if left <= 0:
        return Fraction(0)
    known = [i.date for i in items if i.kind in INVOICED and i.date <= day]
    days, last = Fraction(0), day
    for _month in range(24):
        if not known or last < min(known):
            return None
        first = last.replace(day=1)
        amount, length = billed(items, first, last), (last - first).days + 1
        if 0 < amount and left < amount:
            return days + Fraction(left * length) / amount
        days += length
        if amount > 0:
            left -= amount
        if left == 0:
            return days
        last = first - timedelta(days=1)
    return None


def effectiveness(items, day):
    last = day
    if day.day != monthrange(day.year, day.month)[1]:
        last = day.replace(day=1) - timedelta(days=1)
    first = last.replace(day=1)
    before = position(items, first - timedelta(days=1))[0]
    after, _ages, _credit, net = position(items, last)
    asked = before + billed(items, first, last)
    return ratio((asked - after) * 100, asked - (after - net))


def ratio(numerator, denominator):
    return Fraction(numerator) / denominator if denominator > 0 else None


def speed(items, day):
    start = day - YEAR
    paid = late = to_pay = in_time = payable = Fraction(0)
    for item in items:
        if not item.is_claim or item.date > day:
            continue
        is_due = start <= item.due <= day
        payable += item.amount if is_due else 0
        for on, other, amount in item.matches:
            if on > day:
                continue
            if other.kind != "receipt":
                payable -= amount if is_due else 0
                continue
            in_time += amount if is_due and on <= item.due else 0
            if on >= start:
                paid += amount
                late += amount * (on - item.due).days
                to_pay += amount * (on - item.date).days
    return ratio(late, paid), ratio(to_pay, paid), ratio(in_time, payable)


def figures(items, day):
    """Return the figures of a day, exact, by name."""
    receivable, ages, credit, net = position(items, day)
    year = billed(items, day - YEAR, day)
    late, to_pay, within = speed(items, day)
    return {
        "receivable": receivable,
        "overdue": sum(ages[1:]),
        "not_due": ages[0],
        "credits": credit,
        "ages": ages,
        "overdue_net": net,
        "current": receivable - net,
        "billed_365": year,
        "dso_countback": count_back(items, day),
        "dso_year": ratio(receivable * 365, year),
        "dso_best": ratio((receivable - net) * 365, year),
        "days_delinquent": ratio(net * 365, year),
        "cei": effectiveness(items, day),
        "days_late": late,
        "days_to_pay": to_pay,
        "paid_within_term": within,
    }
