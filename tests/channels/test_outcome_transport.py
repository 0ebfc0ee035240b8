from datetime import datetime

from odoo.tests import tagged

from ..common import day
from ..delivery.common import DeliveryCommon

NOW = datetime(2026, 3, 4, 12)
REFUSED = """Mail Delivery Failed
Mail delivery failed via SMTP server 'mx'.
SMTPRecipientsRefused: {'azur@example.com': (%s, b'%s')}"""


@tagged("post_install", "-at_install")
class TestOutcomeTransport(DeliveryCommon):
    """What the mail server says about an e-mail of Odoo's queue, as Odoo keeps it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_late_claim()
        cls.action = cls._plan()
        cls.action.with_user(cls.collector).action_confirm()
        cls._send(cls.action)
        cls.delivery = cls.action.delivery_ids
        cls.mail = cls.delivery.mail_mail_id

    def _settle(self, state="exception", **values):
        self.mail.write({"state": state, **values})
        self.env["dunning.delivery"].sudo()._settle_mails(NOW)

    def test_accepted(self):
        self.assertFalse(self.delivery.sent_at)
        self._settle("sent")
        self.assertTrue(self.delivery.sent_at)
        self.assertEqual(self.action.state, "done")

    def test_unreachable_server_is_tried_again_with_the_same_message(self):
        message_id = self.mail.message_id
        self._settle(failure_reason="[Errno 111] Connection refused")
        self.assertEqual(self.mail.state, "outgoing")
        self.assertEqual(self.mail.scheduled_date, datetime(2026, 3, 4, 12, 15))
        self.assertEqual(self.mail.message_id, message_id)
        self.assertEqual(self.action.state, "done")

    def test_temporary_refusal_is_tried_again(self):
        self._settle(failure_reason=REFUSED % (451, "greylisted"))
        self.assertEqual(self.mail.state, "outgoing")

    def test_tries_are_bounded(self):
        """Nothing is tried for ever: after the last try a person decides."""
        for _try in range(6):
            self._settle(failure_reason="[Errno 111] Connection refused")
        self.assertFalse(self.mail.exists())
        self.assertEqual(self.action.state, "failed")
        self.assertIn("could not be reached", self.action.reason)
        self.assertFalse(self.customer.dunning_bounced_email)

    def test_refused_address_takes_the_fallback(self):
        self._settle(failure_reason=REFUSED % (550, "no such user"))
        self.assertTrue(self.customer.dunning_bounced_email)
        self.assertEqual(self.action.state, "scheduled")
        self._send(self.action)
        self.assertEqual(self.action.delivery_ids[-1:].channel, "letter")

    def test_refused_message_goes_to_the_desk(self):
        """A message that is too large does not become smaller by sending it again."""
        self._settle(
            failure_reason="SMTPDataError: (552, b'5.3.4 Message size exceeds limit')"
        )
        self.assertFalse(self.customer.dunning_bounced_email)
        self.assertEqual(self.action.state, "failed")
        self.assertIn("size exceeds", self.action.reason)

    def test_sender_that_is_not_allowed_goes_to_the_desk(self):
        self._settle(failure_type="mail_from_invalid", failure_reason="Invalid from")
        self.assertEqual(self.action.state, "failed")
        self.assertFalse(self.customer.dunning_bounced_email)

    def test_recipient_deleted_meanwhile(self):
        self._settle(failure_type="mail_email_missing", failure_reason="No recipient")
        self.assertEqual(self.action.state, "scheduled")

    def test_email_cancelled_in_the_queue_goes_to_the_desk(self):
        self._settle("cancel")
        self.assertEqual(self.action.state, "failed")
        self.assertIn("cancelled", self.action.reason)

    def test_message_that_never_left_does_not_stay_in_the_chatter(self):
        message = self.delivery.mail_message_id
        self._settle(failure_reason=REFUSED % (550, "no such user"))
        self.assertFalse(message.exists())
        self.assertIn("refuses the address", self.customer.message_ids[:1].body)

    def test_paid_while_it_waits_for_the_next_try(self):
        """Nothing leaves for a claim that was paid between two tries."""
        self._settle(failure_reason="[Errno 111] Connection refused")
        self._pay(self.claim, day("03-04"))
        self.assertFalse(self.mail.exists())
        self._send(self.action)
        self.assertEqual(self.action.state, "cancelled")

    def test_retry_after_a_refusal_sends_it_once(self):
        self._settle(
            failure_reason="SMTPDataError: (552, b'5.3.4 Message size exceeds limit')"
        )
        self.action.with_user(self.collector).action_retry()
        self._send(self.action)
        self.assertEqual(self.action.state, "done")
        self.assertEqual(self.claim.dunning_line_ids.mapped("state"), ["done"])

    def test_one_of_three_contacts_is_refused(self):
        """The mail stopped at the second contact: only the third gets it again."""
        contacts = self.customer.create(
            [
                {
                    "name": f"{name} Accounts",
                    "parent_id": self.customer.id,
                    "type": "invoice",
                    "email": f"{name.lower()}@azur.example.com",
                }
                for name in ("Alice", "Bob", "Chloe")
            ]
        )
        self.mail.recipient_ids = contacts
        self._settle(
            failure_reason=(REFUSED % (550, "gone")).replace(
                "azur@example.com", "bob@azur.example.com"
            )
        )
        self.assertEqual(
            contacts.mapped("dunning_bounced_email"), [False, contacts[1].email, False]
        )
        self.assertEqual(self.mail.state, "outgoing")
        self.assertEqual(self.mail.recipient_ids, contacts[2])
        self.assertEqual(self.action.state, "done")
