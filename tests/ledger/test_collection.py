from odoo import Command
from odoo.tests import tagged

from ..common import day
from ..planner.money_common import MoneyCommon


@tagged("post_install", "-at_install")
class TestCollection(MoneyCommon):
    """An invoice is to be paid by direct debit, so that the scenario leaves it alone,
    until the debit fails."""

    def setUp(self):
        super().setUp()
        journal = self.company_data["default_journal_bank"]
        self._create_direct_debit()
        lines = journal.inbound_payment_method_line_ids
        lines.payment_account_id = False
        self.debit = lines.filtered(lambda line: line.code == "dunning_debit")[:1]
        self.manual = lines.filtered(lambda line: line.code == "manual")[:1]
        self.claim = self._create_debited_claim()

    def _create_debited_claim(self):
        claim = self._create_claim(day("02-20"))
        claim.move_id.preferred_payment_method_line_id = self.debit
        return claim

    def _debit(self, claim=None, line=None):
        """Collect the invoice by a payment that waits for the bank."""
        invoice = (claim or self.claim).move_id
        return self._wait_for_bank(
            100.0,
            payment_method_line_id=(line or self.debit).id,
            invoice_ids=[Command.set(invoice.ids)],
        )

    def assertFailedOn(self, date):
        self.assertEqual(self.claim.dunning_collection_failed_date, date)

    def test_rejected_debit_is_followed_up(self):
        """The bank says no: from that day the invoice is chased, and Why? says so."""
        payment = self._debit()
        self.assertEqual(
            self._get_failed(self.claim), {"payment_method", "held", "net"}
        )
        payment.action_reject()
        self.assertFailedOn(self.TODAY)
        self.assertDue(self.claim)
        told = self.planner._tell(self._create_debited_claim(), self.TODAY)
        self.assertNotIn("failed", " ".join(told.values()))

    def test_why_tells_it(self):
        self._debit().action_reject()
        told = self.planner._tell(self.claim, self.TODAY)[self.claim]
        self.assertIn("payment failed on March 4, 2026", told)

    def test_cancelled_debit_is_followed_up(self):
        self._debit().action_cancel()
        self.assertFailedOn(self.TODAY)
        self.assertDue(self.claim)

    def test_cancelled_transfer_is_no_failed_collection(self):
        """A payment by hand that was entered by mistake: the debit is still to come."""
        self._debit(line=self.manual).action_cancel()
        self.assertFailedOn(False)
        self.assertEqual(self._get_failed(self.claim), {"payment_method"})

    def test_next_try_clears_it(self):
        """The debit is sent again: the invoice is left alone again."""
        self._debit().action_reject()
        again = self._debit()
        self.assertFailedOn(False)
        again.action_cancel()
        self.assertFailedOn(self.TODAY)

    def test_returned_debit_is_followed_up(self):
        """The bank's entry came, was matched, and came back: its receipt was matched
        with the return, and the customer is still on direct debit."""
        receipt = self._pay(self.claim, day("02-25"))
        returned = self._pay_out(100.0, day("03-02"), ref="Return AC04")
        receipt.remove_move_reconcile()
        self.assertFailedOn(False)
        (receipt | returned).reconcile()
        self.assertFailedOn(day("03-02"))
        self.assertDue(self.claim)

    def test_returned_debit_of_before_that_day(self):
        """Planned as of the day before: nothing had failed yet."""
        self.claim.sudo().dunning_collection_failed_date = day("03-04")
        self.assertEqual(self._get_failed(self.claim, day("03-03")), {"payment_method"})

    def test_advance_paid_back_is_no_failed_collection(self):
        """A payment was taken off the invoice, which is to be debited, and refunded
        by a payment of ours."""
        receipt = self._pay(self.claim, day("02-25"))
        receipt.remove_move_reconcile()
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.customer.id,
                "amount": 100.0,
                "payment_type": "outbound",
                "partner_type": "customer",
                "date": day("03-02"),
                "journal_id": self.outbound_payment_method_line.journal_id.id,
                "payment_method_line_id": self.outbound_payment_method_line.id,
            }
        )
        payment.action_post()
        (receipt | self._get_claims(payment.move_id)).reconcile()
        self.assertFailedOn(False)

    def test_only_the_instalment_that_was_debited_failed(self):
        """Two instalments, the debit was for the first."""
        first, second = self._create_instalments(day("01-20"), 30, 90)
        first.move_id.preferred_payment_method_line_id = self.debit
        self._debit(first).action_reject()
        self.assertEqual(first.dunning_collection_failed_date, self.TODAY)
        self.assertFalse(second.dunning_collection_failed_date)
