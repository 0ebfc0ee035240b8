import json
from datetime import timedelta
from fractions import Fraction

from odoo import models
from odoo.tools import SQL

from ..ledger.ledger_books import LedgerBooks
from ..ledger.ledger_payments import YEAR, LedgerPayments
from ..setup.bounds import FIRST_DAY
from .countback import count_back
from .exact import divide

ZERO = Fraction(0)
ONE_DAY = timedelta(days=1)
DAYS_OF_YEAR = 365
# Last day late of each age but the last; before the first: not due.
AGES = (0, 30, 60, 90)


class DunningFigures(models.AbstractModel):
    """Compute the figures of companies at the end of any day, from the ledger as it
    stands now.

    The figures are exact fractions, in company currency, days or shares; None where
    there is no denominator. The companies are one, or a tree; `customers`
    (res.partner, commercial) are all if None. A caller checks the rights on them.
    """

    _name = "dunning.figures"
    _description = "Follow-Up Figures"

    def _get_figures(self, companies, day, customers=None):
        """Return all figures of a day by name.

        :return: dict; `ages` is a list of five amounts: not due, 1-30, 31-60, 61-90,
            91 and more days late
        """
        balances = self._get_balances(companies, day, customers)
        return {
            **balances,
            **self._get_outstanding(companies, day, balances, customers),
            "cei": self._get_effectiveness(companies, day, customers),
            **self._get_speed(companies, day, customers),
        }

    def _get_balances(self, companies, day, customers=None):
        """Return what is owed at the end of a day: receivable, overdue, not_due,
        credits, ages, overdue_net and current.

        Credits reduce what is overdue customer by customer, never below zero.
        """
        ledger = self._get_ledger(LedgerBooks, companies, day, customers)
        row = self._read_exact(ledger, self._get_balance_query(ledger))
        receivable, credit, overdue_net, *ages = row
        return {
            "receivable": receivable,
            "overdue": sum(ages[1:]),
            "not_due": ages[0],
            "credits": credit,
            "ages": ages,
            "overdue_net": overdue_net,
            "current": receivable - overdue_net,
        }

    def _get_balance_query(self, ledger):
        """Return the query of one row: receivable, credits, overdue net, ages."""
        late = SQL("(%s::date - due_date)", ledger.day)
        lowest = (None, *AGES)
        ages = [
            SQL(
                "SUM(residual) FILTER (WHERE residual > 0 AND %s)",
                self._is_between(late, lower, upper),
            )
            for lower, upper in zip(lowest, (*AGES, None), strict=True)
        ]
        names = [SQL.identifier(f"age_{number}") for number in range(len(ages))]
        return SQL(
            """SELECT SUM(total) AS total, SUM(credits) AS credits,
                      SUM(GREATEST(0, COALESCE(overdue, 0) + COALESCE(credits, 0)))
                          AS overdue_net, %(sums)s
                 FROM (SELECT SUM(residual) AS total,
                              SUM(residual) FILTER (WHERE residual < 0) AS credits,
                              SUM(residual) FILTER (
                                  WHERE residual > 0 AND %(late)s > 0) AS overdue,
                              %(ages)s
                         FROM (%(items)s) item
                        GROUP BY partner_id) customer""",
            sums=SQL(", ").join([SQL("SUM(%s) AS %s", name, name) for name in names]),
            late=late,
            ages=SQL(", ").join(
                [SQL("%s AS %s", *pair) for pair in zip(ages, names, strict=True)]
            ),
            items=ledger.open_items(),
        )

    def _is_between(self, days, lower, upper):
        """Return the SQL condition of days above `lower` and up to `upper`."""
        bounds = [SQL("TRUE")]
        if lower is not None:
            bounds.append(SQL("%s > %s", days, lower))
        if upper is not None:
            bounds.append(SQL("%s <= %s", days, upper))
        return SQL(" AND ").join(bounds)

    def _get_billed(self, companies, first, last, customers=None):
        """Return what was billed from one day to another, tax included."""
        ledger = self._get_ledger(LedgerBooks, companies, last, customers)
        query = SQL("SELECT SUM(balance) FROM (%s) billed", ledger.billed_items(first))
        return self._read_exact(ledger, query)[0]

    def _get_billed_months(self, companies, day, customers=None):
        """Return {first day of the month: amount billed in it}, up to a day."""
        ledger = self._get_ledger(LedgerBooks, companies, day, customers)
        ledger.flush()
        rows = self.env.execute_query(
            SQL(
                """SELECT date_trunc('month', billed.date)::date,
                          SUM(billed.balance)::text
                     FROM (%s) billed
                    GROUP BY 1""",
                ledger.billed_items(FIRST_DAY),
            )
        )
        return {month: Fraction(amount) for month, amount in rows}

    def _get_outstanding(self, companies, day, balances, customers=None):
        """Return the days sales outstanding: billed_365, dso_countback, dso_year,
        dso_best and days_delinquent; the last two add up to dso_year.

        :param balances: of `_get_balances` on the day
        """
        billed = self._get_billed(companies, day - YEAR, day, customers)
        months = self._get_billed_months(companies, day, customers)
        return {
            "billed_365": billed,
            "dso_countback": count_back(balances["receivable"], months, day),
            "dso_year": divide(balances["receivable"] * DAYS_OF_YEAR, billed),
            "dso_best": divide(balances["current"] * DAYS_OF_YEAR, billed),
            "days_delinquent": divide(balances["overdue_net"] * DAYS_OF_YEAR, billed),
        }

    def _get_effectiveness(self, companies, day, customers=None):
        """Return the collective effectiveness in percent of the last month over by the
        end of a day."""
        following = day + ONE_DAY
        last = following.replace(day=1) - ONE_DAY
        first = last.replace(day=1)
        opening = self._get_balances(companies, first - ONE_DAY, customers)
        closing = self._get_balances(companies, last, customers)
        asked = opening["receivable"] + self._get_billed(
            companies, first, last, customers
        )
        return divide((asked - closing["receivable"]) * 100, asked - closing["current"])

    def _get_speed(self, companies, day, customers=None):
        """Return how fast customers pay, over the year that ends on a day: days_late,
        days_to_pay (means weighted by amount) and paid_within_term (a share)."""
        ledger = self._get_ledger(LedgerPayments, companies, day, customers)
        amount, late, to_pay = self._read_exact(ledger, ledger.weights())
        in_time, payable = self._read_exact(ledger, ledger.within_term())
        return {
            "days_late": divide(late, amount),
            "days_to_pay": divide(to_pay, amount),
            "paid_within_term": divide(in_time, payable),
        }

    def _get_ledger(self, kind, companies, day, customers):
        return kind(self.env, companies, day, customers)

    def _read_exact(self, ledger, query):
        """Return the numbers of a query's only row as fractions; nothing is zero."""
        ledger.flush()
        # As text: Odoo reads numbers with a decimal point as floats.
        ((text,),) = self.env.execute_query(
            SQL("SELECT to_json(figures)::text FROM (%s) figures", query)
        )
        numbers = json.loads(text, parse_float=Fraction, parse_int=Fraction)
        return [number or ZERO for number in numbers.values()]
