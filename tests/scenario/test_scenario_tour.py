from odoo.tests import HttpCase, new_test_user, tagged

from ..common import DunningCommon

MODULE = "account_dunning_scenario"


@tagged("post_install", "-at_install", "browser")
class TestScenarioTour(DunningCommon, HttpCase):
    """A manager draws the film of a scenario (S0-01, S0-44)."""

    def test_editor(self):
        """The first reminder is dragged, then nudged; the words, the preview and the
        steps counted from it follow."""
        user = new_test_user(
            self.env, login="emma", groups=f"{MODULE}.dunning_group_manager"
        )
        user.tour_enabled = False
        self.scenario.sequence = -1
        self.start_tour(
            f"/odoo/action-{MODULE}.dunning_scenario_action",
            "dunning_scenario_editor",
            login="emma",
            timeout=300,
        )
        steps = {step.code: step for step in self.scenario.step_ids}
        self.assertEqual(steps["reminder_1"].delay, 13)
        self.assertEqual(steps["reminder_2"].delay, 8)
