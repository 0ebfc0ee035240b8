import importlib.util
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools.misc import file_path

from ..common import day
from ..delivery.common import DeliveryCommon

SCRIPT = "account_dunning_scenario/migrations/19.0.1.3.0/post-private-visits.py"


@tagged("post_install", "-at_install")
class TestChannelVisit(DeliveryCommon):
    """The visit: whose it is, the meeting proposed, the ledger taken along, the report.

    Wednesday 4 March 2026, 10:00 UTC: two working days on is Friday 6 March. The test
    database has Odoo's calendar installed.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._use_channel(
            "visit", fallback_channel=False, script="<p>Look at the stocks.</p>"
        )
        cls.seller = new_test_user(
            cls.env,
            login="sam",
            name="Sam Vendel",
            groups="base.group_user",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    @contextmanager
    def _without_calendar(self):
        meeting = type(self.env["dunning.meeting"])
        with patch.object(meeting, "_has_calendar", lambda _self: False):
            yield

    def _get_meeting(self, action):
        """Return the meeting as the visitor sees it: it is private."""
        meeting = action.delivery_ids.activity_id.calendar_event_id
        return meeting.with_user(meeting.sudo().user_id)

    def _report(self, action, user=None, **values):
        entry = Form(
            self.env["dunning.entry"]
            .with_user(user or self.collector)
            .with_context(
                default_partner_id=action.partner_id.id,
                default_company_id=self.company.id,
                default_action_id=action.id,
            )
        )
        for name, value in values.items():
            setattr(entry, name, value)
        entry = entry.save()
        entry.action_save()
        return action.visit_ids

    # ---- the task and its meeting ----------------------------------------------------

    def test_meeting_is_proposed_where_the_customer_is(self):
        """S0-21: a visit to a strategic customer, two working days on, in the
        collector's calendar; nobody is mailed, and the customer is not invited."""
        with self.mock_mail_gateway():
            action = self._remind()
        activity = action.delivery_ids.activity_id
        self.assertEqual(activity.user_id, self.collector)
        self.assertEqual(activity.date_deadline, day("03-06"))
        self.assertIn("Look at the stocks.", activity.note)
        meeting = self._get_meeting(action)
        self.assertEqual(meeting.start, datetime(2026, 3, 6, 9))  # 10:00 in Paris
        self.assertEqual(meeting.stop - meeting.start, timedelta(hours=1))
        self.assertIn("8 rue des Lilas", meeting.location)
        self.assertEqual(meeting.partner_ids, self.collector.partner_id)
        self.assertIn("Look at the stocks.", meeting.description)
        self.env.invalidate_all()
        seen = meeting.with_user(self.seller).read(["name", "description"])[0]
        self.assertNotIn("Look at", str(seen))  # colleagues see the calendar
        self.assertNotIn(self.customer.name, str(seen))
        self.assertFalse(self._new_mails)
        self.assertFalse(self._mails)

    def test_meetings_made_before_are_private(self):
        """They held the figures: colleagues see that somebody is busy."""
        meeting = self._get_meeting(self._remind())
        meeting.privacy = False
        meeting.flush_recordset()
        spec = importlib.util.spec_from_file_location("script", file_path(SCRIPT))
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.2.0")
        meeting.invalidate_recordset()
        self.assertEqual(meeting.privacy, "private")

    def test_meetings_take_the_free_hours(self):
        """The collector is busy on Friday morning; two visits take the afternoon."""
        self.env["calendar.event"].create(
            {
                "name": "Dentist",
                "start": datetime(2026, 3, 6, 8, 30),
                "stop": datetime(2026, 3, 6, 11),
                "partner_ids": self.collector.partner_id.ids,
            }
        )
        actions = self._remind(self.customer, self._create_customer("Borel"))
        starts = sorted(self._get_meeting(action).start for action in actions)
        self.assertEqual(starts, [datetime(2026, 3, 6, 13), datetime(2026, 3, 6, 15)])

    def test_moved_meeting_moves_the_visit(self):
        action = self._remind()
        self._get_meeting(action).write(
            {"start": datetime(2026, 3, 10, 9), "stop": datetime(2026, 3, 10, 10)}
        )
        self.assertEqual(action.visit_date, day("03-10"))

    def test_paid_before_the_visit_takes_the_meeting_away(self):
        action = self._remind()
        meeting = self._get_meeting(action)
        self._pay(action.line_ids.move_line_id, self.TODAY)
        self.assertFalse(meeting.exists())
        self.assertEqual(action.state, "cancelled")

    def test_deleted_meeting_returns_the_visit_to_the_desk(self):
        """Odoo's calendar deletes the task with its meeting, behind our back."""
        action = self._remind()
        self._get_meeting(action).unlink()
        self.env.invalidate_all()
        self.env["dunning.delivery"].sudo()._return_abandoned()
        self.assertEqual(action.state, "to_confirm")
        self.assertFalse(action.is_ticked)

    def test_without_calendar_the_visit_is_a_task_with_a_day(self):
        with self._without_calendar():
            action = self._remind()
            activity = action.delivery_ids.activity_id
            self.assertEqual(activity.date_deadline, day("03-06"))
            self.assertFalse(activity.calendar_event_id)
            with self.assertRaisesRegex(
                UserError, "There is no meeting in the calendar"
            ):
                action.with_user(self.collector).action_open_meeting()
            self._pay(action.line_ids.move_line_id, self.TODAY)
        self.assertEqual(action.state, "cancelled")

    def test_visit_of_the_salesperson(self):
        self.reminder.activity_user = "salesperson"
        self.customer.user_id = self.seller
        action = self._remind()
        self.assertEqual(action.visit_user_id, self.seller)
        self.assertEqual(self._get_meeting(action).partner_ids, self.seller.partner_id)

    def test_customer_without_address_is_said_clearly(self):
        self.customer.write({"street": False, "city": False})
        action = self._remind()
        self.assertEqual(action.state, "failed")
        self.assertIn("postal address", action.reason)

    # ---- the report ------------------------------------------------------------------

    def test_report_performs_the_visit(self):
        """S3-32: how the customer stands is kept, told, and the step is performed."""
        action = self._remind()
        visit = self._report(
            action,
            visit_situation="strained",
            visit_situation_text="Half the workshop is idle.",
            visit_next_step="Call the owner on Monday.",
            has_promise=True,
            promise_date=day("03-13"),
        )
        self.assertEqual(visit.situation, "strained")
        self.assertEqual(visit.user_id, self.collector)
        self.assertEqual(visit.visited_date, self.TODAY)
        self.assertIn("promises", visit.agreement)
        self.assertEqual(action.state, "done")
        self.assertEqual(action.line_ids.state, "done")
        self.assertEqual(action.promise_ids.source, "visit")
        told = action.message_ids.mapped("body")
        self.assertTrue(any("Half the workshop is idle." in body for body in told))
        self.assertTrue(any("Call the owner on Monday." in body for body in told))

    def test_report_without_the_situation_is_refused(self):
        action = self._remind()
        entry = self.env["dunning.entry"].create(
            {
                "partner_id": self.customer.id,
                "action_id": action.id,
                "note": "Nice chat",
            }
        )
        with self.assertRaisesRegex(UserError, "the situation of the customer"):
            entry.action_save()

    def test_salesperson_reports_their_visit(self):
        """No more than a user, but the customer is theirs."""
        self.reminder.activity_user = "salesperson"
        self.customer.user_id = self.seller
        action = self._remind()
        visit = self._report(action, self.seller, visit_situation="sound")
        self.assertEqual(visit.user_id, self.seller)
        self.assertEqual(action.state, "done")

    def test_task_marked_as_done_is_a_visit_too(self):
        action = self._remind()
        action.activity_ids.with_user(self.collector).action_feedback(
            feedback="Cheque taken along"
        )
        self.assertEqual(action.state, "done")
        self.assertEqual(action.visit_ids.agreement, "Cheque taken along")
        self.assertFalse(action.visit_ids.situation)

    def test_visit_goes_where_the_customer_goes(self):
        """A workshop that was visited becomes the contact of its buyer."""
        visit = self._report(self._remind(), visit_situation="sound")
        group = self.env["res.partner"].create({"name": "Groupe Azur"})
        self.customer.write({"is_company": False, "parent_id": group.id})
        self.assertEqual((visit.partner_id, visit.action_id.partner_id), (group, group))

    def test_next_visitor_reads_the_last_report(self):
        first = self._remind()
        self._report(first, visit_situation="critical", visit_next_step="Ask the bank.")
        self._create_late_claim()
        second = self._plan()
        second.with_user(self.collector).action_confirm()
        self._send(second)
        self.assertIn("Ask the bank.", second.delivery_ids.activity_id.note)
        self.assertIn("Critical", second.visit_html)

    # ---- the ledger extract ----------------------------------------------------------

    def _get_extract(self, partner=None):
        report = self.env["report.account_dunning_scenario.ledger_extract"]
        partner = partner or self.customer
        pdf = report._get_pdfs(partner, self.TODAY, self.company)[partner]
        return self._get_text(pdf)

    def test_extract_shows_open_items_then_movements(self):
        """S3-31: an invoice paid in part, one of two years ago, and what they make."""
        old = self._create_claim(day("03-01").replace(year=2024), 50.0)
        claim = self._create_late_claim(amount=100.0)
        self._pay(claim, day("03-02"), amount=40.0)
        opening, movements = self._get_extract()
        self.assertIn(old.move_id.name, opening)
        self.assertIn("110.00", opening)
        self.assertNotIn(old.move_id.name, movements)
        self.assertIn(claim.move_id.name, movements)
        balances = [text for text in movements.split() if text in ("50.00", "150.00")]
        self.assertEqual(balances, ["50.00", "150.00"])
        self.assertIn("Balance of your account on 4 March 2026", movements)
        self.assertTrue(movements.split("on 4 March 2026")[1].find("110.00"))

    def test_long_ledger_carries_its_balance_over(self):
        for _number in range(40):
            self._create_entry(10.0, day("02-01"))
        pages = self._get_extract()
        self.assertEqual(len([page for page in pages if "Movements" in page]), 2)
        self.assertIn("Carried over $ 360.00", pages[-1])
        self.assertIn("400.00", pages[-1])

    def test_extract_keeps_currencies_apart(self):
        """An invoice of 100 euros paid at another rate: 100 euros less 100 euros, and
        our exchange difference is none of the customer's business."""
        euro = self.setup_other_currency(
            "EUR", rates=[("1900-01-01", 0.5), (day("03-01"), 0.4)]
        )
        self._create_late_claim(amount=30.0)
        claim = self._create_claim(day("02-20"), 100.0, currency_id=euro.id)
        method = self.inbound_payment_method_line
        self._register_payment(
            claim.move_id,
            payment_date=day("03-03"),
            journal_id=method.journal_id.id,
            payment_method_line_id=method.id,
        )
        difference = claim.matched_credit_ids.exchange_move_id
        self.assertTrue(difference)
        text = " ".join(self._get_extract())
        dollars, euros = text.split("Movements")[1:]
        self.assertIn("in USD", dollars)
        self.assertIn("on 4 March 2026 $ 30.00", dollars)
        self.assertIn("in EUR", euros)
        self.assertIn("on 4 March 2026 0.00 €", euros)
        self.assertNotIn(difference.name, text)

    def test_extract_is_for_who_follows_the_customer_up(self):
        report = self.env["report.account_dunning_scenario.ledger_extract"]
        with self.assertRaises(AccessError):
            report.with_user(self.seller)._get_streams(self.customer.ids)
        self.customer.user_id = self.seller
        streams = report.with_user(self.seller)._get_streams(self.customer.ids)
        self.assertTrue(streams[self.customer.id].startswith(b"%PDF"))

    # ---- rights ----------------------------------------------------------------------

    def test_reports_are_read_by_those_concerned(self):
        visit = self._report(self._remind(), visit_situation="failing")
        other = new_test_user(self.env, "olga", groups="base.group_user")
        Visit = self.env["dunning.visit"]
        self.assertFalse(Visit.with_user(other).search([("id", "=", visit.id)]))
        self.assertTrue(Visit.with_user(self.collector).search([("id", "=", visit.id)]))
        with self.assertRaises(AccessError):
            visit.with_user(self.collector).situation = "sound"
