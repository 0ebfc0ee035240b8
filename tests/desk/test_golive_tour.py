from odoo.tests import HttpCase, tagged

from ..common import day
from .test_golive import GoliveCommon

MODULE = "account_dunning_scenario"
GOLIVE = f"/odoo/action-{MODULE}.dunning_golive_open_action"
DESK = f"/odoo/action-{MODULE}.dunning_action_action"


@tagged("post_install", "-at_install", "browser")
class TestGoliveTour(GoliveCommon, HttpCase):
    """From the guided set-up to the first action, in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dunning_go_live_date = False
        cls.manager.tour_enabled = False
        cls.manager.group_ids |= cls.env.ref("account.group_account_invoice")
        cls._get_step("reminder_3").write(
            {"channel": "email", "mail_template_id": cls.mail_text.id}
        )

    def test_go_live(self):
        """S1-04: set up, old claims, dry run, switch; the next morning the first action
        waits on the desk."""
        self.start_tour(GOLIVE, "dunning_golive", login="marthe")
        self.assertTrue(self.company.dunning_is_live)
        self.assertEqual(self.company.dunning_go_live_date, day("03-01"))
        self.assertTrue(self.old.dunning_is_taken_in)
        self.assertFalse(self.opening.dunning_is_taken_in)
        self.assertFalse(self.env["dunning.action"].search([("state", "=", "done")]))
        job = self.env.ref(f"{MODULE}.ir_cron_plan_actions")
        job.sudo().method_direct_trigger()
        self.env.invalidate_all()
        self.start_tour(DESK, "dunning_golive_first_action", login="marthe")
        action = self.env["dunning.dispatch"].search([]).action_ids
        self.assertEqual((action.state, action.channel), ("scheduled", "email"))
        self.assertEqual(action.line_ids.move_line_id, self.old)
