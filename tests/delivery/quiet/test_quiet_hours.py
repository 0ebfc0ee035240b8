from datetime import datetime

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged

from ....models.delivery.quiet.quiet_hours import get_quiet_end
from ...common import day
from ..common import DeliveryCommon

WEDNESDAY_NIGHT = datetime(2026, 3, 4, 20, 30)  # 21:30 in Paris
SUNDAY = datetime(2026, 3, 8, 12)


@tagged("post_install", "-at_install")
class TestQuietHours(DeliveryCommon):
    """Nothing rings at a customer's at night, on Sundays, on their public holidays
    (policy, J19)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sms_text = cls.env["sms.template"].create(
            {
                "name": "Text message",
                "model_id": cls.env["ir.model"]._get_id("dunning.action"),
                "body": "{{ object.company_id.name }}: {{ object.totals_text }}?",
            }
        )
        cls.customer.write({"phone": "+33 6 12 34 56 78", "dunning_size": "small"})
        cls._use_channel("sms", sms_template_id=cls.sms_text.id, fallback_channel=False)

    @classmethod
    def _give_calendar(cls, country, holiday):
        calendar = (
            cls.env["resource.calendar"]
            .sudo()
            .create(
                {
                    "name": country.name,
                    "tz": "Europe/Brussels",
                    "company_id": False,
                    "attendance_ids": [
                        Command.create(
                            {
                                "name": "Day",
                                "dayofweek": str(weekday),
                                "hour_from": 8,
                                "hour_to": 18,
                            }
                        )
                        for weekday in range(5)
                    ],
                    "leave_ids": [
                        Command.create(
                            {
                                "name": "Holiday",
                                "date_from": f"{holiday} 00:00:00",
                                "date_to": f"{holiday} 22:59:59",
                            }
                        )
                    ],
                }
            )
        )
        return cls.env["dunning.country.calendar"].create(
            {"country_id": country.id, "calendar_id": calendar.id}
        )

    # ---- quiet hours -----------------------------------------------------------------

    def test_at_night_it_waits_for_the_morning_of_the_customer(self):
        action = self._prepare()
        self._send(action, WEDNESDAY_NIGHT)
        self.assertEqual(action.state, "scheduled")
        self.assertEqual(action.scheduled_at, datetime(2026, 3, 5, 7), "8:00 in Paris")
        self.assertFalse(action.delivery_ids)
        self._send(action, datetime(2026, 3, 5, 7))
        self.assertEqual(action.state, "done")

    def test_the_night_is_the_customers(self):
        """It is half past three in the afternoon in New York."""
        self.customer.tz = "America/New_York"
        action = self._prepare()
        self._send(action, WEDNESDAY_NIGHT)
        self.assertEqual(action.state, "done")

    def test_on_sundays_it_waits_for_monday(self):
        action = self._prepare()
        self._send(action, SUNDAY)
        self.assertEqual(action.scheduled_at, datetime(2026, 3, 9, 7))

    def test_a_public_holiday_of_the_customers_country_is_quiet(self):
        belgium = self.env.ref("base.be")
        self.customer.write({"country_id": belgium.id, "phone": "+32 470 12 34 56"})
        self._give_calendar(belgium, "2026-03-04")
        action = self._prepare()
        self._send(action)
        self.assertEqual(action.scheduled_at, datetime(2026, 3, 5, 7))

    def test_mail_does_not_ring(self):
        self._use_channel("email")
        action = self._prepare()
        self._send(action, SUNDAY)
        self.assertEqual(action.state, "done")

    def test_what_rings_second_keeps_the_whole_action_back(self):
        """One contact: the mail does not leave without its text message."""
        self._use_channel("email", second_channel="sms")
        action = self._prepare()
        self._send(action, SUNDAY)
        self.assertEqual(action.state, "scheduled")
        self.assertFalse(action.delivery_ids)

    def test_a_fallback_that_is_not_needed_keeps_nothing_back(self):
        self._use_channel("email", fallback_channel="sms")
        action = self._prepare()
        self._send(action, SUNDAY)
        self.assertEqual(action.state, "done")

    def test_calls_become_tasks_in_the_morning(self):
        self._use_channel("phone")
        action = self._prepare()
        self._send(action, WEDNESDAY_NIGHT)
        self.assertFalse(action.activity_ids)
        self._send(action, datetime(2026, 3, 5, 7))
        self.assertTrue(action.activity_ids)

    def test_a_company_may_do_without(self):
        self.company.sudo().dunning_is_quiet = False
        action = self._prepare()
        self._send(action, SUNDAY)
        self.assertEqual(action.state, "done")

    @freeze_time("2026-03-04 20:30:00")
    def test_who_sends_now_is_told_that_it_waits(self):
        action = self._prepare()
        told = action.with_user(self.collector).action_deliver()
        self.assertEqual(told["tag"], "display_notification")
        self.assertIn("quiet hours", told["params"]["message"])
        self.assertEqual(action.state, "scheduled")

    def test_hours(self):
        """Over midnight, at noon, none at all; nothing for ever on quiet days only."""
        night = datetime(2026, 3, 4, 23)
        noon = datetime(2026, 3, 4, 12, 30)
        never = datetime(2026, 3, 4, 12, 30)
        for moment, begins, ends, expected in (
            (night, 20, 8, datetime(2026, 3, 5, 8)),
            (noon, 20, 8, noon),
            (noon, 12, 13.5, datetime(2026, 3, 4, 13, 30)),
            (night, 8, 8, night),
            (datetime(2026, 3, 4, 8), 20, 8, datetime(2026, 3, 4, 8)),
        ):
            end = get_quiet_end(moment, begins, ends, lambda _day: False)
            self.assertEqual(end, expected)
        self.assertGreater(get_quiet_end(never, 20, 8, lambda _day: True), never)

    # ---- holidays of the country -----------------------------------------------------

    def test_business_days_are_those_of_the_customers_country(self):
        """A Belgian customer on a Belgian holiday; a French one on the same day."""
        belgium = self.env.ref("base.be")
        belgian = self._create_customer("Ateliers Delvaux", country_id=belgium.id)
        self._give_calendar(belgium, "2026-03-04")
        self.scenario.is_business_days_only = True
        theirs = self._create_late_claim(belgian)
        ours = self._create_late_claim()
        self.assertEqual(self._get_failed(theirs), {"business_day"})
        self.assertDue(ours)
        self.assertEqual(self._get_failed(theirs, day("03-05")), set())

    def test_thanks_wait_for_the_business_day_of_the_country(self):
        belgium = self.env.ref("base.be")
        self.customer.country_id = belgium
        self._give_calendar(belgium, "2026-03-04")
        self._add_steps(self.scenario, self._thanks(delay=1, sequence=90))
        self.scenario.is_business_days_only = True
        self._pay(self._create_claim(day("03-20")), day("03-03"))
        self.assertFalse(self._plan())
        self.assertEqual(self._plan(day("03-05")).kind, "thanks")

    def test_only_managers_set_the_holidays(self):
        record = self._give_calendar(self.env.ref("base.be"), "2026-03-04")
        user = new_test_user(self.env, "carl", "base.group_user")
        record.with_user(user).check_access("read")
        for login in (user, self.collector):
            with self.assertRaises(AccessError):
                record.with_user(login).unlink()
