import doctest

from odoo.tests import tagged

from ...models.setup import addresses
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

    def _bounce(self, action, verdict="failed", address=None):
        delivery = action.delivery_ids.filtered("mail_mail_id")[-1:]
        self.env["mail.thread"].message_process(
            "res.partner",
            REPORT.format(
                bounce=self.alias_bounce,
                domain=self.alias_domain,
                number=delivery.id,
                address=address or delivery.contact_id.email_normalized,
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

    # ---- several addresses -----------------------------------------------------------

    def _send_to_two(self):
        self.customer.email = "a@x.example.com; b@x.example.com"
        return self._leave()

    def _get_recipients(self, action):
        """Send the last e-mail of an action; return the addresses that get it."""
        with self.mock_mail_gateway():
            action.delivery_ids[-1:].mail_mail_id.sudo().send()
        return [address for mail in self._mails for address in mail["email_to"]]

    def test_one_of_two_addresses_is_dead(self):
        """It is left out from now on; the other has the reminder, and gets no second
        one."""
        action = self._send_to_two()
        self.assertEqual(len(self._get_recipients(action)), 2)
        for _number in range(3):
            self._bounce(action, address="b@x.example.com")
            self._send(action)
        self.assertEqual(len(action.delivery_ids), 1)
        self.assertEqual(action.state, "done")
        self.assertEqual(self.customer.dunning_bounced_email, "b@x.example.com")
        self.assertIn("b@x.example.com", self.customer.message_ids[:1].body)
        other = self._create_late_claim()
        later = self._plan()
        self.assertEqual(later.line_ids.move_line_id, other)
        later.action_confirm()
        self._send(later)
        (recipient,) = self._get_recipients(later)
        self.assertIn("a@x.example.com", recipient)
        self.assertEqual(later.delivery_ids.address, "a@x.example.com")

    def test_both_addresses_are_dead(self):
        action = self._send_to_two()
        self._bounce(action, address="b@x.example.com")
        self._bounce(action, address="a@x.example.com")
        self._send(action)
        self.assertEqual(action.delivery_ids[-1:].channel, "letter")

    def test_corrected_address_is_used_again(self):
        action = self._send_to_two()
        self._bounce(action, address="b@x.example.com")
        self._bounce(action, address="a@x.example.com")
        self.customer.email = "a@x.example.com; c@x.example.com"
        self.assertEqual(self.customer.dunning_bounced_email, "a@x.example.com")
        self._send(action)
        (recipient,) = self._get_recipients(action)
        self.assertIn("c@x.example.com", recipient)

    def test_mailbox_that_passes_mails_on(self):
        """The report names a mailbox that we do not know: ours does not work."""
        action = self._leave()
        self._bounce(action, address="jo@elsewhere.example.org")
        self.assertEqual(self.customer.dunning_bounced_email, self.customer.email)
        self._send(action)
        self.assertEqual(action.delivery_ids[-1:].channel, "letter")

    def test_copy_that_comes_back_sends_nothing_again(self):
        """The customer has the message; the colleague's copy is told."""
        seller = self.env["res.partner"].create(
            {"name": "Seller", "email": "seller@azur.example.com"}
        )
        user = self.collector.copy({"login": "seller", "partner_id": seller.id})
        self.reminder.copy_user_ids = user
        action = self._leave()
        self._bounce(action, address="seller@azur.example.com")
        self._send(action)
        self.assertEqual(len(action.delivery_ids), 1)
        self.assertFalse(self.customer.dunning_bounced_email)

    def test_what_always_comes_back_is_not_sent_for_ever(self):
        """Six contacts, and every message comes back from wherever: the letter is
        used in the end."""
        for number in range(8):
            self.env["res.partner"].create(
                {
                    "name": f"Accounts {number}",
                    "parent_id": self.customer.id,
                    "type": "invoice",
                    "email": f"accounts{number}@example.com",
                }
            )
        action = self._leave()
        for _number in range(9):
            delivery = action.delivery_ids.filtered("mail_mail_id")[-1:]
            for address in delivery.address.split(", "):
                self._bounce(action, address=address)
            # Somebody trusts the addresses again, each time.
            self.customer.child_ids.with_user(self.collector).action_trust_email()
            self._send(action)
        mails = action.delivery_ids.filtered(lambda way: way.channel == "email")
        self.assertEqual(len(mails), 5)
        self.assertEqual(action.delivery_ids[-1:].channel, "letter")

    def test_no_address(self):
        """What a mistyped comma leaves, our own mailboxes: nobody is written to."""
        own = f"{self.alias_catchall}@{self.alias_domain}"
        for email in ("azur@example,fr", "azur@example", own, own.upper()):
            with self.subTest(email):
                self.customer.email = email
                readers = self.env["dunning.envelope"]._get_readers(self._plan())
                self.assertFalse(readers)

    def test_addresses_in_a_text(self):
        self.assertFalse(doctest.testmod(addresses).failed)

    # ---- what else comes back --------------------------------------------------------

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
