from odoo.tests import tagged

from ..common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestPeersCases(DunningCommon):
    """Tell those of the cases C1 to C20 on the planner's side that no other file tells.

    The others stand where their subject is tested, each with its number.
    """

    def test_invoice_paid_between_planning_and_sending(self):
        """Confirmed in the morning, paid at noon: the reminder of the afternoon is
        called off at once, not at its sending: case C6 (P3)."""
        claim = self._create_claim(day("02-20"))
        action = self._plan()
        action.action_confirm()
        self._pay(claim, self.TODAY)
        self.assertEqual(action.state, "cancelled")
        self.assertEqual(action.line_ids.state, "dropped")
        self.assertTrue(action.line_ids.reason)

    def test_one_invoice_of_two_paid_between_planning_and_sending(self):
        """The reminder goes on about the other one: case C6."""
        paid = self._create_claim(day("02-20"), 60.0)
        other = self._create_claim(day("02-20"), 40.0)
        action = self._plan()
        action.action_confirm()
        self._pay(paid, self.TODAY)
        self.assertEqual(action.state, "scheduled")
        open_lines = action.line_ids.filtered(lambda line: line.state == "open")
        self.assertEqual(open_lines.move_line_id, other)

    def test_payment_of_a_part_asks_for_the_rest(self):
        """Half was paid since the reminder was prepared: the amount in the message is
        the one left, not the old one: case C6."""
        claim = self._create_claim(day("02-20"), 100.0)
        action = self._plan()
        self._pay(claim, self.TODAY, 60.0)
        self.assertEqual(action.state, "to_confirm")
        self.assertEqual(action.line_ids._get_amount_asked(), 40.0)

    def test_credit_that_covers_the_debt_calls_the_reminder_off(self):
        """Another invoice's overpayment, still unallocated, covers what is asked: the
        next planning drops the reminder."""
        self._create_claim(day("02-20"), 100.0)
        action = self._plan()
        self._create_receipt(500.0, day("03-04"))
        self.assertFalse(self._plan(day("03-05")))
        self.assertEqual(action.state, "cancelled")

    def test_planning_reports_exactly_what_it_created(self):
        """The actions given back are those on record, line for line: case C8."""
        before = self.env["dunning.action"].search([])
        self._create_claim(day("02-20"))
        self._create_claim(day("02-20"), customer=self._create_customer("Blanc"))
        created = self._plan()
        self.assertEqual(len(created), 2)
        self.assertEqual(self.env["dunning.action"].search([]) - before, created)
        self.assertEqual(len(created.line_ids), 2)
