from odoo.tests import tagged

from ..common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestPlannerCatchUp(DunningCommon):
    """Several steps overdue at once: one after the other, or a jump to the latest."""

    def test_sequential_starts_with_the_first_step(self):
        """A claim taken over 120 days late plays the film from its beginning (case
        C2), the default."""
        self._create_claim(day("03-04").replace(month=1))
        self.assertEqual(self._get_steps(self._plan()), ["reminder_1"])

    def test_sequential_waits_for_the_delays_between_steps(self):
        """Once caught up, the second reminder counts from the first one's real day."""
        claim = self._create_claim(day("01-04"))
        self._play(day("03-04"))
        self.assertEqual(self._get_next(claim), ("reminder_2", day("03-12")))

    def test_jump_takes_the_latest_step(self):
        """The same claim in a scenario that jumps: the last reminder, the two overtaken
        are recorded as skipped that day (case C2, P14)."""
        self.scenario.catch_up = "jump"
        claim = self._create_claim(day("01-04"))
        lines = self._plan().line_ids.sorted("step_code")
        self.assertEqual(
            lines.mapped(lambda line: (line.step_code, line.state)),
            [
                ("reminder_1", "skipped"),
                ("reminder_2", "skipped"),
                ("reminder_3", "open"),
            ],
        )
        self.assertEqual(lines[:2].mapped("performed_date"), [self.TODAY] * 2)
        self.assertEqual(lines.move_line_id, claim)

    def test_jump_goes_no_further_than_the_day(self):
        """20 days late: reminder 2 is past, reminder 3 is not."""
        self.scenario.catch_up = "jump"
        claim = self._create_claim(day("02-12"))
        action = self.assertDue(claim)
        self.assertEqual(action.step_id.code, "reminder_2")

    def test_jump_plays_one_step_at_a_time_when_on_time(self):
        """On time a scenario that jumps plays like any other."""
        self.scenario.catch_up = "jump"
        claim = self._create_claim(day("02-24"))
        self._play(day("03-04"))
        self.assertEqual(self._get_next(claim), ("reminder_2", day("03-12")))
        self.assertFalse(self._plan(day("03-11")))

    def test_jump_never_lands_on_a_last_resort(self):
        """The formal notice is a last resort: the jump lands before it (S0-34)."""
        self.scenario.catch_up = "jump"
        self._get_step("reminder_3").is_last_resort = True
        claim = self._create_claim(day("01-04"))
        self.assertEqual(self._plan().step_id.code, "reminder_2")
        self._get_step("reminder_2").delay = 8
        self.assertEqual(
            claim.dunning_line_ids.sorted("step_code").mapped("state"),
            ["skipped", "open"],
        )

    def test_last_resort_comes_after_another_reminder(self):
        """Once a reminder was performed, the last resort may be jumped to."""
        self.scenario.catch_up = "jump"
        self._get_step("reminder_3").is_last_resort = True
        self._create_claim(day("01-04"))
        self._play(day("03-04"))
        self.assertEqual(self._plan(day("03-30")).step_id.code, "reminder_3")

    def test_last_resort_alone_is_never_jumped_to(self):
        """A film of one scene, a last resort: a jump does not start with it."""
        self.scenario.catch_up = "jump"
        self.scenario.step_ids.filtered(
            lambda step: step.code in ("reminder_1", "reminder_2")
        ).is_enabled = False
        self._get_step("reminder_3").is_last_resort = True
        claim = self._create_claim(day("01-04"))
        self.assertNotDue(claim, "last_resort")

    def test_sequential_plays_a_last_resort_in_its_turn(self):
        """Step by step, the last resort comes when it comes."""
        self.scenario.step_ids.filtered(
            lambda step: step.code in ("reminder_1", "reminder_2")
        ).is_enabled = False
        self._get_step("reminder_3").is_last_resort = True
        self.assertDue(self._create_claim(day("01-04")))

    def test_jump_passes_over_a_condition_that_fails(self):
        """Overtaken steps whose condition fails are not recorded."""
        self.scenario.catch_up = "jump"
        self._get_step("reminder_2").amount_from = 500.0
        self._create_claim(day("01-04"))
        lines = self._plan().line_ids
        self.assertEqual(
            sorted(lines.mapped("step_code")), ["reminder_1", "reminder_3"]
        )

    def test_jump_plays_one_step_a_day(self):
        """After the jump nothing more that day."""
        self.scenario.catch_up = "jump"
        claim = self._create_claim(day("01-04"))
        self._play(day("03-04"))
        self.assertEqual(self._get_failed(claim), {"step", "same_day"})
