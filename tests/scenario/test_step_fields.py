from itertools import product

from odoo.tests import Form, tagged

from ..common import DunningCommon

MAIL = {
    "mail_template_id",
    "email_from",
    "invoice_documents",
    "is_statement_attached",
    "copy_role",
    "is_salesperson_copied",
    "copy_user_ids",
}
TASK = {"script", "activity_user"}
# What each channel takes from the step, the last ones from nothing but its customers.
USED = {
    "email": MAIL,
    "interactive_email": MAIL,
    "letter": {"letter_template_id"},
    "registered_letter": {"letter_template_id"},
    "electronic_registered_letter": {"letter_template_id"},
    "fax": {"letter_template_id"},
    "sms": {"sms_template_id", "sms_audience", "sms_max_parts"},
    "voice_message": {"sms_template_id", *TASK},
    "phone": {*TASK, "call_attempts"},
    "visit": TASK,
    "committee": set(),
}
ROLES = ("channel", "second_channel", "fallback_channel")


@tagged("post_install", "-at_install")
class TestStepFields(DunningCommon):
    """The form of a step asks for what its channels use, and for nothing else."""

    def _open(self, **values):
        form = Form(self._get_step("reminder_1"))
        for name in ROLES:
            form[name] = values.get(name, False)
        return form

    def _get_shown(self, form):
        every = set().union(*USED.values())
        return {name for name in every if not form._get_modifier(name, "invisible")}

    def test_every_channel_is_known(self):
        codes = self.env["dunning.channel"]._get_codes()
        self.assertEqual(set(codes), set(USED))

    def test_fields_of_the_first_channel(self):
        for code, names in USED.items():
            with self.subTest(channel=code):
                self.assertEqual(self._get_shown(self._open(channel=code)), names)

    def test_fields_of_second_and_fallback_channel(self):
        """A step that calls, and sends a fax where nobody answers, needs its text."""
        for role, (first, other) in product(ROLES[1:], product(USED, USED)):
            if first != other:
                with self.subTest(first=first, **{role: other}):
                    form = self._open(channel=first, **{role: other})
                    self.assertEqual(self._get_shown(form), USED[first] | USED[other])

    def test_text_that_stands_in_is_shown(self):
        """A letter without text of its own has the words of the e-mail."""
        text = self.env.ref("account_dunning_scenario.mail_template_reminder_courteous")
        step = self._get_step("reminder_1")
        step.mail_template_id = text
        form = self._open(channel="letter")
        self.assertIn("mail_template_id", self._get_shown(form))
        form.letter_template_id = text
        self.assertNotIn("mail_template_id", self._get_shown(form))
