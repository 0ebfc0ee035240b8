"""Ledger as of a day: equal to plain Python at every day tried."""

import random
from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from odoo.addons.account_dunning_scenario.models.ledger.ledger_day import LedgerDay

from ..common import DunningCommon, day

SEEDS = 6
FIRST_DAY = day("01-05")
SPAN = 50
AMOUNTS = (50.0, 99.99, 100.0, 333.33)


@tagged("post_install", "-at_install")
class TestLedgerDay(DunningCommon):
    """What was open on a past day, whatever happened to it since."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create(
            {"name": "Branch", "parent_id": cls.company.id}
        )
        cls.euro = cls.setup_other_currency(
            "EUR",
            rates=[("2025-01-01", 2.0), ("2026-01-20", 1.7), ("2026-02-10", 2.3)],
        )
        cls.tree = cls.company | cls.branch

    def _read(self, on, partners=None, companies=None):
        """Return {item: amount open on a day in company currency}."""
        rows = LedgerDay(self.env, companies or self.tree, on, partners).fetch()
        self.assertEqual(len(rows), len({row["line_id"] for row in rows}))
        items = self.env["account.move.line"]
        return {items.browse(row["line_id"]): float(row["residual"]) for row in rows}

    # ---- stories ---------------------------------------------------------------------

    def test_paid_since(self):
        """Open on the day before its payment, not on the day itself."""
        claim = self._create_claim(day("02-10"), 300.0)
        self._pay(claim, day("02-20"), 100.0)
        self._pay(claim, day("03-02"))
        self.assertEqual(self._read(day("02-19")), {claim: 300.0})
        self.assertEqual(self._read(day("02-20")), {claim: 200.0})
        self.assertEqual(self._read(day("03-01")), {claim: 200.0})
        self.assertEqual(self._read(day("03-02")), {})

    def test_payment_before_it_was_matched(self):
        """An advance is the customer's credit until the invoice is there."""
        receipt = self._create_receipt(100.0, day("01-20"))
        claim = self._create_claim(day("03-01"), 100.0, date=day("02-01"))
        (claim | receipt).reconcile()
        self.assertEqual(self._read(day("01-31")), {receipt: -100.0})
        self.assertEqual(self._read(day("02-01")), {})

    def test_undone_matching_was_never_there(self):
        claim = self._create_claim(day("02-10"), 100.0)
        receipt = self._pay(claim, day("02-20"))
        receipt.remove_move_reconcile()
        self.assertEqual(self._read(day("02-25")), {claim: 100.0, receipt: -100.0})

    def test_revaluation_is_not_open(self):
        claim = self._create_claim(day("02-10"), 100.0)
        self._create_entry(
            25.0, day("02-01"), currency_id=self.euro.id, amount_currency=0.0
        )
        self.assertEqual(self._read(day("03-01")), {claim: 100.0})

    def test_days_of_a_foreign_claim(self):
        """Between two rates: open at the rate of its entry; no exchange difference
        stays."""
        claim = self._post_claim(
            day("02-05"), 170.0, currency_id=self.euro.id, date=day("01-06")
        )
        receipt = self._create_foreign(-170.0, day("02-20"), self.customer)
        (claim | receipt).reconcile()
        self.assertEqual(self._read(day("02-19")), {claim: 85.0})
        self.assertEqual(self._read(day("02-20")), {})
        (row,) = LedgerDay(self.env, self.tree, day("02-19")).fetch()
        self.assertEqual(float(row["residual_currency"]), 170.0)
        self.assertEqual(row["currency_id"], self.euro.id)

    def test_some_customers_only(self):
        other = self._create_customer("Bleu Marine")
        claim = self._create_claim(day("02-10"), 100.0)
        others = self._create_claim(day("02-10"), 70.0, customer=other)
        self._pay(others, day("02-20"))
        on = day("02-15")
        self.assertEqual(self._read(on, self.customer), {claim: 100.0})
        self.assertEqual(self._read(on, other), {others: 70.0})
        self.assertEqual(self._read(on, other.browse()), {})
        self.assertEqual(self._read(on, companies=self.branch), {})

    # ---- any ledger ------------------------------------------------------------------

    def test_equals_plain_python(self):
        """Random ledgers: back-dated, part and undone payments, credit notes,
        write-offs, two currencies, a branch."""
        seen = 0
        for seed in range(SEEDS):
            rng = random.Random(seed)
            with self.subTest(seed=seed):
                self._draw(rng)
                for on in range(0, SPAN + 25, 5):
                    seen += self._check(FIRST_DAY + timedelta(days=on))
        self.assertGreater(seen, 20 * SEEDS)

    def _check(self, on):
        expected = {}
        for item in self._search_items(on):
            partials = item.matched_debit_ids | item.matched_credit_ids
            left, left_currency = item.balance, item.amount_currency
            for partial in partials.filtered(lambda p: p.max_date <= on):
                if partial.debit_move_id == item:
                    left -= partial.amount
                    left_currency -= partial.debit_amount_currency
                else:
                    left += partial.amount
                    left_currency += partial.credit_amount_currency
            if round(left, 2) and round(left_currency, 2):
                expected[item] = (round(left, 2), round(left_currency, 2))
        rows = LedgerDay(self.env, self.tree, on).fetch()
        found = {
            self.env["account.move.line"].browse(row["line_id"]): (
                float(row["residual"]),
                float(row["residual_currency"]),
            )
            for row in rows
        }
        self.assertEqual(found, expected, f"open on {on}")
        return len(found)

    def _search_items(self, on):
        return self.env["account.move.line"].search(
            [
                ("company_id", "in", self.tree.ids),
                ("account_id.account_type", "=", "asset_receivable"),
                ("account_id.non_trade", "=", False),
                ("parent_state", "=", "posted"),
                ("partner_id", "!=", False),
                ("date", "<=", on),
            ]
        )

    def _draw(self, rng):
        """Post claims and offsets of a new customer, match some, undo some."""
        customer = self._create_customer(f"Customer {rng.random()}")
        items = {}
        for _number in range(14):
            company = rng.choice([self.company, self.company, self.branch])
            is_foreign = rng.random() < 0.4
            key = (company, is_foreign)
            items.setdefault(key, []).append(
                self._draw_item(rng, customer, company, is_foreign)
            )
        for group in items.values():
            self._match(rng, group)

    def _draw_item(self, rng, customer, company, is_foreign):
        on = FIRST_DAY + timedelta(days=rng.randrange(SPAN))
        amount = rng.choice(AMOUNTS) * rng.choice([1, 1, -1])
        if is_foreign:
            return self._create_foreign(amount, on, customer, company)
        if company == self.branch:
            return self._post(amount, on, customer, company)
        if amount > 0:
            due = on + timedelta(days=30)
            return self._create_claim(due, amount, customer=customer)
        create = rng.choice(
            [self._create_receipt, self._create_credit_note, self._write_off]
        )
        return create(-amount, on, customer)

    def _write_off(self, amount, on, customer):
        return self._post(-amount, on, customer, self.company)

    def _create_foreign(self, amount, on, customer, company=None):
        """Post an amount in the foreign currency at the rate of the day."""
        company = company or self.company
        balance = self.euro._convert(amount, company.currency_id, company, on)
        values = {"currency_id": self.euro.id, "amount_currency": amount}
        return self._post(balance, on, customer, company, **values)

    def _post(self, balance, on, customer, company, **values):
        data = self.company_data
        currency = {key: values[key] for key in values if key == "currency_id"}
        if "amount_currency" in values:
            currency["amount_currency"] = -values["amount_currency"]
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "company_id": company.id,
                "journal_id": data["default_journal_misc"].id,
                "date": on,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": data["default_account_receivable"].id,
                            "partner_id": customer.id,
                            "balance": balance,
                            **values,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": data["default_account_revenue"].id,
                            "balance": -balance,
                            **currency,
                        }
                    ),
                ],
            }
        )
        move.action_post()
        return self._get_claims(move)

    def _match(self, rng, items):
        """Match claims and offsets, and undo some of it."""
        claims = [item for item in items if item.balance > 0]
        offsets = [item for item in items if item.balance < 0]
        for offset in offsets:
            chosen = rng.sample(claims, min(len(claims), rng.choice([0, 1, 1, 2])))
            for claim in chosen:
                if not claim.reconciled and not offset.reconciled:
                    (claim | offset).reconcile()
            if rng.random() < 0.2:
                offset.remove_move_reconcile()
