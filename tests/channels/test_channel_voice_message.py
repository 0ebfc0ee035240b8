from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .lre_common import LreCommon


@tagged("post_install", "-at_install")
class TestChannelVoiceMessage(LreCommon):
    """The voice message (S1-14): left by a person, or spoken by the provider."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._use_channel(
            "voice_message",
            fallback_channel=False,
            script="<p>Hello, please call us back about your account.</p>",
        )

    def test_without_a_provider_a_person_leaves_it(self):
        action = self._send_to()
        activity = action.activity_ids
        self.assertEqual(activity.user_id, self.collector)
        self.assertEqual(
            activity.activity_type_id,
            self.env.ref("account_dunning_scenario.mail_activity_type_voice_message"),
        )
        self.assertIn("please call us back about your account", activity.note)
        self.assertIn("+33 1 02 03 04 05", activity.note)
        activity.with_user(self.collector).action_feedback(feedback="Left it.")
        self.assertEqual(action.state, "done")
        self.assertIn("Voice message for Azur", self.customer.message_ids[0].body)
        self.assertFalse(action.call_ids)

    def test_words_are_in_the_customers_language(self):
        self.customer.lang = "fr_FR"
        self.reminder.with_context(lang="fr_FR").script = "<p>Rappelez-nous.</p>"
        self.assertIn("Rappelez-nous.", self._send_to().activity_ids.note)

    def test_short_text_of_the_step_is_spoken(self):
        self.reminder.sms_template_id = self.env["sms.template"].create(
            {
                "name": "Call back",
                "model_id": self.env["ir.model"]._get_id("dunning.action"),
                "body": "{{ object.partner_id.name }}, please call us back.",
            }
        )
        note = self._send_to().activity_ids.note
        self.assertIn("Azur Interior, please call us back.", note)

    def test_debt_is_not_told_to_a_machine(self):
        """J18: others may listen; an automatic step waits, and says why."""
        module = "account_dunning_scenario"
        for name, is_fit in (("reminder_courteous", False), ("call_back", True)):
            text = self.env.ref(f"{module}.sms_template_{name}")
            self.reminder.write({"sms_template_id": text.id, "mode": "auto"})
            customer = self._create_customer(name, phone="+33 1 02 03 04 06")
            self._create_late_claim(customer)
            action = self._plan()
            self.assertEqual(action.mode, "auto")
            self._send(action)
            with self.subTest(name):
                self.assertEqual(bool(action.activity_ids), is_fit)
                if not is_fit:
                    self.assertIn("tells an amount or an invoice", action.reason)

    def test_its_words_cannot_be_taken_away(self):
        """Neither the script nor the short text, once nothing else is left to say."""
        with self.assertRaisesRegex(ValidationError, "write its script"):
            self.reminder.script = False
        short = self.env["sms.template"].create(
            {
                "name": "Call back",
                "model_id": self.env["ir.model"]._get_id("dunning.action"),
                "body": "Please call us back.",
            }
        )
        self.reminder.write({"sms_template_id": short.id, "script": "<p><br></p>"})
        with self.assertRaisesRegex(ValidationError, "write its script"):
            self.reminder.sms_template_id = False
        self.reminder.write({"mode": "personalise", "sms_template_id": False})
        with self.assertRaisesRegex(ValidationError, "write its script"):
            self.reminder.mode = "confirm"

    def test_provider_speaks_it(self):
        """The provider gets number and words; that performs the step."""
        server = self._add_voice_provider()
        action = self._send_to()
        self.assertFalse(action.activity_ids)
        with self._on(self.TODAY):
            self._run(self.submit_job)
        (taken,) = server.get_log()["letters"].values()
        self.assertEqual(taken["letter"]["recipient_phone"], "+33 1 02 03 04 05")
        self.assertIn("please call us back", taken["letter"]["text"])
        self.assertNotIn("document", taken["letter"])
        self.assertEqual(action.state, "done")
        self.assertFalse(action.delivery_ids.postal_state)

    def test_message_that_waits_speaks_the_figures_of_now(self):
        server = self._add_voice_provider()
        self.reminder.sms_template_id = self.env["sms.template"].create(
            {
                "name": "Call back",
                "model_id": self.env["ir.model"]._get_id("dunning.action"),
                "body": "You owe us {{ object.totals_text }}.",
            }
        )
        action = self._send_to()
        words = self._get_submissions(action).text
        self._pay(action.line_ids.move_line_id, self.TODAY, amount=40)
        with self._on(self.TODAY):
            self._run(self.submit_job)
        (taken,) = server.get_log()["letters"].values()
        self.assertNotEqual(taken["letter"]["text"], words)
        self.assertIn("60", taken["letter"]["text"])

    def test_customer_without_a_number_is_told(self):
        self.customer.phone = False
        action = self._send_to()
        self.assertEqual(action.state, "failed")
        self.assertIn("no telephone number", action.reason)

    def test_step_without_words_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "write its script"):
            self.reminder.script = False
            self.reminder._check_channels()

    def test_voice_messages_are_not_handed_over_as_files(self):
        with self.assertRaisesRegex(ValidationError, "by HTTP"):
            self._create_provider(service="voice_message", adapter="file")
