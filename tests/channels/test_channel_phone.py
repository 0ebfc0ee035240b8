from odoo.tests import new_test_user, tagged

from ..common import day
from ..delivery.common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestChannelPhone(DeliveryCommon):
    """The call: whose task it is, what the caller has before them, what it leaves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._use_channel(
            "phone", fallback_channel=False, script="<p>Ask for a date.</p>"
        )

    def test_call_is_a_task_of_the_collector(self):
        """Case C11: a step by phone produced nothing, for ever."""
        action = self._remind()
        activity = action.activity_ids
        self.assertEqual(activity.user_id, self.collector)
        self.assertEqual(activity.date_deadline, self.TODAY)
        self.assertEqual(
            activity.activity_type_id,
            self.env.ref("account_dunning_scenario.mail_activity_type_call"),
        )
        self.assertEqual(action.state, "in_progress")
        self.assertEqual(action.line_ids.state, "open")

    def test_note_tells_number_figures_and_script(self):
        activity = self._remind().activity_ids
        self.assertIn("+33 1 02 03 04 05", activity.note)
        self.assertIn("100.00", activity.note)
        self.assertIn("Ask for a date.", activity.note)

    def test_note_is_in_the_callers_language(self):
        """A French customer called by an English-speaking collector: the note is
        English, whatever the customer reads."""
        self.customer.lang = "fr_FR"
        activity = self._remind().activity_ids
        self.assertIn("100.00", activity.note)
        self.assertIn("24\u00a0February 2026", activity.note)

    def test_call_of_the_salesperson(self):
        """S3-03: the salesperson calls their own customer."""
        seller = new_test_user(self.env, login="sam", groups="base.group_user")
        seller.company_ids = seller.company_id = self.company
        self.reminder.activity_user = "salesperson"
        action = self._prepare()
        action.sudo().salesperson_id = seller
        self._send(action)
        self.assertEqual(action.delivery_ids.activity_id.user_id, seller)

    def test_without_salesperson_the_collector_calls(self):
        self.reminder.activity_user = "salesperson"
        action = self._prepare()
        action.sudo().salesperson_id = False
        self._send(action)
        self.assertEqual(action.activity_ids.user_id, self.collector)

    def test_nobody_to_call_is_said_clearly(self):
        """No collector anywhere: the action is on the desk and says what to do."""
        action = self._prepare()
        self.company.dunning_collector_id = False
        action.sudo().collector_id = False
        self._send(action)
        self.assertEqual(action.state, "failed")
        self.assertIn("default collector", action.reason)

    def test_customer_without_number_is_said_clearly(self):
        self.customer.phone = False
        action = self._remind()
        self.assertEqual(action.reason, "The customer has no telephone number.")

    def test_many_calls_send_no_mail_to_the_caller(self):
        """Twenty calls of the day do not mean twenty notifications."""
        customers = [self._create_customer(name) for name in ("Bleu", "Corail")]
        with self.mock_mail_gateway():
            self._remind(*customers)
        self.assertFalse(self._mails)
        self.assertFalse(self._new_mails)

    def test_call_done_performs_the_step_on_that_day(self):
        claim = self._create_late_claim()
        action = self._plan()
        action.with_user(self.collector).action_confirm()
        self._send(action)
        action.activity_ids.with_user(self.collector).action_feedback(
            feedback="Promised for Friday"
        )
        self.assertEqual(action.state, "done")
        self.assertEqual(action.delivery_ids.state, "done")
        self.assertEqual(action.line_ids.performed_date, self.TODAY)
        self.assertEqual(self._get_next(claim), ("reminder_2", day("03-12")))

    def test_feedback_is_in_the_actions_chatter(self):
        """What was said on the phone, escaped; the customer's tells of the call."""
        action = self._remind()
        action.activity_ids.with_user(self.collector).action_feedback(
            feedback="Cheque <sent> on Monday"
        )
        note = action.message_ids[0]
        self.assertIn("+33 1 02 03 04 05", self.customer.message_ids[0].body)
        self.assertIn("Cheque &lt;sent&gt; on Monday", note.body)
        self.assertIn("+33 1 02 03 04 05", note.body)
        self.assertEqual(note.author_id, self.collector.partner_id)
        self.assertEqual(action.delivery_ids.mail_message_id, note)

    def test_salesperson_without_rights_can_report_their_call(self):
        seller = new_test_user(self.env, login="sam", groups="base.group_user")
        seller.company_ids = seller.company_id = self.company
        self.reminder.activity_user = "salesperson"
        action = self._prepare()
        action.sudo().salesperson_id = seller
        self._send(action)
        activity = action.delivery_ids.activity_id.with_user(seller)
        activity.action_feedback(feedback="All is well")
        self.assertEqual(action.state, "done")

    def test_deleted_task_goes_back_to_the_desk(self):
        """Nobody called: the action waits for a decision again, unticked."""
        action = self._remind()
        action.activity_ids.with_user(self.collector).unlink()
        self.assertEqual(action.state, "to_confirm")
        self.assertFalse(action.is_ticked)
        self.assertEqual(action.delivery_ids.state, "cancelled")
        self.assertEqual(action.line_ids.state, "open")

    def test_paid_before_the_call_takes_the_task_away(self):
        action = self._remind()
        self._pay(action.line_ids.move_line_id, self.TODAY)
        self.assertFalse(action.activity_ids)
        self.assertEqual(action.state, "cancelled")
        self.assertEqual(action.delivery_ids.state, "cancelled")

    def test_skipped_call_takes_the_task_away(self):
        action = self._remind()
        action.with_user(self.collector).action_skip()
        self.assertFalse(action.activity_ids)
        self.assertEqual(action.line_ids.state, "skipped")

    def test_caller_reads_what_was_said_last_time(self):
        """Before they call: the last contacts, what came of them, what was noted."""
        self._create_late_claim()
        first = self._plan()
        first.with_user(self.collector).action_confirm()
        self._send(first)
        first.activity_ids.with_user(self.collector).action_feedback(
            feedback="Cheque <promised> for Friday"
        )
        again = self._remind()
        note = again.activity_ids.note
        self.assertIn("03/04/2026: Reminder 1, Phone", note)
        self.assertIn("Cheque &lt;promised&gt; for Friday", note)

    def test_number_can_be_called_with_a_click(self):
        note = self._remind().activity_ids.note
        self.assertIn('href="tel:+33102030405"', note)

    def test_figures_name_credits(self):
        self._create_credit_note(30, day("02-01"))
        note = self._remind().activity_ids.note
        self.assertIn("70.00, due since 24\u00a0February 2026 (8 days)", note)
        self.assertIn("30.00 of credits deducted", note)

    def test_history_is_read_once_for_all_the_calls(self):
        """The queries of a batch of calls do not grow with its size."""
        counts = []
        for size in (4, 20):
            customers = [
                self._create_customer(f"Batch{size}x{number}") for number in range(size)
            ]
            actions = self._prepare(*customers)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._send(actions)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1] - counts[0], 4, counts)
