from unittest.mock import patch

from odoo.tests import tagged

from ..common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestPlannerRecheck(DunningCommon):
    """What waits on the desk is looked at again: what is no longer to be chased is
    dropped, with the reason."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "en_US"
        cls.claim = cls._create_claim(day("02-20"))
        cls.action = cls._plan()

    def assertDropped(self, reason):
        """Assert that the next planning takes the claim out of its action."""
        self._plan(day("03-05"))
        self.assertEqual(self.action.state, "cancelled")
        self.assertEqual(self.action.line_ids.state, "dropped")
        self.assertIn(reason, self.action.line_ids.reason)

    def assertKept(self):
        self._plan(day("03-05"))
        self.assertEqual(self.action.line_ids.state, "open")

    def test_nothing_changed_keeps_it(self):
        """An action waits as long as people need."""
        self.assertKept()

    def test_excluded_meanwhile(self):
        """The accountant marked the invoice "no follow-up" after the planning."""
        self.claim.move_id.no_followup = True
        self.assertDropped("Excluded from follow-up")

    def test_go_live_set_meanwhile(self):
        """The company decides to start on 1 March only."""
        self.company.dunning_go_live_date = day("03-01")
        self.assertDropped("before the follow-up started")

    def test_direct_debit_agreed_meanwhile(self):
        """The customer signed a mandate: the bank will collect the invoice."""
        method = (
            self.env["account.payment.method"]
            .sudo()
            .create({"name": "Debit", "code": "story_dd", "payment_type": "inbound"})
        )
        self.claim.move_id.preferred_payment_method_line_id = self.env[
            "account.payment.method.line"
        ].create(
            {
                "name": "Debit",
                "payment_method_id": method.id,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        self.assertDropped("method")

    def test_part_paid_meanwhile_where_excluded(self):
        """A scenario that leaves part payers alone: dropped as soon as it is booked."""
        self.scenario.is_partial_chased = False
        self._pay(self.claim, self.TODAY, 10.0)
        self.assertEqual(self.action.state, "cancelled")
        self.assertIn("Partly paid", self.action.line_ids.reason)

    def test_settled_by_a_glance_at_the_item(self):
        """Three customers pay in full, in part, and by a credit note: what
        is settled is told without the pipeline, in the pipeline's own words."""
        customers = map(self._create_customer, ("Part", "Credit"))
        part, credited = [
            self._create_claim(day("02-20"), customer=c) for c in customers
        ]
        self._plan(day("03-05"))
        lines = (self.claim | part | credited).dunning_line_ids
        self.assertEqual(len(lines), 3)
        with patch.object(type(self.planner), "_drop_stale", lambda *_args: None):
            self._pay(self.claim, self.TODAY)
            self._pay(part, self.TODAY, 10.0)
            note = self._create_credit_note(100.0, self.TODAY, credited.partner_id)
            (credited | note).reconcile()
            self.env.cr.precommit.run()
        settings = self.planner._prepare(self.company, day("03-05"))
        scope = self.planner._get_scope(settings, lines.partner_id, lines.move_line_id)
        stale = self.planner._get_stale(settings, scope, lines.ids)
        self.assertEqual(len(stale), 2)
        self.assertEqual(self.planner._get_settled(lines), stale)

    def test_payment_asks_no_pipeline(self):
        """Booking a payment in full costs no statement of the planner."""
        with patch.object(
            type(self.planner), "_execute", side_effect=AssertionError("planned")
        ):
            self._pay(self.claim, self.TODAY)
            self.env.cr.precommit.run()
        self.assertEqual(
            self.action.line_ids.reason, "No longer open: paid or withdrawn"
        )

    def test_more_time_granted_meanwhile(self):
        """The due date was put off to the end of the month: no reminder any more."""
        self.claim.date_maturity = day("03-31")
        self.assertDropped("Not overdue any more")

    def test_step_switched_off_meanwhile(self):
        """The manager switched the step off: what waits of it is dropped."""
        self._get_step("reminder_1").is_enabled = False
        self.assertDropped("switched off")

    def test_call_in_progress_survives_its_step(self):
        """The call is already somebody's task: switching the step off comes too
        late."""
        self.action.sudo().state = "in_progress"  # sudo: as delivery does
        self._get_step("reminder_1").is_enabled = False
        self.assertKept()

    def test_scenario_taken_away_meanwhile(self):
        """The customer plays no scenario any more."""
        self.customer.dunning_scenario_id = False
        self.assertDropped("scenario")

    def test_credit_covers_the_debt_meanwhile(self):
        """An unallocated payment came in."""
        self._create_receipt(100.0, day("03-05"))
        self.assertDropped("Credits")

    def test_blocked_meanwhile(self):
        """The accountant blocked the payment of the invoice."""
        self.claim.move_id.action_toggle_block_payment()
        self.assertDropped("No longer open")

    def test_failed_action_is_looked_at_too(self):
        """It could not leave, and is not needed any more."""
        self.action.sudo().state = "failed"  # sudo: as delivery does
        self.claim.move_id.no_followup = True
        self.assertDropped("Excluded from follow-up")

    def test_dropped_line_may_be_planned_again(self):
        """A drop does not count as played: the exclusion was a mistake."""
        self.claim.move_id.no_followup = True
        self._plan(day("03-05"))
        self.claim.move_id.no_followup = False
        action = self.assertDue(self.claim, on=day("03-06"))
        self.assertEqual(self._get_steps(action), ["reminder_1"])
