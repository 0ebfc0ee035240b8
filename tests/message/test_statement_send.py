from base64 import b64decode

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import day
from ..delivery.common import DeliveryCommon

WIZARD = "dunning.statement.send"


@tagged("post_install", "-at_install")
class TestStatementSend(DeliveryCommon):
    """A statement of account on its own, any day, outside any scenario."""

    def setUp(self):
        super().setUp()
        press = self.env.registry[
            "report.account_dunning_scenario.statement_of_account"
        ]
        self.printed = []

        def get_pdfs(report, partners, *args, **kwargs):
            self.printed.append(partners)
            return print_pdfs(report, partners, *args, **kwargs)

        print_pdfs = press._get_pdfs
        self.patch(press, "_get_pdfs", get_pdfs)

    def _open(self, *customers, **values):
        """Open the dialog as the collector, on customers selected in their list."""
        selected = self.env["res.partner"].concat(*customers)
        wizard = self.env[WIZARD].with_user(self.collector)
        return wizard.with_context(
            active_model="res.partner", active_ids=selected.ids
        ).create(values)

    def _send(self, *customers, **values):
        """Send the statements; return the mails and what the user is told."""
        known = self.env["mail.mail"].search([])
        answer = self._open(*customers, **values).action_send()
        mails = self.env["mail.mail"].search([], order="id") - known
        return mails, answer["params"]["message"]

    def test_send(self):
        """Azur asks what they owe: Camille sends the statement of the day, in the
        message and as PDF; the customer's chatter tells."""
        claim = self._create_claim(day("03-20"), 70.0)
        mail, message = self._send(self.customer)
        self.assertEqual(mail.state, "outgoing")
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertEqual(mail.subject, "Statement of account on March 4, 2026")
        self.assertIn("camille@azur.example.com", mail.email_from)
        self.assertIn(claim.move_id.name, mail.body_html)
        self.assertIn("March 4, 2026</strong>. It is", mail.body_html)
        self.assertIn("Camille Durand", mail.body_html)
        self.assertIn(self.company.name, mail.body_html)
        self.assertEqual(mail.model, "dunning.statement.sending")
        self.assertIn("03/04/2026 sent by", self.customer.message_ids[0].body)
        self.assertEqual(self.customer.message_ids[0].parent_id, mail.mail_message_id)
        self.assertEqual(
            mail.attachment_ids.name,
            "Statement of account 2026-03-04 Azur Interior.pdf",
        )
        self.assertIn(
            claim.move_id.name, " ".join(self._get_text(mail.attachment_ids.raw))
        )
        self.assertEqual(message, "Statements of account on their way: 1.")

    def test_send_to_reader(self):
        """The same contact as for reminders gets it, in the contact's language."""
        reader = self.env["res.partner"].create(
            {
                "name": "Inès",
                "parent_id": self.customer.id,
                "type": "invoice",
                "email": "ines@azur.example.com",
                "lang": "fr_FR",
            }
        )
        template = self.env.ref("account_dunning_scenario.mail_template_statement")
        template.with_context(lang="fr_FR").subject = "Relevé de compte"
        mail, _message = self._send(self.customer)
        self.assertEqual(mail.recipient_ids, reader)
        self.assertEqual(mail.subject, "Relevé de compte")
        sending = self.env[mail.model].browse(mail.res_id)
        self.assertEqual(sending.partner_id, self.customer)

    def test_send_past_day(self):
        """As of the end of February, the invoice paid since was still open."""
        claim = self._create_claim(day("02-10"), 45.0)
        self._pay(claim, day("03-02"))
        now, _message = self._send(self.customer)
        then, _message = self._send(self.customer, day=day("02-28"))
        self.assertNotIn(claim.move_id.name, now.body_html)
        self.assertIn(claim.move_id.name, then.body_html)
        self.assertIn("February 28, 2026", then.subject)

    def test_send_nothing_open(self):
        """Nothing is open: the statement says so, in the message and on paper."""
        mail, _message = self._send(self.customer)
        self.assertIn("nothing was open on your account", mail.body_html)
        self.assertTrue(mail.attachment_ids.raw)

    def test_send_many(self):
        """Three customers, one without address: two mails, one printing, and the third
        one named."""
        brume = self._create_customer("Brume Papers")
        calme = self._create_customer("Calme Hotel", email=False)
        for customer in (self.customer, brume, calme):
            self._create_claim(day("03-20"), customer=customer)
        wizard = self._open(self.customer, brume, calme)
        self.assertEqual(wizard.unreachable_ids, calme)
        mails, message = self._send(self.customer, brume, calme)
        self.assertEqual(mails.recipient_ids, self.customer | brume)
        self.assertEqual(len(self.printed), 1)
        self.assertIn("their way: 2.", message)
        self.assertIn("Calme Hotel", message)

    def test_send_nobody_reachable(self):
        """Nobody has an address: nothing leaves, and what to do is said."""
        self.customer.email = False
        with self.assertRaisesRegex(UserError, "Download the PDF"):
            self._send(self.customer)

    def test_is_no_contact(self):
        """A statement is information: the reminder of the day is due all the same."""
        self.company.dunning_min_days_between_contacts = 5
        claim = self._create_late_claim()
        self._send(self.customer)
        self.assertFalse(self.customer.dunning_action_ids)
        self.assertDue(claim)

    def test_print(self):
        """One PDF for all the customers selected, contacts counted as theirs."""
        contact = self.env["res.partner"].create(
            {"name": "Inès", "parent_id": self.customer.id}
        )
        brume = self._create_customer("Brume Papers")
        claims = [
            self._create_claim(day("03-20"), customer=customer)
            for customer in (self.customer, brume)
        ]
        wizard = self._open(contact, brume)
        self.assertEqual(wizard.partner_ids, self.customer | brume)
        url = wizard.action_print()["url"]
        self.assertIn(f"/web/content/{WIZARD}/{wizard.id}/document", url)
        pages = self._get_text(b64decode(wizard.document))
        for page, claim in zip(pages, claims, strict=True):
            self.assertIn(claim.move_id.name, page)
        self.assertEqual(wizard.document_name, "Statements of account 2026-03-04.pdf")

    def test_day_ahead(self):
        """Tomorrow's ledger is not known."""
        with self.assertRaisesRegex(UserError, "is in the future"):
            self._open(self.customer, day=day("03-05")).action_send()

    def test_dialog(self):
        """The dialog warns before anything is sent."""
        form = Form(
            self.env[WIZARD]
            .with_user(self.collector)
            .with_context(active_model="res.partner", active_ids=self.customer.ids)
        )
        self.assertEqual(form.day, self.TODAY)
        self.assertTrue(form.is_reachable)
        self.assertFalse(form.unreachable_ids[:])

    def test_rights(self):
        """Statements of a company are for those who work in it."""
        other = self.env["res.company"].create({"name": "Elsewhere"})
        with self.assertRaises(AccessError):
            self._open(self.customer, company_id=other.id).action_send()
