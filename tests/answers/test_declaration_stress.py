from odoo import Command
from odoo.tests import tagged

from ..common import day
from .declaration_common import DeclarationCommon


@tagged("post_install", "-at_install")
class TestDeclarationStress(DeclarationCommon):
    """Other currencies, edited invoices, branches: what happens in real ledgers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.franc = cls.setup_other_currency("CHF", rates=[("1900-01-01", 2.0)])

    def _edit(self, claim, amount, *days):
        """Give the invoice of a claim another amount, in equal instalments; return
        their items."""
        invoice = claim.move_id
        invoice.button_draft()
        invoice.invoice_line_ids = [
            Command.clear(),
            Command.create(
                self._prepare_invoice_line(price_unit=amount, tax_ids=[])[2]
            ),
        ]
        if days:
            lines = [
                Command.create(
                    {
                        "value": "percent",
                        "value_amount": 100 / len(days),
                        "nb_days": number,
                    }
                )
                for number in days
            ]
            term = self.env["account.payment.term"]
            term = term.create({"name": "Other terms", "line_ids": lines})
            invoice.invoice_payment_term_id = term
        invoice.action_post()
        return self._get_claims(invoice)

    def _get_held(self, claim, on=None):
        """Return what is asked for of a claim on a day."""
        lines = self._plan(on).line_ids.filtered(lambda line: line.state == "open")
        asked = lines.filtered(lambda line: line.move_line_id == claim)
        return claim.amount_residual - sum(asked.mapped("amount_chased"))

    # ---- currencies ------------------------------------------------------------------

    def test_promise_in_the_currency_of_the_invoice(self):
        """200 francs, worth 100: 150 are promised, 60 come before the decision."""
        claim = self._create_claim(day("02-20"), 200, currency_id=self.franc.id)
        declared = self._announce(150, day("03-12"), claim)
        self.assertEqual((declared.currency_id, declared.amount), (self.franc, 150))
        self.assertEqual(declared.line_ids.amount, 75)
        self._pay(claim, day("03-05"), 30)  # in company currency
        self._decide(declared, on=day("03-06"))
        promise = declared.promise_ids
        self.assertEqual((promise.currency_id, promise.amount), (self.franc, 150))
        self.assertEqual(promise.amount_paid, 60)
        self.assertEqual(self._get_held(claim, day("03-06")), 45)

    def test_problem_in_the_currency_of_the_invoice(self):
        claim = self._create_claim(day("02-20"), 200, currency_id=self.franc.id)
        declared = self._object(claim, amounts={claim: 50})
        self.assertEqual(self._get_held(claim), 25)
        self._decide(declared)
        self.assertEqual(declared.dispute_ids.amount, 25)

    def test_payment_of_two_currencies(self):
        """*Paid* may be said of all at once; its amount is the company's."""
        foreign = self._create_claim(day("02-20"), 200, currency_id=self.franc.id)
        own = self._create_claim(day("02-21"), 40)
        declared = self._report_paid(foreign, own)
        self.assertEqual(declared.currency_id, self.company.currency_id)
        self.assertEqual(declared.amount, 140)
        self._decide(declared)
        self.assertEqual(declared.nonpayment_ids.move_line_id, foreign + own)

    # ---- edited invoices -------------------------------------------------------------

    def test_invoice_is_split_meanwhile(self):
        """Two instalments instead of one: both are declared, and held as long."""
        claim = self._create_claim(day("02-20"), 100)
        declared = self._announce(100, day("03-12"), claim)
        first, second = self._edit(claim, 100, 0, 8)
        lines = declared.line_ids
        self.assertEqual(lines.move_line_id, first + second)
        self.assertEqual(lines.mapped("amount"), [50, 50])
        self.assertEqual(set(lines.mapped("held_until")), {day("03-08")})
        self._decide(declared)
        self.assertEqual(declared.promise_ids.amount, 100)

    def test_invoice_is_corrected_meanwhile(self):
        """100 become 80, of which 50 are promised: 50 are held, 30 are asked for."""
        claim = self._create_claim(day("02-20"), 100)
        declared = self._announce(50, day("03-12"), claim)
        (claim,) = self._edit(claim, 80)
        self._decide(declared)
        self.assertEqual(self._get_held(claim), 50)

    def test_promise_is_more_than_the_corrected_invoice(self):
        claim = self._create_claim(day("02-20"), 100)
        declared = self._announce(100, day("03-12"), claim)
        (claim,) = self._edit(claim, 80)
        self.assertEqual(declared.amount, 80)
        self._decide(declared)
        self.assertEqual(declared.promise_ids.amount, 80)
        self.assertEqual(self._get_held(claim), 80)

    # ---- branches --------------------------------------------------------------------

    def test_branch_decides_by_the_settings_of_its_parent(self):
        self.company.dunning_declaration_days = 3
        branch = self.env["res.company"].create(
            {"name": "North", "parent_id": self.company.id}
        )
        expiry = self.declarations._get_expiry(branch, day("03-04"))
        self.assertEqual(expiry, day("03-06"))

    def test_ninety_days_ahead_after_five_broken_promises(self):
        """Neither by itself nor by a collector: a manager may."""
        self.company.dunning_is_promise_accepted = True
        claim = self._create_claim(day("02-20"), 100)
        for on in ("02-05", "02-08", "02-11", "02-14", "02-17"):
            promise = self._promise(
                100, day(on), claim, taken_date=day("02-02"), user=self.env.user
            )
            promise.sudo().write({"state": "broken", "judged_date": day(on)})
        declared = self._announce(100, day("06-02"), claim)
        self.assertEqual(declared.state, "new")
        shown = self._decide(declared + self._declare("question", text="Which day?"))
        self.assertEqual(declared.state, "new")
        self.assertIn("ask a collection manager", shown["params"]["message"])
