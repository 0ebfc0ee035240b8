from datetime import datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged

from ..answers.test_entry import EntryCommon
from ..common import day


class CallCommon(EntryCommon):
    """A call to Azur Interior is under way on Wednesday 4 March 2026; nobody works at
    weekends. Three calls at most, a working day apart."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reminder = cls._get_step("reminder_1")
        cls.reminder.script = "<p>Ask for a date.</p>"
        cls.jeanne = cls.env["res.partner"].create(
            {
                "name": "Jeanne Roux",
                "parent_id": cls.customer.id,
                "type": "invoice",
                "phone": "+33 1 99 00 11 22",
                "function": "Accountant",
            }
        )

    def _miss(self, call, on, result="absent", **values):
        """Note on a day that nobody was reached."""
        with freeze_time(f"{on} 10:00:00"):
            return self._note(call, call_result=result, **values)


@tagged("post_install", "-at_install")
class TestCall(CallCommon):
    """Whoever calls has all they need before them, and notes what came of it."""

    # ---- nobody there ----------------------------------------------------------------

    def test_not_available_is_tried_again_on_the_next_working_day(self):
        call = self._call()
        self._miss(call, day("03-06"))
        self.assertEqual(call.activity_ids.date_deadline, day("03-09"))
        self.assertEqual((call.state, call.call_date), ("in_progress", day("03-09")))
        self.assertEqual(call.call_tries_text, "1 of 3")

    def test_attempt_performs_no_step(self):
        """Nobody spoke to the customer: the film has not gone on."""
        call = self._call()
        self._miss(call, day("03-04"), "voicemail")
        self.assertEqual(set(call.line_ids.mapped("state")), {"open"})
        self.assertFalse(call.outcome)

    def test_attempts_are_kept(self):
        call = self._call()
        self._miss(call, day("03-04"))
        self._miss(call, day("03-05"), "voicemail", note="Left my number.")
        self._note(call, note="Will look into it.")
        self.assertEqual(
            call.call_ids.sorted("id").mapped("result"),
            ["absent", "voicemail", "reached"],
        )
        self.assertEqual(call.call_ids.user_id, self.collector)
        self.assertEqual(set(call.call_ids.mapped("phone")), {self.jeanne.phone})
        self.assertEqual(call.state, "done")

    def test_chatter_of_the_customer_tells_of_attempts(self):
        call = self._call()
        self._miss(call, day("03-04"), note="Line was busy.")
        for record in (call, self.customer):
            body = record.message_ids[0].body
            self.assertIn("Jeanne Roux, +33 1 99 00 11 22: not available.", body)
            self.assertIn("Next call: 03/05/2026.", body)
        self.assertIn("Line was busy.", call.message_ids[0].body)
        self.assertNotIn("busy", self.customer.message_ids[0].body)

    def test_after_the_last_call_the_desk_decides(self):
        call = self._call()
        for on in ("03-04", "03-05", "03-06"):
            self._miss(call, day(on))
        self.assertEqual(call.state, "failed")
        self.assertEqual(
            call.reason, "Not reached after 3 calls, the last on 03/06/2026."
        )
        self.assertFalse(call.activity_ids)
        self.assertEqual(set(call.line_ids.mapped("state")), {"open"})

    def test_desk_may_have_it_called_once_more(self):
        """Retry begins with as many calls as before."""
        call = self._call()
        for on in ("03-04", "03-05", "03-06"):
            self._miss(call, day(on))
        call.with_user(self.collector).action_retry()
        self._deliver_at(call, "03-09")
        self.assertEqual((call.state, call.call_date), ("in_progress", day("03-09")))
        self.assertFalse(call.call_tries_text)

    def test_after_the_last_call_the_fallback_takes_over(self):
        self.reminder.write(
            {
                "fallback_channel": "email",
                "mail_template_id": self.env["mail.template"]
                .create(
                    {
                        "name": "Reminder",
                        "model_id": self.env["ir.model"]._get_id("dunning.action"),
                        "subject": "To settle",
                        "body_html": "<p>Please pay.</p>",
                    }
                )
                .id,
                "call_attempts": 2,
            }
        )
        call = self._call()
        self._miss(call, day("03-04"))
        self._miss(call, day("03-05"))
        self.assertEqual(call.state, "scheduled")
        self._deliver_at(call, "03-05")
        self.assertEqual(call.state, "done")
        ways = [(way.channel, way.state) for way in call.delivery_ids]
        self.assertEqual(ways, [("phone", "failed"), ("email", "waiting")])

    def test_tried_again_after_hours(self):
        """The last hours of the day are not waited for when nobody works then."""
        self.reminder.write({"call_retry_unit": "hour", "call_retry_delay": 2})
        call = self._call()
        with freeze_time("2026-03-04 07:30:00"):
            self._note(call, call_result="absent")
        self.assertEqual(call.call_at, datetime(2026, 3, 4, 9, 30))
        with freeze_time("2026-03-04 17:00:00"):
            self._note(call, call_result="absent")
        self.assertEqual((call.call_date, call.call_at), (day("03-05"), False))

    def test_one_click_notes_that_nobody_answered(self):
        call = self._call()
        call.with_user(self.collector).action_note_absent()
        self.assertEqual(call.call_date, day("03-05"))
        self.assertEqual(call.call_ids.result, "absent")

    def test_only_those_who_may_note_call(self):
        stranger = new_test_user(
            self.env, login="stranger", groups="account.group_account_invoice"
        )
        call = self._call()
        with self.assertRaises(AccessError):
            call.with_user(stranger).action_note_absent()

    def test_what_was_made_is_not_missed(self):
        call = self._call()
        self._note(call, note="All is well.")
        with self.assertRaisesRegex(UserError, "under way"):
            call.with_user(self.collector).action_note_absent()

    def _deliver_at(self, call, on):
        with freeze_time(f"2026-{on} 10:00:00"):
            call.with_user(self.collector)._deliver(
                datetime.fromisoformat(f"2026-{on} 12:00:00")
            )

    # ---- call back -------------------------------------------------------------------

    def test_call_back_at_an_hour(self):
        call = self._call()
        at = datetime(2026, 3, 10, 14, 30)
        self._note(call, call_result="call_back", call_back_at=at)
        self.assertEqual((call.call_date, call.call_at), (day("03-10"), at))
        self.assertEqual(call.activity_ids.date_deadline, day("03-10"))
        self.assertFalse(call.call_tries_text)

    def test_call_back_has_to_come(self):
        call = self._call()
        with self._assertRefused("future time"):
            self._note(
                call, call_result="call_back", call_back_at=datetime(2026, 3, 4, 9)
            )

    def test_notice_is_called_back_before_it_expires(self):
        (self.late | self.later).move_id.button_draft()
        with freeze_time("2026-03-23 10:00:00"):
            call = self._plan(day("03-23"))
            call.with_user(self.collector).action_confirm()
            call.with_user(self.collector)._deliver(datetime(2026, 3, 23, 12))
            with self._assertRefused("until the due date"):
                self._note(
                    call, call_result="call_back", call_back_at=datetime(2026, 4, 2, 9)
                )

    def test_calls_at_their_hour_come_first(self):
        """S2-01: the work of the day in an order that makes sense."""
        borel, corail = (self._create_customer(name) for name in ("Borel", "Corail"))
        for customer in (borel, corail):
            self._create_claim(day("02-10"), customer=customer)
        calls = self._call()
        by_name = {call.partner_id: call for call in calls}
        for customer, hour in ((borel, 16), (corail, 14)):
            self._note(
                by_name[customer],
                call_result="call_back",
                call_back_at=datetime(2026, 3, 4, hour),
            )
        view = self.env.ref("account_dunning_scenario.dunning_action_view_list_call")
        order = view._get_combined_arch().get("default_order")
        found = calls.search([("id", "in", calls.ids)], order=order)
        self.assertEqual(found.partner_id.mapped("name")[:2], ["Corail", "Borel"])

    def test_put_off_in_the_activity(self):
        call = self._call()
        call.activity_ids.with_user(self.collector).date_deadline = day("03-12")
        self.assertEqual(call.call_date, day("03-12"))

    # ---- wrong number ----------------------------------------------------------------

    def test_wrong_number_is_corrected_and_the_call_goes_on(self):
        call = self._call()
        wrong = self.jeanne.phone
        entry = self._note(
            call, call_result="wrong_number", right_number="+33 1 44 55 66 77"
        )
        self.assertEqual(self.jeanne.phone, "+33 1 44 55 66 77")
        self.assertIn(wrong, self.jeanne.message_ids[0].body)
        self.assertEqual(
            (call.state, call.call_phone), ("in_progress", "+33 1 44 55 66 77")
        )
        self.assertIn("+33 1 44 55 66 77", call.activity_ids.note)
        self.assertFalse(call.call_tries_text)
        self.assertTrue(entry)

    def test_dialog_opens_again_with_the_right_number(self):
        dialog = self._open(self._call())
        dialog.call_result = "wrong_number"
        dialog.right_number = "+33 1 44 55 66 77"
        action = dialog.save().action_save()
        self.assertEqual(action["res_model"], "dunning.entry")

    def test_what_is_no_number_is_refused(self):
        with self._assertRefused("not a telephone number"):
            self._note(self._call(), call_result="wrong_number", right_number="12")

    def test_without_the_right_one_another_is_called(self):
        call = self._call()
        self._note(call, call_result="wrong_number")
        self.assertFalse(self.jeanne.phone)
        self.assertEqual(call.call_contact_id, self.customer)
        self.assertEqual(call.call_phone, self.customer.phone)

    def test_without_any_other_the_desk_is_told(self):
        self.customer.phone = False
        call = self._call()
        self._note(call, call_result="wrong_number")
        self.assertEqual(call.state, "failed")
        self.assertIn("+33 1 99 00 11 22 is a wrong number", call.reason)

    # ---- what the caller reads -------------------------------------------------------

    def test_caller_has_all_before_them(self):
        """S0-23: numbers of all the people to contact, items, script, past calls."""
        call = self._call()
        self._miss(call, day("03-04"), note="Busy.")
        html = call.with_user(self.collector).call_html
        self.assertIn('href="tel:+33199001122"', html)
        self.assertIn('href="tel:+33102030405"', html)
        self.assertIn("Accountant", html)
        self.assertIn(self.late.move_id.name, html)
        self.assertIn("Ask for a date.", html)
        self.assertIn("Not available. Busy.", html)

    def test_list_can_be_printed(self):
        call = self._call()
        report = self.env["ir.actions.report"].with_user(self.collector)
        html, _type = report._render_qweb_html(
            "account_dunning_scenario.report_calls", call.ids
        )
        self.assertIn("Azur Interior", html.decode())
        self.assertIn("+33 1 99 00 11 22", html.decode())
        self.assertIn("Notes", html.decode())

    def test_list_can_be_exported(self):
        self.collector.group_ids |= self.env.ref("base.group_allow_export")
        call = self._call().with_user(self.collector)
        rows = call.export_data(["partner_id/name", "call_phone", "call_date"])
        self.assertEqual(rows["datas"][0][:2], ["Azur Interior", "+33 1 99 00 11 22"])

    def test_sheets_are_read_at_once(self):
        """The queries of the list to print do not grow with the calls."""
        counts = []
        for size in (3, 15):
            for number in range(size):
                customer = self._create_customer(f"Batch{size}x{number}")
                self._create_claim(day("02-10"), customer=customer)
            calls = self._call()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            calls._get_call_sheets()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1] - counts[0], 3, counts)

    def test_attempts_are_for_those_concerned(self):
        """A salesperson reads the calls to their own customers, nobody else's."""
        call = self._call()
        self._miss(call, day("03-04"))
        attempts = call.call_ids
        self.assertTrue(attempts.with_user(self.sarah).has_access("read"))
        self.assertFalse(attempts.with_user(self.paul).has_access("read"))
        with self.assertRaises(AccessError):
            attempts.with_user(self.collector).write({"result": "reached"})
