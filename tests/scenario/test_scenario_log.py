from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import html2plaintext

from ..common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestScenarioLog(DunningCommon):
    """What changed in a scenario, when and by whom, is in its chatter."""

    def _get_messages(self):
        self.flush_tracking()
        self.scenario.invalidate_recordset(["message_ids"])
        return self.scenario.message_ids - self.before

    def _get_notes(self):
        """Return the notes written since, the newest first, as plain text."""
        return [html2plaintext(message.body) for message in self._get_messages()]

    def setUp(self):
        super().setUp()
        self.flush_tracking()
        self.scenario = self.scenario.with_context(
            tracking_disable=False, mail_notrack=False
        )
        self.before = self.scenario.message_ids

    def test_change_of_a_step(self):
        """The manager calls earlier, by the machine: one note, old and new."""
        self._get_step("reminder_1", self.scenario).write({"delay": 5, "mode": "auto"})
        (note,) = self._get_notes()
        self.assertIn("Reminder 1: Timing 8 days after the due date → 5 days", note)
        self.assertIn("Reminder 1: Mode To confirm → Automatic", note)
        self.assertEqual(
            self.scenario.message_ids[:1].author_id, self.env.user.partner_id
        )

    def test_nothing_changed_nothing_said(self):
        self._get_step("reminder_1", self.scenario).write({"delay": 8})
        self.assertFalse(self._get_notes())

    def test_steps_added_and_withdrawn_in_one_save(self):
        """The form saves everything at once: one note tells it all."""
        self.scenario.write(
            {
                "step_ids": [
                    Command.delete(self._get_step("reminder_3", self.scenario).id),
                    Command.create(
                        {**self._step("reminder_9", delay=60), "sequence": 90}
                    ),
                ]
            }
        )
        (note,) = self._get_notes()
        self.assertIn("Step withdrawn: Reminder 3", note)
        self.assertIn("Step added: Reminder 9", note)

    def test_played_step_that_is_moved(self):
        """A played step is replaced by a copy; readers see one step that changed."""
        self._create_claim(day("02-20"))
        self._plan()
        letter = self.env.ref("account_dunning_scenario.mail_template_letter_notice")
        self._get_step("reminder_1", self.scenario).write(
            {"channel": "letter", "letter_template_id": letter.id}
        )
        self.assertEqual(len(self.scenario.with_context(active_test=False).step_ids), 5)
        (note,) = self._get_notes()
        self.assertIn("Reminder 1: Channel Phone → Letter", note)
        self.assertNotIn("withdrawn", note)

    def test_rules_of_the_scenario(self):
        """Rules are followed by Odoo's own tracking, as any field."""
        self.scenario.is_business_days_only = True
        tracked = self._get_messages().tracking_value_ids
        self.assertEqual(tracked.field_id.name, "is_business_days_only")

    def test_delivered_scenarios_start_without_notes(self):
        """Installing is no change."""
        delivered = self.env.ref("account_dunning_scenario.dunning_scenario_standard")
        self.assertNotIn("Step added", "".join(delivered.message_ids.mapped("body")))
