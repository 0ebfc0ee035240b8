import importlib.util
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools.misc import file_path

from odoo.addons.sms.tools.sms_api import SmsApi

from ..channels.lre_common import LreCommon

MODULE = "account_dunning_scenario"
MIGRATION = "migrations/19.0.1.3.0/post-waiting-deliveries.py"
# The channels that hand over to a service, and what it is called.
SERVICES = {
    "email": "the mail server",
    "interactive_email": "the mail server",
    "sms": "the SMS service",
    "fax": "the fax gateway",
    "letter": "the postal service",
    "electronic_registered_letter": "Courrier du Port",
    "voice_message": "Courrier du Port",
}


@tagged("post_install", "-at_install")
class TestWaiting(LreCommon):
    """What Odoo has queued has not left yet: as long as its service has not taken it,
    a message waits, wherever it is shown or counted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sudo().write(
            {
                "dunning_fax_gateway": "{number}@fax.example.com",
                "email": "compta@azur.example.com",
                "dunning_is_snailmail": True,
            }
        )
        for service in ("electronic_registered_letter", "voice_message"):
            cls._create_provider(
                service=service, adapter="http", url="http://127.0.0.1:9/letters"
            )
        cls.customer.write(
            {
                "phone": "06 12 34 56 78",
                "dunning_size": "small",
                "dunning_fax": "01 44 55 66 77",
                "street": "1 quai du Port",
                "zip": "13002",
                "city": "Marseille",
                "country_id": cls.env.ref("base.fr").id,
            }
        )
        cls.sms_text = cls.env.ref(f"{MODULE}.sms_template_reminder_courteous")

    def _dispatch(self, channel):
        """Send a reminder by a channel, from the desk; return its action."""
        self._use_channel(
            channel,
            fallback_channel=False,
            sms_template_id=self.sms_text.id,
            script="<p>Please call us back.</p>",
        )
        self._create_late_claim()
        action = self._plan()
        dispatch = self.env["dunning.dispatch"].with_user(self.collector)
        dispatch._start(action.with_user(self.collector))
        self._print(action)
        self.env.invalidate_all()
        return action

    def _take(self, action):
        """Let the service take what waits for it."""
        delivery = action.delivery_ids.sudo()
        if delivery.submission_ids:
            delivery.submission_ids._register_sent(self.TODAY)
        elif delivery.snailmail_letter_id:
            delivery.snailmail_letter_id.state = "sent"
        elif delivery.sms_id:

            def contact(_api, _endpoint, params, **_options):
                return [
                    {"uuid": number["uuid"], "state": "success"}
                    for message in params["messages"]
                    for number in message["numbers"]
                ]

            with patch.object(SmsApi, "_contact_iap", contact):
                delivery.sms_id.send()
        else:
            delivery.mail_mail_id.state = "sent"
        delivery._settle_sent(self.env.cr.now())
        self.env.invalidate_all()

    def _count(self, action):
        """Return the counts of its dispatch that are not zero."""
        dispatch = action.dispatch_id
        return {
            name: dispatch[name]
            for name in dispatch._fields
            if name.endswith("_count") and dispatch[name] and name != "total_count"
        }

    def test_it_waits_until_its_service_has_it(self):
        for channel, service in SERVICES.items():
            with self.subTest(channel=channel), self.env.cr.savepoint() as savepoint:
                action = self._dispatch(channel)
                delivery = action.delivery_ids
                self.assertEqual(delivery.state, "waiting")
                self.assertEqual(delivery.wait_text, f"Not accepted yet by {service}")
                self.assertEqual(action.dispatch_result, "queued")
                self.assertIn(service, action.dispatch_note)
                self.assertEqual(self._count(action), {"queued_count": 1})
                self._take(action)
                self.assertEqual(delivery.state, "done")
                self.assertFalse(delivery.wait_text)
                self.assertEqual(action.state, "done")
                self.assertEqual(self._count(action), {"sent_count": 1})
                savepoint.rollback()
                self.env.invalidate_all()

    def _refuse(self, delivery):
        """Let the service be out of reach."""
        if delivery.submission_ids:
            delivery.submission_ids.write(
                {"attempt_count": 1, "last_error": "out of order", "state": "sending"}
            )
        elif delivery.mail_mail_id:
            delivery.mail_mail_id.write(
                {"state": "exception", "failure_reason": "Connection refused"}
            )
        else:
            delivery.sms_id.state = "error"
            delivery._get_sms_trace().write(
                {"notification_status": "exception", "failure_type": "sms_server"}
            )
        delivery._settle_sent(self.env.cr.now())
        self.env.invalidate_all()

    def test_a_service_out_of_reach_is_named(self):
        """In the result of the dispatch, on the desk, and before more is sent."""
        for channel, service in SERVICES.items():
            if channel == "letter":
                continue  # the postal service answers at once, or gives it back
            with self.subTest(channel=channel), self.env.cr.savepoint() as savepoint:
                action = self._dispatch(channel)
                self._refuse(action.delivery_ids.sudo())
                self.assertEqual(action.delivery_ids.state, "waiting")
                self.assertEqual(action.dispatch_result, "put_off")
                self.assertIn(service, action.dispatch_note)
                self.assertEqual(self._count(action), {"put_off_count": 1})
                desk = self.env["dunning.action"].with_user(self.collector)
                texts = desk.get_desk_summary([])["troubles"]
                self.assertIn(f"by {service}: 1 message", " ".join(texts))
                savepoint.rollback()
                self.env.invalidate_all()

    def test_nobody_is_told_that_all_is_played(self):
        """The only step was sent, its message waits: the customer is not forgotten,
        and Why? does not say that they were contacted."""
        self.scenario.step_ids.filtered(
            lambda step: step.code != "reminder_1"
        ).is_enabled = False
        action = self._dispatch("sms")
        coverage = self.env["dunning.coverage"]
        self.assertEqual(
            [row["code"] for row in coverage._get_rows(self.customer)], [None]
        )
        today = self.env.company._dunning_today()
        text = self.env["dunning.explainer"]._tell_contact(action, today)
        self.assertIn("the SMS service", text)
        self._take(action)
        self.assertEqual(
            [row["code"] for row in coverage._get_rows(self.customer)], ["step"]
        )

    def test_what_a_person_has_to_do_waits_for_no_service(self):
        """A letter to post and a call to make are handed over to people."""
        self.company.sudo().dunning_is_snailmail = False
        for channel in ("letter", "phone"):
            with self.subTest(channel=channel), self.env.cr.savepoint() as savepoint:
                action = self._dispatch(channel)
                self.assertFalse(action.wait_text)
                self.assertEqual(self._count(action), {"handed_count": 1})
                savepoint.rollback()
                self.env.invalidate_all()

    def test_update_of_what_is_in_the_queues(self):
        """What an older version called done, and waits in a queue, waits again."""
        delivery = self._dispatch("email").delivery_ids.sudo()
        delivery.state = "done"
        self.env.flush_all()
        path = file_path(f"{MODULE}/{MIGRATION}")
        spec = importlib.util.spec_from_file_location("migration", path)
        migration = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(migration)
        migration.migrate(self.env.cr, "19.0.1.2.0")
        self.env.invalidate_all()
        self.assertEqual(delivery.state, "waiting")
