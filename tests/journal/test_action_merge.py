from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import day
from ..delivery.common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestActionMerge(DeliveryCommon):
    """Two letters to one customer become one (P1).

    The scenario makes one action per step: an invoice 20 days late is due for
    reminder 2, one that is 8 days late for reminder 1.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scenario.grouping = "step"
        cls.old = cls._create_claim(day("02-12"), 300.0)
        first = cls._plan(day("02-20"))
        first.action_confirm()
        first._perform(day("02-20"), "2026-02-20 10:00:00")
        cls.new = cls._create_late_claim(amount=100.0)
        cls.actions = cls._plan().with_user(cls.collector)
        cls.second = cls.actions.filtered(lambda a: a.step_id.code == "reminder_2")
        cls.first = cls.actions - cls.second

    def test_higher_step_takes_the_items_over(self):
        """Reminder 2 goes on for both, each invoice at its own step."""
        self.actions.action_merge()
        self.assertEqual(self.second.line_ids.move_line_id, self.old + self.new)
        self.assertEqual(self.second.amount_total, 400.0)
        self.assertEqual(
            [line.step_id.code for line in self.second.line_ids],
            ["reminder_2", "reminder_1"],
        )
        self.assertEqual(self.first.state, "cancelled")
        self.assertIn("Merged into", self.first.reason)

    def test_merged_action_leaves_once_and_plays_both_steps(self):
        self.actions.action_merge()
        self.second.action_confirm()
        self.second._perform(self.TODAY, "2026-03-04 10:00:00")
        self.assertFalse(self._plan(), "nothing is left to do for this customer today")
        self.assertEqual(self._get_next(self.new)[0], "reminder_2")
        self.assertEqual(self._get_next(self.old)[0], "reminder_3")

    def test_what_was_confirmed_waits_again_with_what_was_not(self):
        """Nobody has agreed to the whole yet."""
        self.second.action_confirm()
        self.actions.action_merge()
        self.assertEqual(self.second.state, "to_confirm")

    def test_what_was_confirmed_on_both_sides_stays_so(self):
        self.actions.action_confirm()
        self.actions.action_merge()
        self.assertEqual(self.second.state, "scheduled")

    def test_one_action_is_not_merged(self):
        with self.assertRaisesRegex(UserError, "Select two"):
            self.first.action_merge()

    def test_customers_are_not_mixed(self):
        self._create_late_claim(self._create_customer("Borel"))
        other = self._plan().with_user(self.collector)
        with self.assertRaisesRegex(UserError, "same customer"):
            (self.first + other).action_merge()

    def test_notice_is_not_merged_into_a_reminder(self):
        self._create_claim(day("03-10"))
        notice = self._plan().with_user(self.collector)
        self.assertEqual(notice.kind, "notice")
        with self.assertRaisesRegex(UserError, "one kind"):
            (self.first + notice).action_merge()
