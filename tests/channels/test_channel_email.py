from unittest.mock import patch

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged

from ...models.setup.guard.guard import in_channel
from ..common import day
from ..delivery.common import DeliveryCommon


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
        self.assertIn("12\u00a0Mar 2026", body, "asked for within 8 days")
        self.assertIn(other.move_id.name, body)
        self.assertIn("530.00", body, "balance: 100 + 480 - 50")
        self.assertRegex(body, rf"►\s*<a [^>]*>{concerned}")
        self.assertNotRegex(body, rf"►\s*(<a [^>]*>)?{other.move_id.name}")

    def test_each_customer_reads_their_own_language(self):
        """Case C13: a French customer's mail had an English table because its user
        worked in English. Text, amounts and dates are French here, in one batch."""
        french = self._create_customer("Boulangerie Dupré", lang="fr_FR")
        actions = self._remind(self.customer, french)
        by_customer = actions.grouped("partner_id")
        mail = self._get_mail(by_customer[french])
        self.assertIn("À régler", mail.subject)
        self.assertIn("Merci de payer", mail.body_html)
        self.assertIn("100,00", mail.subject)
        self.assertIn("24\u00a0févr. 2026", mail.body_html)
        english = self._get_mail(by_customer[self.customer])
        self.assertIn("Please pay", english.body_html)
        self.assertIn("24\u00a0Feb 2026", english.body_html)

    def test_invoice_contact_is_written_to(self):
        """Case C10: a company without e-mail whose invoice contact has one."""
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
        """Case C7: markup in a reference is shown as it is, never obeyed."""
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

    def test_mail_is_part_of_the_actions_chatter(self):
        """What was sent shows on the action, the answer comes back there; the
        customer's chatter says that it left."""
        action = self._remind()
        message = action.delivery_ids.mail_message_id
        self.assertIn(message, action.message_ids)
        self.assertEqual(self.customer.message_ids[0].parent_id, message)
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
        """Case C18: no work is done mail by mail."""
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
        gone.sudo().dunning_bounced_email = "gone@azur.example.com"
        anna = self._create_contact("Anna", type="followup")
        self.assertEqual(self._get_recipients(), anna)

    def test_new_address_after_a_bounce_is_written_to(self):
        gone = self._create_contact("Gone", type="invoice")
        gone.sudo().dunning_bounced_email = "gone@azur.example.com"
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

    # ---- what is asked for -----------------------------------------------------------

    def test_credits_are_deducted_and_said(self):
        """A customer with a credit note is asked for the balance, and told why: the
        message never asks for more than they owe."""
        self._create_credit_note(30, day("02-01"))
        mail = self._get_mail(self._remind())
        self.assertIn("70.00", mail.subject)
        self.assertRegex(mail.body_html, r"Credits deducted(.|\n)*30\.00")
        self.assertRegex(mail.body_html, r"To pay(.|\n)*70\.00")

    def test_older_invoices_use_the_credit_up(self):
        """Two late invoices; the older one, whose step comes later, uses the credit
        first."""
        self._create_credit_note(30, day("02-01"))
        other = self._create_claim(day("02-10"), 50)
        later = self._create_scenario(self._step("reminder_1", delay=60))
        other.move_id.dunning_scenario_id = later
        self.assertIn("100.00", self._get_mail(self._remind()).subject)

    def test_invoices_left_out_use_no_credit(self):
        """The planner sets the credit against what it follows up; so does the
        message."""
        self._create_credit_note(30, day("02-01"))
        self._create_claim(day("02-10"), 50).no_followup = True
        self.assertIn("70.00", self._get_mail(self._remind()).subject)

    def test_credit_in_another_currency_is_shown_not_deducted(self):
        dollar = self.setup_other_currency("CAD", rates=[("2026-01-01", 2.0)])
        self._create_credit_note(30, day("02-01"), currency_id=dollar.id)
        mail = self._get_mail(self._remind())
        self.assertIn("100.00", mail.subject)
        self.assertIn("-30.00", mail.body_html)

    def test_currencies_with_the_same_symbol_are_told_apart(self):
        dollar = self.setup_other_currency("CAD", rates=[("2026-01-01", 2.0)])
        dollar.symbol = self.company.currency_id.symbol
        self._create_late_claim(currency_id=dollar.id, amount=300)
        subject = self._get_mail(self._remind()).subject
        self.assertIn("CAD", subject)
        self.assertIn("USD", subject)

    def test_amounts_hold_no_invisible_characters(self):
        """What is copied into a spreadsheet or a subject line is clean."""
        self._create_credit_note(30, day("02-01"))
        mail = self._get_mail(self._remind())
        self.assertNotRegex(mail.subject, "[\ufeff\xa0\u202f]")
        self.assertNotIn("\ufeff", mail.body_html)

    # ---- what comes with it ----------------------------------------------------------

    def test_numbers_in_the_statement_open_the_invoices(self):
        """S3-25: links, each with the key that opens the page without password."""
        action = self._remind()
        invoice = action.line_ids.move_id
        self.assertTrue(invoice.access_token)
        self.assertIn(invoice._dunning_portal_url(), self._get_mail(action).body_html)

    def test_step_may_leave_the_invoices_out(self):
        self.reminder.invoice_documents = "none"
        self.assertNotIn("/my/invoices", self._get_mail(self._remind()).body_html)

    def test_legal_pdf_of_the_invoice_is_joined(self):
        """S3-25: the document that the customer got with the invoice, not a new one."""
        self.reminder.invoice_documents = "pdf"
        action = self._prepare()
        legal = self._attach_legal_pdf(action.line_ids.move_id, b"%PDF-legal")
        self._send(action)
        self.assertEqual(self._get_mail(action).attachment_ids, legal)

    def test_invoices_too_large_for_a_mail_are_left_to_the_links(self):
        self.reminder.invoice_documents = "pdf"
        action = self._prepare()
        self._attach_legal_pdf(action.line_ids.move_id, b"x" * 9 * 1024 * 1024)
        self._send(action)
        mail = self._get_mail(action)
        self.assertFalse(mail.attachment_ids)
        self.assertIn("/my/invoices", mail.body_html)

    def _attach_legal_pdf(self, invoice, content):
        attachment = self.env["ir.attachment"].create(
            {
                "name": "invoice.pdf",
                "raw": content,
                "res_model": "account.move",
                "res_id": invoice.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        invoice.invalidate_recordset(["invoice_pdf_report_id"])
        return attachment

    def test_statements_are_printed_once_for_the_batch(self):
        """S3-24: the statement of account as a PDF, one print for all the mails."""
        self.reminder.is_statement_attached = True
        actions = self._prepare(self.customer, self._create_customer("Bleu"))
        Statement = type(self.env["dunning.statement"])
        pdfs = {customer: b"%PDF-1.4" for customer in actions.partner_id}
        with patch.object(
            Statement, "_get_pdfs", autospec=True, return_value=pdfs
        ) as p:
            self._send(actions)
        self.assertEqual(p.call_count, 1)
        for action in actions:
            self.assertEqual(
                self._get_mail(action).attachment_ids.mapped("name"),
                ["Statement of account 2026-03-04.pdf"],
            )

    # ---- paying online ---------------------------------------------------------------

    def _open_online_payment(self):
        config = self.env["ir.config_parameter"].sudo()
        config.set_param("account_payment.enable_portal_payment", "True")
        self.env["payment.provider"].sudo().create(
            {
                "name": "Cards",
                "company_id": self.company.id,
                "state": "test",
                "is_published": True,
            }
        )

    def _get_payment_url(self, action):
        return in_channel(action, "email").payment_url

    def test_one_invoice_is_paid_on_its_page(self):
        """S3-26: a button opens the payment of the invoice."""
        self._open_online_payment()
        action = self._prepare()
        action._ensure_keys()
        url = self._get_payment_url(action)
        self.assertIn(f"/my/invoices/{action.line_ids.move_id.id}?", url)
        self.assertIn("payment=True", url)
        self.assertIn("Pay online", action.payment_html)

    def test_no_button_where_nothing_can_be_paid_online(self):
        action = self._prepare()
        self.assertFalse(self._get_payment_url(action))

    def test_button_never_asks_for_more_than_is_owed(self):
        """With a credit the page would ask for the whole invoice: no button."""
        self._open_online_payment()
        self._create_credit_note(30, day("02-01"))
        self.assertFalse(self._get_payment_url(self._prepare()))

    def test_several_invoices_are_paid_together_by_a_portal_user(self):
        self._open_online_payment()
        self._create_late_claim(amount=50)
        action = self._prepare()
        self.assertFalse(self._get_payment_url(action))
        new_test_user(
            self.env,
            login="azur",
            groups="base.group_portal",
            partner_id=self.customer.id,
        )
        action.invalidate_recordset()
        self.assertIn("/my/invoices/overdue", self._get_payment_url(action))

    # ---- the plain text, the batch ---------------------------------------------------

    def test_plain_text_reads_like_a_letter(self):
        """Whoever reads without HTML gets lines that say what each figure is."""
        action = self._remind()
        (out,) = self._get_mail(action)._prepare_outgoing_list()
        text = out["body_alternative"]
        name = action.line_ids.move_id.name
        self.assertIn(
            f"- {name} (25 Jan 2026) · Due date: 24 Feb 2026 (8 days late)"
            " · Still open: $ 100.00",
            text,
        )
        self.assertIn("Balance of your account: $ 100.00", text)
        self.assertNotIn("color-scheme", text)
        self.assertNotIn("click on its number", text)

    def test_plain_text_has_the_colon_of_its_language(self):
        """French sets a space before a colon, also where the labels are our own."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        (out,) = self._get_mail(self._remind())._prepare_outgoing_list()
        self.assertIn(" · Échéance : 24 févr. 2026 (", out["body_alternative"])
        self.assertIn("Solde de votre compte : ", out["body_alternative"])

    def test_several_invoices_of_one_due_date_are_said_to_be_due_that_day(self):
        self._create_late_claim(amount=50)
        self.assertEqual(
            self._prepare().due_text, "It was due on 24\u00a0February 2026."
        )

    def test_script_in_a_reference_stays_text(self):
        claim = self._create_late_claim()
        claim.move_id.name = "<b>x</b><script>alert(1)</script>"
        body = self._get_mail(self._remind()).body_html
        self.assertNotIn("<script>", body)
        self.assertIn("&lt;script&gt;", body)

    def test_queries_do_not_grow_with_the_mails(self):
        """Twenty mails cost as many queries as four, but for the inserts of pages."""
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
        self.assertLessEqual(counts[1] - counts[0], 16, counts)
