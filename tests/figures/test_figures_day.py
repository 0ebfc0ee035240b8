"""Figures of any day: a table worked out by hand, random ledgers, other companies."""

import random
from datetime import timedelta
from fractions import Fraction

from odoo.tests import tagged

from ..common import day
from . import oracle
from .common import FiguresCommon

SEEDS = 6
DAYS_PER_SEED = 6


@tagged("post_install", "-at_install")
class TestFiguresDay(FiguresCommon):
    """What is owed and how fast it is paid, to the cent and to the fraction."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.borel = cls._create_customer("Borel")

    def _get_figures(self, on, **values):
        figures = self.env["dunning.figures"]._get_figures(self.company, on, **values)
        # The companies of tests are new: nothing else is in their books.
        return figures

    def test_hand_made_table(self):
        """Two customers in spring, worked out by hand."""
        january = self._invoice(1000, day("01-10"), day("02-09"))
        self._invoice(600, day("02-10"), day("03-12"))
        old = self._invoice(300, day("01-02"), day("01-20"), self.borel)
        note = self._note(100, day("03-02"), self.borel)
        receipt = self._receipt(400, day("02-19"))
        self._match(january, receipt)
        early = self._invoice(200, day("02-01"), day("03-01"), self.borel)
        self._match(early, self._receipt(200, day("02-21"), self.borel))
        figures = self._get_figures(day("03-10"))
        # Open: 600 + 600 − ; 600 due on 9 February is 29 days late, 300 49 days.
        self.assertEqual(
            {name: figures[name] for name in ("receivable", "credits", "ages")},
            {"receivable": 1400, "credits": -100, "ages": [600, 600, 300, 0, 0]},
        )
        self.assertEqual(figures["overdue"], 900)
        # Azur Interior 600, Borel 300 − 100.
        self.assertEqual(figures["overdue_net"], 800)
        self.assertEqual(figures["current"], 600)
        # Billed: January 1,300, February 800, March −100.
        self.assertEqual(figures["billed_365"], 2000)
        # March adds its 10 days, February 28 of 1,400 − 800; 600 of 1,300 in 31 days.
        self.assertEqual(figures["dso_countback"], 38 + Fraction(31 * 600, 1300))
        self.assertEqual(figures["dso_year"], Fraction(1400 * 365, 2000))
        self.assertEqual(figures["dso_best"], Fraction(600 * 365, 2000))
        self.assertEqual(figures["days_delinquent"], Fraction(800 * 365, 2000))
        # February: 1,300 at its start, 800 billed, 1,500 at its end, of which 600 due.
        self.assertEqual(figures["cei"], Fraction(1300 + 800 - 1500, 1500) * 100)
        # 400 ten days late after 40 days, 200 eight days early after 20 days.
        self.assertEqual(figures["days_late"], Fraction(400 * 10 - 200 * 8, 600))
        self.assertEqual(figures["days_to_pay"], Fraction(400 * 40 + 200 * 20, 600))
        # Due so far: 1,000, 300 and 200; 200 in time.
        self.assertEqual(figures["paid_within_term"], Fraction(200, 1500))
        # Set against the old claim, the credit note is what settled it.
        self._match(old, note)
        figures = self._get_figures(day("03-10"))
        self.assertEqual(figures["ages"], [600, 600, 200, 0, 0])
        self.assertEqual(figures["paid_within_term"], Fraction(200, 1400))

    def test_nothing_in_the_books(self):
        """Without a denominator there is no figure; nothing owed is zero days."""
        figures = self._get_figures(day("03-10"))
        self.assertEqual(figures["receivable"], 0)
        self.assertEqual(figures["dso_countback"], 0)
        for name in ("dso_year", "cei", "days_late", "days_to_pay", "paid_within_term"):
            self.assertIsNone(figures[name], name)

    def test_more_than(self):
        """An opening balance from before the first invoice: more than all months."""
        self._entry(500, day("01-15"), day("01-31"))
        self._invoice(100, day("02-10"), day("03-12"))
        self.assertIsNone(self._get_figures(day("02-28"))["dso_countback"])

    def test_customers(self):
        """The figures of one customer are those of a ledger of theirs alone."""
        self._invoice(1000, day("01-10"), day("02-09"))
        kept = self._invoice(300, day("01-02"), day("01-20"), self.borel)
        self._match(kept, self._receipt(120, day("01-30"), self.borel))
        figures = self._get_figures(day("03-04"), customers=self.borel)
        theirs = [item for item in self.items if item.customer == "Borel"]
        self.assertEqual(figures, oracle.figures(theirs, day("03-04")))
        self.assertEqual(figures["receivable"], 180)

    def test_other_company(self):
        """Another company's books count in none of the figures."""
        self._invoice(1000, day("01-10"), day("02-09"))
        other = self.setup_other_company()["company"]
        figures = self.env["dunning.figures"]._get_figures(other, day("03-04"))
        self.assertEqual((figures["receivable"], figures["billed_365"]), (0, 0))

    def test_undone_and_back_dated(self):
        """A figure of the past is that of the ledger as it stands now."""
        claim = self._invoice(1000, day("01-10"), day("02-09"))
        receipt = self._receipt(1000, day("02-20"))
        self._match(claim, receipt)
        self.assertEqual(self._get_figures(day("02-28"))["receivable"], 0)
        self.assertEqual(self._get_figures(day("02-19"))["receivable"], 1000)
        self._unmatch(claim)
        figures = self._get_figures(day("02-28"))
        self.assertEqual((figures["overdue"], figures["credits"]), (1000, -1000))
        self._invoice(50, day("01-05"), day("02-04"))
        self.assertEqual(self._get_figures(day("01-31"))["receivable"], 1050)

    def test_random_ledgers(self):
        """Odoo and plain Python agree on random ledgers, seed by seed."""
        for seed in range(SEEDS):
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                self.items, self.records = [], {}
                chance = random.Random(seed)
                self._fill(chance)
                for _number in range(DAYS_PER_SEED):
                    on = day("01-01") + timedelta(days=chance.randrange(-10, 500))
                    self.assertEqual(
                        self._get_figures(on), oracle.figures(self.items, on), on
                    )
                savepoint.rollback()
                self.env.invalidate_all(flush=False)

    def _fill(self, chance):
        """Post documents of some months, match some of them, undo one match."""

        def draw(first, last):
            return day("01-01") + timedelta(days=chance.randrange(first, last))

        debits, credit_items = [], []
        for _number in range(9):
            customer = chance.choice([self.customer, self.borel])
            on = draw(0, 150)
            due = on + timedelta(days=chance.choice([0, 14, 30, 45, 60]))
            post = chance.choice([self._invoice, self._invoice, self._entry])
            debits.append(post(chance.randrange(1, 99999) / 100, on, due, customer))
        for _number in range(9):
            customer = chance.choice([self.customer, self.borel])
            post = chance.choice(
                [self._receipt, self._receipt, self._note, self._write_off]
            )
            amount = chance.randrange(1, 99999) / 100
            credit_items.append(post(amount, draw(0, 220), customer))
        debits.append(self._refund(chance.randrange(1, 999) / 10, draw(100, 200)))
        for _number in range(24):
            debit, credit = chance.choice(debits), chance.choice(credit_items)
            if debit.customer == credit.customer:
                self._match(debit, credit)
        self._unmatch(chance.choice(debits))
