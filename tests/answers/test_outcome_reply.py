from datetime import timedelta

from odoo.tests import freeze_time, tagged

from ..common import day
from ..delivery.common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestOutcomeReply(DeliveryCommon):
    """A customer answers a reminder: the answer arrives by the mail gateway."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._init_mail_gateway()
        cls.claim = cls._create_late_claim()
        cls.action = cls._plan()
        cls.action.with_user(cls.collector).action_confirm()
        cls._send(cls.action)

    def _answer(self, action=None, headers="", sender=None):
        """Let the customer answer the e-mail of an action; return the message."""
        action = action or self.action
        sent = action.delivery_ids.mail_message_id
        known = action.message_ids
        self.env["mail.thread"].message_process(
            "res.partner",
            f"From: {sender or self.customer.email_formatted}\n"
            f"To: {self.alias_catchall}@{self.alias_domain}\n"
            "Subject: Re: your account\n"
            f"Message-Id: <{sent.id}.{len(known)}@azur.example.com>\n"
            f"In-Reply-To: {sent.message_id}\n"
            f"{headers}\n"
            "We pay on Friday.\n",
        )
        return action.message_ids - known

    def _make_automatic(self, code):
        self._get_step(code).mode = "auto"

    def test_answer_lands_in_the_thread_of_the_action(self):
        """The customer's chatter says that it came, and leads there."""
        message = self._answer()
        self.assertIn("We pay on Friday", message.body)
        self.assertEqual(message.author_id, self.customer)
        note = self.customer.message_ids[0]
        self.assertEqual((note.author_id, note.parent_id), (self.customer, message))
        self.assertIn(f'data-oe-id="{self.action.id}"', note.body)

    def test_answer_is_the_outcome_of_the_action(self):
        """S3-27: what the customer says is kept, with its day."""
        with freeze_time("2026-03-06 10:00:00"):
            self._answer()
        self.assertEqual(self.action.outcome, "reply")
        self.assertEqual(self.action.outcome_date, day("03-06"))
        self.assertEqual(self.action.reply_date, day("03-06"))

    def test_collector_is_told_once(self):
        self._answer()
        self._answer()
        (task,) = self.customer.activity_ids
        self.assertEqual(task.user_id, self.collector)
        self.assertIn("Reminder 1", task.summary)

    def test_absence_notice_is_no_answer(self):
        self._answer(headers="Auto-Submitted: auto-replied\n")
        self.assertFalse(self.action.outcome)
        self.assertFalse(self.customer.activity_ids)

    def test_automatic_step_waits_for_the_days_of_the_company(self):
        self._make_automatic("reminder_2")
        self.company.dunning_reply_hold_days = 5
        with freeze_time("2026-03-10 10:00:00"):
            self._answer()
        self.assertNotDue(self.claim, "reply", on=day("03-12"))
        self.assertNotDue(self.claim, "reply", on=day("03-14"))
        self.assertDue(self.claim, on=day("03-15"))

    def test_no_hold_where_the_company_wants_none(self):
        self._make_automatic("reminder_2")
        self.company.dunning_reply_hold_days = 0
        with freeze_time("2026-03-10 10:00:00"):
            self._answer()
        (action,) = self.assertDue(self.claim, on=day("03-12"))
        self.assertEqual(action.state, "scheduled")

    def test_step_to_confirm_is_prepared_unticked(self):
        with freeze_time("2026-03-10 10:00:00"):
            self._answer()
        (action,) = self.assertDue(self.claim, on=day("03-12"))
        self.assertEqual(action.state, "to_confirm")
        self.assertFalse(action.is_ticked)
        self.assertEqual(action.untick_reason, "reply")

    def test_answer_calls_back_what_would_leave_by_itself(self):
        self._make_automatic("reminder_2")
        scheduled = self._plan(day("03-12"))
        with freeze_time("2026-03-12 06:00:00"):
            self._answer()
        self.assertEqual(scheduled.state, "cancelled")
        self.assertIn("answered", scheduled.line_ids.reason)
        self.assertDue(self.claim, on=day("03-12") + timedelta(days=5))

    def test_answer_unticks_what_a_person_confirmed(self):
        confirmed = self._plan(day("03-12"))
        confirmed.with_user(self.collector).action_confirm()
        with freeze_time("2026-03-12 06:00:00"):
            self._answer()
        self.assertEqual(confirmed.state, "to_confirm")
        self.assertEqual(confirmed.untick_reason, "reply")

    def test_thanks_do_not_wait(self):
        self._add_steps(self.scenario, self._thanks(delay=1, sequence=90, mode="auto"))
        self._answer()
        self._pay(self.claim, day("03-05"))
        (thanks,) = self._plan(day("03-06"))
        self.assertEqual(thanks.state, "scheduled")

    def test_answer_to_the_answer_counts(self):
        """The collector writes back; the customer answers that."""
        first = self._answer()
        reply = self.action.with_user(self.collector).message_post(
            body="Thank you!", message_type="comment", parent_id=first.id
        )
        with freeze_time("2026-03-09 10:00:00"):
            self.env["mail.thread"].message_process(
                "res.partner",
                f"From: {self.customer.email_formatted}\n"
                f"To: {self.alias_catchall}@{self.alias_domain}\n"
                "Subject: Re: your account\n"
                "Message-Id: <second@azur.example.com>\n"
                f"In-Reply-To: {reply.message_id}\n\n"
                "Paid.\n",
            )
        self.assertEqual(self.action.reply_date, day("03-09"))
