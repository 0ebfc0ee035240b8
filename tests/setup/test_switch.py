import importlib.util

from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged
from odoo.tools.misc import file_path

from ..common import day
from ..delivery.common import DeliveryCommon

SWITCH_ON_SCRIPT = "migrations/19.0.1.1.0/post-switch-on-companies.py"


@tagged("post_install", "-at_install")
class TestSwitch(DeliveryCommon):
    """A company that is not switched on sends nothing, ever; what waits is kept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dunning_scenario_id = cls.scenario
        cls.golive = cls.env["dunning.golive"].create({"company_id": cls.company.id})

    def _run_job(self, name):
        job = self.env.ref(f"account_dunning_scenario.ir_cron_{name}")
        with self.enter_registry_test_mode(), self.mock_mail_gateway():
            job.sudo().method_direct_trigger()
        self.env.invalidate_all()

    def _read_queue(self):
        return self.env["mail.mail"].sudo().search([("state", "=", "outgoing")])

    def test_planning_passes_over(self):
        """The job of the night prepares nothing before the switch, all of it after."""
        self.company.dunning_is_live = False
        claim = self._create_late_claim()
        self._run_job("plan_actions")
        self.assertFalse(claim.dunning_line_ids)
        self.golive.action_switch_on()
        self._run_job("plan_actions")
        self.assertEqual(claim.dunning_line_ids.state, "open")

    def test_pure_planner_works_whatever_the_switch(self):
        """The dry run before the switch needs the planner itself."""
        self.company.dunning_is_live = False
        self.assertDue(self._create_late_claim())

    def test_delivery_leaves_alone(self):
        """What was scheduled before the switch was turned off stays as it is, and
        leaves once it is on again."""
        action = self._prepare()
        self.company.dunning_is_live = False
        self.assertFalse(self._send(action))
        self._run_job("deliver_actions")
        self.assertEqual((action.state, action.delivery_ids.ids), ("scheduled", []))
        self.golive.action_switch_on()
        self._send(action)
        self.assertEqual(action.state, "done")

    def test_queued_mail_is_called_back(self):
        """A mail that waits in Odoo's queue leaves no more once the switch is off; it
        is written anew when it is on again."""
        action = self._remind()
        self.assertEqual(self._read_queue().state, "outgoing")
        self.golive.action_switch_off()
        self.assertFalse(self._read_queue())
        self.assertEqual((action.state, action.performed_date), ("scheduled", False))
        self.assertEqual(action.line_ids.state, "open")
        self.assertIn("switched off", action.message_ids[0].body)
        self.golive.action_switch_on()
        self._send(action)
        self.assertEqual(len(self._read_queue()), 1)

    def test_queued_mail_of_a_film_gone_on(self):
        """Where the next step waits already, the mail is cancelled for good."""
        action = self._remind()
        self._plan(day("03-12"))
        self.golive.action_switch_off()
        self.assertFalse(self._read_queue())
        self._run_job("deliver_actions")
        self.assertEqual(action.delivery_ids.state, "failed")
        self.assertIn("cancelled", action.delivery_ids.failure_reason)

    def test_desk_says_what_to_do(self):
        """The collector is told whom to ask, the manager is led to the switch."""
        self._create_late_claim()
        action = self._plan()
        self.company.dunning_is_live = False
        with self.assertRaisesRegex(UserError, "Ask a collection manager"):
            action.with_user(self.collector).action_confirm()
        with self.assertRaises(RedirectWarning):
            action.action_confirm()
        with self.assertRaises(RedirectWarning):
            action.action_plan_today()
        self.assertEqual(action.state, "to_confirm")

    def test_collector_does_not_turn_it(self):
        with self.assertRaises(AccessError):
            self.golive.with_user(self.collector).action_switch_off()
        self.assertTrue(self.company.dunning_is_live)

    def test_manager_turns_it_and_it_is_logged(self):
        """Who switched on, and when, is kept with the company."""
        self.company.dunning_is_live = False
        self.flush_tracking()
        tracked = {"tracking_disable": False, "mail_notrack": False}
        self.golive.with_context(**tracked).action_switch_on()
        self.flush_tracking()
        self.company.invalidate_recordset()
        # sudo: an accountant does not read all values of the log
        tracked = self.company.sudo().message_ids.tracking_value_ids.field_id
        self.assertIn("dunning_is_live", tracked.mapped("name"))

    def test_branch_follows_its_parent(self):
        """A branch has the switch of its parent, or with a set-up of its own its own
        one."""
        branch = self.env["res.company"].create(
            {"name": "North", "parent_id": self.company.id, "dunning_is_live": False}
        )
        self.assertEqual(branch._dunning_live(), branch)
        branch.dunning_is_own_setup = True
        self.assertFalse(branch._dunning_live())

    def test_promise_reminder_stays(self):
        """The word on the day before is not written either."""
        company = self.company
        company.dunning_is_live = False
        sent = []
        self.patch(
            type(self.env["dunning.promise"]),
            "_write_to_customers",
            lambda promises, name: sent.append(name),
        )
        self._run_job("judge_promises")
        self.assertFalse(sent)

    def test_update_switches_on_who_follows_up_already(self):
        """A company that performed an action before this version goes on by itself,
        its neighbour waits for its go-live."""
        other = self.env["res.company"].create({"name": "Elsewhere"})
        branch = self.env["res.company"].create(
            {"name": "North", "parent_id": self.company.id}
        )
        self._remind().sudo().company_id = branch
        self._read_queue().state = "sent"
        companies = self.company | branch | other
        companies.dunning_is_live = False
        self.env.flush_all()
        self._get_migration().migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual(companies._dunning_live(), self.company | branch)

    def _get_migration(self):
        path = file_path(f"account_dunning_scenario/{SWITCH_ON_SCRIPT}")
        spec = importlib.util.spec_from_file_location("switch_on", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        return script
