from unittest.mock import patch

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import day
from .delivery_common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestChannelEmail(DeliveryCommon):
    """The e-mail: who reads it, in which language, what it says, how it leaves."""

    def _get_mail(self, action):
        return action.delivery_ids.mail_mail_id

    def test_mail_is_queued_and_never_sent_directly(self):
        with self.mock_mail_gateway():
            action = self._remind()
            self.assertFalse(self._mails)
        mail = self._get_mail(action)
        self.assertEqual(mail.state, "outgoing")
        self.assertEqual(mail.recipient_ids, self.customer)

    def test_mail_really_leaves_with_odoos_queue(self):
        action = self._remind()
        with self.mock_mail_gateway():
            self._get_mail(action).send()
        (sent,) = self._mails
        self.assertEqual(sent["email_to"], ['"Azur Interior" <azur@example.com>'])
        self.assertIn("camille@azur.example.com", sent["email_from"])
        self.assertIn("100.00", sent["subject"])
        self.assertIn(self.company.name, sent["body"])

    def test_figures_of_the_mail(self):
        """What is asked, by which day, and all open items of the customer: the invoice
        concerned is marked, the one not yet due and the credit note are not."""
        other = self._create_claim(day("03-20"), 480)
        self._create_credit_note(50, day("02-01"))
        action = self._remind()
        body = self._get_mail(action).body_html
        concerned = action.line_ids.move_id.name
        self.assertIn("100.00", body)
        self.assertIn("03/12/2026", body, "asked for within 8 days")
        self.assertIn(other.move_id.name, body)
        self.assertIn("530.00", body, "balance: 100 + 480 - 50")
        self.assertRegex(body, rf"►\s*</span>\s*<b>{concerned}")
        self.assertNotRegex(body, rf"►\s*</span>\s*(<b>)?{other.move_id.name}")

    def test_each_customer_reads_their_own_language(self):
        """PEERS case 13: a French customer's mail had an English table because its user
        worked in English. Text, amounts and dates are French here, in one batch."""
        french = self._create_customer("Boulangerie Dupré", lang="fr_FR")
        actions = self._remind(self.customer, french)
        by_customer = actions.grouped("partner_id")
        mail = self._get_mail(by_customer[french])
        self.assertIn("À régler", mail.subject)
        self.assertIn("Merci de payer", mail.body_html)
        self.assertIn("100,00", mail.subject)
        self.assertIn("24/02/2026", mail.body_html)
        english = self._get_mail(by_customer[self.customer])
        self.assertIn("Please pay", english.body_html)
        self.assertIn("02/24/2026", english.body_html)

    def test_invoice_contact_is_written_to(self):
        """PEERS case 10: a company without e-mail whose invoice contact has one."""
        self.customer.email = False
        accounts = self.env["res.partner"].create(
            {
                "name": "Ms Accounts",
                "parent_id": self.customer.id,
                "type": "invoice",
                "email": "accounts@azur.example.com",
                "lang": "fr_FR",
            }
        )
        action = self._remind()
        mail = self._get_mail(action)
        self.assertEqual(mail.recipient_ids, accounts)
        self.assertIn("Dear Ms Accounts", mail.body_html.replace("\n", ""))
        self.assertIn("Merci de payer", mail.body_html)

    def test_text_of_a_reference_is_escaped(self):
        """PEERS case 7: markup in a reference is shown as it is, never obeyed."""
        evil = '<a href="https://evil.example.com">pay here</a>'
        claim = self._create_claim(day("02-24"))
        claim.move_id.name = evil
        action = self._plan()
        action.with_user(self.collector).action_confirm()
        self._send(action)
        body = self._get_mail(action).body_html
        self.assertNotIn(evil, body)
        self.assertIn("&lt;a href=", body)

    def test_text_a_person_wrote_wins(self):
        """A reminder to be personalised (S4-29): what the collector wrote is sent."""
        action = self._prepare()
        action.with_user(self.collector).write(
            {"mail_subject": "Our call of Monday", "mail_body": "<p>As we said.</p>"}
        )
        self._send(action)
        mail = self._get_mail(action)
        self.assertEqual(mail.subject, "Our call of Monday")
        self.assertIn("As we said.", mail.body_html)
        self.assertNotIn("Please pay", mail.body_html)

    def test_mail_is_part_of_the_customers_chatter(self):
        """What was sent shows on the customer; the answer comes back there and reaches
        the collector."""
        action = self._remind()
        message = action.delivery_ids.mail_message_id
        self.assertIn(message, self.customer.message_ids)
        self.assertIn("Please pay", message.body)
        self.assertEqual(message.author_id, self.collector.partner_id)

    def test_answer_goes_to_the_thread(self):
        self.company.alias_domain_id = (
            self.env["mail.alias.domain"]
            .sudo()
            .create(
                {
                    "name": "azur.example.com",
                    "company_ids": [Command.link(self.company.id)],
                }
            )
        )
        mail = self._get_mail(self._remind())
        self.assertIn("catchall@azur.example.com", mail.reply_to)

    def test_message_stays_when_the_mail_is_cleaned_up(self):
        action = self._remind()
        message = action.delivery_ids.mail_message_id
        self._get_mail(action).unlink()
        self.assertTrue(message.exists())

    def test_blacklist_of_mailings_does_not_stop_a_reminder(self):
        """The customer wants no advertising; they are still told what they owe."""
        self.env["mail.blacklist"].sudo()._add("azur@example.com")
        action = self._remind()
        with self.mock_mail_gateway():
            self._get_mail(action).send()
        self.assertEqual(len(self._mails), 1)

    def test_template_brings_copies_and_attachments(self):
        terms = self.env["ir.attachment"].create({"name": "terms.txt", "raw": b"Terms"})
        self.mail_text.write(
            {
                "attachment_ids": [Command.link(terms.id)],
                "email_cc": "archive@azur.example.com",
                "email_from": "accounts@azur.example.com",
                "use_default_to": False,
            }
        )
        mail = self._get_mail(self._remind())
        self.assertEqual(mail.attachment_ids, terms)
        self.assertEqual(mail.email_cc, "archive@azur.example.com")
        self.assertEqual(mail.email_from, "accounts@azur.example.com")

    def test_batch_queues_all_mails_at_once(self):
        """PEERS case 18: no work is done mail by mail."""
        customers = [self._create_customer(name) for name in ("Bleu", "Corail")]
        actions = self._prepare(*customers)
        create = type(self.env["mail.mail"]).create
        with patch.object(
            type(self.env["mail.mail"]), "create", autospec=True, side_effect=create
        ) as creation:
            self._send(actions)
        self.assertEqual(creation.call_count, 1)
        self.assertEqual(len(actions.delivery_ids.mail_mail_id), 2)

    def test_several_currencies_have_one_total_each(self):
        dollar = self.setup_other_currency("CAD", rates=[("2026-01-01", 2.0)])
        self._create_late_claim(currency_id=dollar.id, amount=300)
        action = self._remind()
        self.assertEqual(len(action.line_ids.currency_id), 2)
        subject = self._get_mail(action).subject
        self.assertIn("100.00", subject)
        self.assertIn("300.00", subject)
        self.assertNotIn("400.00", self._get_mail(action).body_html)

    # ---- called back -----------------------------------------------------------------

    def test_payment_calls_back_a_mail_still_in_the_queue(self):
        """Paid before Odoo's queue was emptied: the mail and its trace are withdrawn,
        nothing was performed."""
        action = self._remind()
        mail, message = self._get_mail(action), action.delivery_ids.mail_message_id
        self._pay(action.line_ids.move_line_id, self.TODAY)
        self.assertFalse(mail.exists())
        self.assertFalse(message.exists())
        self.assertEqual(action.state, "cancelled")
        self.assertEqual(action.line_ids.state, "dropped")
        self.assertFalse(action.line_ids.performed_date)

    def test_other_invoices_of_the_mail_are_sent_again(self):
        """Two invoices in the mail, one is paid: the other leaves alone."""
        paid = self._create_late_claim(amount=30)
        action = self._remind()
        self._pay(paid, self.TODAY)
        self.assertEqual(action.state, "scheduled")
        self.assertFalse(action.performed_date)
        self.assertEqual(sorted(action.line_ids.mapped("state")), ["dropped", "open"])
        self._send(action)
        self.assertEqual(action.state, "done")
        mail = self._get_mail(action)
        self.assertIn("100.00", mail.subject)
        self.assertNotIn("130.00", mail.subject)

    def test_mail_being_sent_is_left_alone(self):
        action = self._remind()
        mail = self._get_mail(action)
        with self._held_by_another_worker(mail):
            self._pay(action.line_ids.move_line_id, self.TODAY)
        self.assertTrue(mail.exists())
        self.assertEqual(action.state, "done")

    def test_mail_that_was_sent_stays(self):
        action = self._remind()
        self._get_mail(action).sudo().state = "sent"
        self._pay(action.line_ids.move_line_id, self.TODAY)
        self.assertEqual(action.state, "done")
        self.assertEqual(action.line_ids.state, "done")

    def test_payment_of_another_invoice_calls_nothing_back(self):
        action = self._remind()
        other = self._create_claim(day("03-20"), 480)
        self._pay(other, self.TODAY)
        self.assertTrue(self._get_mail(action).exists())

    # ---- who gets it, from whom ------------------------------------------------------

    def _create_contact(self, name, **values):
        return self.env["res.partner"].create(
            {
                "name": name,
                "parent_id": self.customer.id,
                "email": f"{name.lower()}@azur.example.com",
                "lang": "en_US",
                **values,
            }
        )

    def _get_recipients(self):
        return self._get_mail(self._remind()).recipient_ids

    def test_follow_up_contacts_all_get_the_one_mail(self):
        """Who settles the bills of this customer is written to, all of them (S3-22)."""
        anna = self._create_contact("Anna", type="followup")
        bill = self._create_contact("Bill", type="followup")
        action = self._remind()
        mail = self._get_mail(action)
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.recipient_ids, anna | bill)
        self.assertEqual(action.delivery_ids.contact_id, anna)
        self.assertEqual(
            action.delivery_ids.address, "anna@azur.example.com, bill@azur.example.com"
        )

    def test_invoice_contact_comes_before_follow_up_contacts(self):
        self._create_contact("Anna", type="followup")
        invoices = self._create_contact("Ines", type="invoice")
        self.assertEqual(self._get_recipients(), invoices)

    def test_other_addresses_of_the_customer_are_not_written_to(self):
        self._create_contact("Dora", type="delivery")
        self._create_contact("Otto")
        self.assertEqual(self._get_recipients(), self.customer)

    def test_contact_named_on_the_invoice_is_the_last_resort(self):
        otto = self._create_contact("Otto")
        self.customer.email = False
        claim = self._create_late_claim(customer=otto)
        action = self._plan()
        action.with_user(self.collector).action_confirm()
        self._send(action)
        self.assertEqual(action.line_ids.move_line_id, claim)
        self.assertEqual(self._get_mail(action).recipient_ids, otto)

    def test_contact_without_usable_address_is_passed_over(self):
        """Neither nonsense nor an address that sent the last message back is tried."""
        self._create_contact("Ines", type="invoice", email="to be asked")
        gone = self._create_contact("Gone", type="invoice")
        gone.dunning_bounced_email = "gone@azur.example.com"
        anna = self._create_contact("Anna", type="followup")
        self.assertEqual(self._get_recipients(), anna)

    def test_new_address_after_a_bounce_is_written_to(self):
        gone = self._create_contact("Gone", type="invoice")
        gone.dunning_bounced_email = "gone@azur.example.com"
        gone.email = "back@azur.example.com"
        self.assertFalse(gone.dunning_bounced_email)
        self.assertEqual(self._get_recipients(), gone)

    def test_letter_and_call_follow_the_same_order(self):
        """Each channel takes the best contact that it can reach."""
        anna = self._create_contact(
            "Anna", type="followup", street="1 quai Sud", city="Nice"
        )
        ines = self._create_contact("Ines", type="invoice", phone="+33 1 99")
        action = self._prepare()
        for code, contact in (("letter", anna), ("phone", ines), ("email", ines)):
            channel = self.env["dunning.channel"]._get(code)
            self.assertEqual(channel._get_addresses(action)[action][0], contact)

    def test_sender_is_the_steps_else_the_texts_else_the_collectors(self):
        """S1-56, S1-57: who sends can be chosen on the step and on the text."""
        self.company.email = "office@azur.example.com"
        steps = [
            ("office@azur.example.com", lambda: None),
            ("camille@azur.example.com", self._restore_collector),
            ("accounts@azur.example.com", self._choose_sender_of_text),
            ("credit@azur.example.com", self._choose_sender_of_step),
        ]
        self.collector.partner_id.email = False
        for expected, change in steps:
            change()
            customer = self._create_customer(expected)
            mail = self._get_mail(self._remind(customer))
            self.assertIn(expected, mail.email_from)

    def _restore_collector(self):
        self.collector.partner_id.email = "camille@azur.example.com"

    def _choose_sender_of_text(self):
        self.mail_text.email_from = "accounts@azur.example.com"

    def _choose_sender_of_step(self):
        self.reminder.email_from = '"Credit" <credit@azur.example.com>'

    def test_sender_that_is_no_address_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "is not an e-mail address"):
            self.reminder.email_from = "the boss"
