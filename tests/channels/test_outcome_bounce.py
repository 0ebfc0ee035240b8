from odoo.tests import tagged

from ...models.setup.guard.guard import SEAL
from ..common import day
from ..delivery.common import DeliveryCommon

REPORT = """Return-Path: <>
From: MAILER-DAEMON@mx.example.net
To: {bounce}@{domain}
Subject: Undelivered Mail Returned to Sender
Message-Id: <{number}.report@mx.example.net>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

The message could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; {address}
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 No such mailbox

--b
Content-Type: message/rfc822

From: {sender}
To: {address}
Subject: To settle
Message-Id: {message_id}

Text
--b--
"""


@tagged("post_install", "-at_install")
class TestOutcomeBounce(DeliveryCommon):
    """An e-mail comes back: a delivery report arrives by the mail gateway."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._init_mail_gateway()
        cls.claim = cls._create_late_claim()

    def _leave(self):
        action = self._plan()
        action.with_user(self.collector).action_confirm()
        self._send(action)
        return action

    def _bounce(self, action, verdict="failed"):
        delivery = action.delivery_ids.filtered("mail_mail_id")[-1:]
        self.env["mail.thread"].message_process(
            "res.partner",
            REPORT.format(
                bounce=self.alias_bounce,
                domain=self.alias_domain,
                number=delivery.id,
                address=delivery.contact_id.email_normalized,
                action=verdict,
                sender=self.collector.email,
                message_id=delivery.mail_message_id.message_id,
            ),
        )
        return delivery

    def test_letter_replaces_the_email_that_came_back(self):
        """S1-24: the fallback of the step is used when the address does not work."""
        action = self._leave()
        delivery = self._bounce(action)
        self.assertEqual(delivery.state, "failed")
        self.assertIn("No such mailbox", delivery.failure_reason)
        self.assertEqual(action.state, "scheduled")
        self._send(action)
        self.assertEqual(
            self._get_ways(action),
            [
                ("first", "email", "failed"),
                ("first", "email", "failed"),
                ("fallback", "letter", "waiting"),
            ],
        )
        action.with_context(dunning_skip_pdf=SEAL).action_mark_posted()
        self.assertEqual(action.line_ids.mapped("state"), ["done"])

    def test_address_is_flagged_until_it_changes(self):
        self._bounce(self._leave())
        self.assertTrue(self.customer.dunning_bounced_email)
        self.customer.email = "accounts@example.com"
        self.assertFalse(self.customer.dunning_bounced_email)

    def test_address_is_trusted_when_it_writes(self):
        self._bounce(self._leave())
        self.env["mail.thread"].message_process(
            "res.partner",
            f"From: {self.customer.email_formatted}\n"
            f"To: {self.alias_catchall}@{self.alias_domain}\n"
            "Subject: Hello\nMessage-Id: <fresh@azur.example.com>\n\nHello\n",
            thread_id=self.customer.id,
        )
        self.assertFalse(self.customer.dunning_bounced_email)

    def test_desk_gets_what_no_way_is_left_for(self):
        self.reminder.fallback_channel = False
        action = self._leave()
        self._bounce(action)
        self._send(action)
        self.assertEqual(action.state, "failed")
        self.assertIn("came back", action.reason)
        self.assertEqual(action.line_ids.state, "open")

    def test_another_contact_is_tried_first(self):
        self.env["res.partner"].create(
            {
                "name": "Accounts payable",
                "parent_id": self.customer.id,
                "type": "invoice",
                "email": "invoices@example.com",
            }
        )
        action = self._leave()
        self._bounce(action)
        self._send(action)
        self.assertEqual(action.state, "done")
        self.assertEqual(action.delivery_ids[-1:].contact_id, self.customer)

    def test_delayed_is_not_bounced(self):
        action = self._leave()
        self._bounce(action, verdict="delayed")
        self.assertEqual(action.state, "done")
        self.assertFalse(self.customer.dunning_bounced_email)

    def test_late_report_changes_nothing_about_a_claim_gone_further(self):
        action = self._leave()
        later = self._plan(day("03-12"))
        self._bounce(action)
        self.assertEqual(action.state, "done")
        self.assertEqual(later.line_ids.state, "open")
        self.assertTrue(self.customer.dunning_bounced_email)

    def test_chatter_tells_that_it_came_back(self):
        self._bounce(self._leave())
        self.assertIn("came back", self.customer.message_ids[:1].body)

    def test_claim_paid_meanwhile_is_not_sent_again(self):
        action = self._leave()
        self._pay(self.claim, day("03-04"))
        self._bounce(action)
        self._send(action)
        self.assertEqual(action.state, "cancelled")
