from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import Form, HttpCase, tagged

from odoo.addons.sms.tools.sms_api import SmsApi

from ...models.message.sms_text import get_sms_size
from ..common import day
from ..delivery.common import DeliveryCommon

MODULE = "account_dunning_scenario"
NOON = datetime(2026, 3, 4, 12)


@tagged("post_install", "-at_install")
class TestChannelSms(DeliveryCommon, HttpCase):
    """Text messages to craftsmen and private customers (S3-37..S3-40)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.module.module"]._load_module_terms([MODULE], ["fr_FR"])
        cls.company.phone = "+33 1 44 55 66 77"
        cls.text = cls.env.ref(f"{MODULE}.sms_template_reminder_courteous")
        cls._use_channel("sms", fallback_channel="letter", sms_template_id=cls.text.id)
        cls.customer.write({"phone": "06 12 34 56 78", "dunning_size": "small"})

    def _answer(self, state, **details):
        """Let the SMS service answer all that is in the queue."""

        def contact(_api, _endpoint, params, **_options):
            return [
                {"uuid": number["uuid"], "state": state, **details}
                for message in params["messages"]
                for number in message["numbers"]
            ]

        with patch.object(SmsApi, "_contact_iap", contact):
            self.env["sms.sms"].sudo().search([("state", "=", "outgoing")]).send()

    def _report(self, action, status, failure=False):
        """Let a delivery report come in."""
        trace = action.delivery_ids[-1:]._get_sms_trace().sudo()
        trace.write({"notification_status": status, "failure_type": failure})

    def _settle(self, now=NOON):
        self.env["dunning.delivery"].sudo()._settle_sent(now)
        self.env.invalidate_all()

    # ---- who -------------------------------------------------------------------------

    def test_the_number_is_made_international(self):
        action = self._remind()
        sms = action.delivery_ids.sms_id
        self.assertEqual(sms.number, "+33612345678")
        self.assertEqual(sms.state, "outgoing")
        self.assertEqual(action.state, "done")

    def test_a_number_is_read_as_in_the_country_of_its_contact(self):
        swiss = self._create_customer(
            "Atelier Rhône",
            phone="079 123 45 67",
            country_id=self.env.ref("base.ch").id,
            dunning_size="small",
        )
        self.assertEqual(self._remind(swiss).delivery_ids.address, "+41791234567")

    def test_a_landline_gets_the_fallback(self):
        """Nobody reads a text message on the telephone of the workshop."""
        self.customer.phone = "04 78 12 34 56"
        action = self._remind()
        self.assertEqual(
            self._get_ways(action),
            [("first", "sms", "failed"), ("fallback", "letter", "waiting")],
        )
        self.assertIn("mobile", action.delivery_ids[0].failure_reason)

    def test_the_contact_with_a_mobile_number_is_preferred(self):
        values = {"parent_id": self.customer.id, "type": "invoice"}
        office, _mobile = self.env["res.partner"].create(
            [
                {**values, "name": "Office", "phone": "+1 212 555 0123"},
                {**values, "name": "Ms Mobile", "phone": "+33 7 61 23 45 67"},
            ]
        )
        self.assertEqual(self._remind().delivery_ids.contact_id.name, "Ms Mobile")
        self.assertTrue(office)

    def test_larger_companies_get_the_fallback(self):
        """S3-40: unsuited to most situations, so that the step says to whom."""
        self.customer.dunning_size = "large"
        action = self._remind()
        self.assertEqual(action.delivery_ids.mapped("channel"), ["sms", "letter"])
        self.assertIn("small companies", action.delivery_ids[0].failure_reason)

    def test_persons_get_it_whatever_their_size(self):
        """S3-39: the due date of a private customer."""
        person = self._create_customer(
            "Louise Martin", is_company=False, phone="06 98 76 54 32"
        )
        self.assertEqual(self._remind(person).delivery_ids.channel, "sms")

    def test_a_step_may_be_for_all(self):
        self.customer.dunning_size = "large"
        self.reminder.sms_audience = "all"
        self.assertEqual(self._remind().delivery_ids.channel, "sms")

    # ---- what ------------------------------------------------------------------------

    def test_the_message_says_all_that_counts(self):
        """Sender, amount, due date, what is asked, by when, whom to call."""
        body = self._remind().delivery_ids.sms_id.body
        for said in (
            self.company.name,
            "100.00",
            "24 Feb 2026",
            "pay it by 12 Mar 2026?",
            "Camille Durand",
            "+33 1 44 55 66 77",
        ):
            self.assertIn(said, body)

    def test_delivered_texts_are_two_parts_at_most_in_both_languages(self):
        """French amounts and words stay in the GSM alphabet."""
        self._create_late_claim(amount=12345.60)
        action = self._plan()
        for name in ("notice", "courteous", "neutral", "firm", "formal"):
            stem = name if name == "notice" else f"reminder_{name}"
            template = self.env.ref(f"{MODULE}.sms_template_{stem}")
            self.reminder.sms_template_id = template
            for lang in ("en_US", "fr_FR"):
                self.customer.lang = lang
                action.invalidate_recordset()
                text = action._get_short_texts()[action]
                with self.subTest(text=name, lang=lang):
                    size = get_sms_size(text)
                    self.assertEqual(size.encoding, "GSM-7", text)
                    self.assertLessEqual(size.parts, 2, text)

    def test_what_a_person_wrote_is_sent(self):
        action = self._prepare()
        action.with_user(self.collector).mail_body = "<p>As agreed, thank you.</p>"
        self._send(action)
        self.assertEqual(action.delivery_ids.sms_id.body, "As agreed, thank you.")

    def test_a_text_that_becomes_too_long_is_not_sent(self):
        self.reminder.sms_max_parts = 2
        action = self._prepare()
        action.with_user(self.collector).mail_body = f"<p>{'a' * 400}</p>"
        self._send(action)
        self.assertEqual(action.state, "failed")
        self.assertIn("3 text messages", action.reason)
        self.assertFalse(action.delivery_ids.sms_id)

    def test_a_text_that_is_always_too_long_is_refused_when_it_is_written(self):
        with self.assertRaisesRegex(ValidationError, "Shorten it"):
            self.text.body = "a" * 500
        with self.assertRaisesRegex(ValidationError, "Shorten it"):
            self.reminder.sms_max_parts = 1
            self.text.body = "a" * 161 + "{{ object.totals_text }}"

    def test_each_part_is_paid_for(self):
        """S3-12: what the message cost is on record, part by part."""
        self.env["dunning.channel.cost"].sudo()._set_costs(
            self.company, day("01-01"), {"sms": 0.07}
        )
        delivery = self._remind().delivery_ids
        self.assertEqual(delivery.sms_parts, 2)
        self.assertAlmostEqual(delivery.cost, 0.14)

    def test_the_chatter_of_the_action_shows_it(self):
        action = self._remind()
        message = action.delivery_ids.mail_message_id
        self.assertEqual(message.message_type, "sms")
        self.assertIn(message, action.message_ids)
        self.assertIn("SMS to Azur", self.customer.message_ids[0].body)
        self.assertIn("100.00", message.body)

    # ---- results ---------------------------------------------------------------------

    def test_sent(self):
        action = self._remind()
        self._answer("success")
        self._settle()
        self.assertEqual(action.delivery_ids.sent_at, NOON)
        self._report(action, "sent")
        self._settle()
        self.assertEqual(action.state, "done")

    def test_a_wrong_number_takes_the_fallback(self):
        action = self._remind()
        self._answer("wrong_number_format")
        self._settle()
        self.assertEqual(action.delivery_ids.state, "failed")
        self.assertEqual(action.state, "scheduled")
        self.assertIn("correct the number", action.delivery_ids.failure_reason)
        self._send(action)
        self.assertEqual(action.delivery_ids[-1:].channel, "letter")
        self.assertFalse(action.message_ids.filtered(lambda m: m.message_type == "sms"))
        self.assertNotIn("SMS to", " ".join(self.customer.message_ids.mapped("body")))

    def test_a_corrected_number_is_used(self):
        action = self._remind()
        self._answer("wrong_number_format")
        self._settle()
        self.customer.phone = "06 98 76 54 32"
        self._send(action)
        self.assertEqual(action.delivery_ids[-1:].address, "+33698765432")

    def test_a_report_may_come_days_later(self):
        action = self._remind()
        self._answer("success")
        self._settle()
        self._report(action, "bounce", "sms_invalid_destination")
        self._settle(datetime(2026, 3, 6, 9))
        self.assertEqual(action.delivery_ids.state, "failed")

    def test_no_credit_is_told_and_not_tried_again(self):
        action = self._remind()
        self._answer("insufficient_credit")
        self._settle()
        self.assertEqual(action.state, "failed")
        self.assertIn("no credit", action.reason)

    def test_a_service_that_is_down_is_tried_again(self):
        """Later each time; what became of it is told on the dispatch meanwhile."""
        action = self._remind()
        self._answer("server_error")
        self._settle()
        delivery = action.delivery_ids
        self.assertEqual(delivery.attempt_count, 1)
        self.assertEqual(delivery.retry_at, datetime(2026, 3, 4, 12, 15))
        self.assertEqual(action.dispatch_result, "put_off")
        self.assertIn("SMS service", action.dispatch_note)
        self._settle(datetime(2026, 3, 4, 12, 10))
        self.assertEqual(delivery.sms_id.state, "error", "its time has not come")
        self._settle(datetime(2026, 3, 4, 12, 16))
        self.assertEqual(delivery.sms_id.state, "outgoing")
        self._answer("success")
        self._settle(datetime(2026, 3, 4, 12, 20))
        self.assertTrue(delivery.sent_at)
        self.assertEqual(action.state, "done")

    def test_a_service_that_stays_down_is_given_up(self):
        action = self._remind()
        moment = NOON
        for _try in range(6):
            self._answer("server_error")
            self._settle(moment)
            moment = action.delivery_ids.retry_at or moment
            self._settle(moment)
        self.assertEqual(action.state, "failed")
        self.assertIn("after several attempts", action.reason)

    def test_paid_meanwhile_it_is_called_back(self):
        """The payment arrives while the message waits in Odoo's queue."""
        action = self._remind()
        sms = action.delivery_ids.sms_id
        self._pay(action.line_ids.move_line_id, day("03-04"))
        self.assertFalse(sms.exists())
        self.assertEqual(action.delivery_ids.state, "cancelled")
        self._send(action)
        self.assertEqual(action.state, "cancelled")

    def test_switched_off_it_is_called_back(self):
        action = self._remind()
        self.company.sudo().dunning_is_live = False
        self.assertFalse(action.delivery_ids.sms_id)
        self.assertEqual(action.state, "scheduled")

    # ---- preview ---------------------------------------------------------------------

    def test_preview_shows_words_length_cost_and_no_test_mail(self):
        # sudo: the costs are the manager's
        costs = self.env["dunning.channel.cost"].sudo()
        costs.create({"channel": "sms", "amount": 0.08, "date_from": "2026-01-01"})
        self._create_late_claim()
        self.env.flush_all()
        preview = Form(
            self.env["dunning.step.preview"]
            .with_user(self.collector)
            .with_context(
                default_step_id=self.reminder.id, default_partner_id=self.customer.id
            )
        )
        self.assertFalse(preview.reason)
        self.assertIn("24 Feb 2026", preview.body)
        self.assertIn("2 SMS", preview.subject)
        self.assertIn("GSM-7", preview.subject)
        self.assertIn("0.16", preview.subject)
        self.assertFalse(preview.is_mail)
