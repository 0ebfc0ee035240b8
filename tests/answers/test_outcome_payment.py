from odoo.tests import tagged

from ..common import day
from ..delivery.common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestOutcomePayment(DeliveryCommon):
    """A payment is the answer to the actions that preceded it."""

    def _assert_outcome(self, action, outcome, on):
        self.assertEqual((action.outcome, action.outcome_date), (outcome, on))

    def test_payment_is_dated_on_all_actions_before_it(self):
        claim = self._create_late_claim()
        first = self._play(day("03-04"))
        second = self._play(day("03-12"))
        self._pay(claim, day("03-16"))
        for action in first | second:
            self._assert_outcome(action, "paid", day("03-16"))

    def test_part_payment(self):
        claim = self._create_late_claim(amount=100)
        action = self._play(day("03-04"))
        self._pay(claim, day("03-06"), amount=40)
        self._assert_outcome(action, "partly_paid", day("03-06"))
        self._pay(claim, day("03-09"), amount=60)
        self._assert_outcome(action, "paid", day("03-09"))

    def test_one_of_two_invoices(self):
        claim = self._create_late_claim()
        self._create_late_claim()
        action = self._play(day("03-04"))
        self._pay(claim, day("03-06"))
        self._assert_outcome(action, "partly_paid", day("03-06"))

    def test_earlier_payment_booked_late_is_no_answer(self):
        claim = self._create_late_claim(amount=100)
        action = self._play(day("03-04"))
        self._pay(claim, day("03-03"), amount=40)
        self._assert_outcome(action, False, False)

    def test_credit_note_is_no_payment(self):
        claim = self._create_late_claim()
        action = self._play(day("03-04"))
        credit = self._create_credit_note(100, day("03-06"))
        (claim | credit).reconcile()
        self._assert_outcome(action, False, False)

    def test_payment_undone(self):
        claim = self._create_late_claim()
        action = self._play(day("03-04"))
        action.sudo()._register_reply()
        self._pay(claim, day("03-06"))
        self._assert_outcome(action, "paid", day("03-06"))
        claim.remove_move_reconcile()
        self._assert_outcome(action, "reply", day("03-04"))

    def test_several_actions_cost_no_more_queries(self):
        """Reconciling a day's bank statement asks once for all."""
        customers = [self._create_customer(f"Client {n}") for n in range(6)]
        claims = [self._create_late_claim(customer) for customer in customers]
        self._play(day("03-04"))
        few = self.env["account.move.line"].concat(*claims[:2])
        many = self.env["account.move.line"].concat(*claims)
        self._count(few)  # what is read once per process is not what this is about
        self.assertEqual(self._count(few), self._count(many))

    def _count(self, items):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        items._dunning_refresh_outcomes()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before
