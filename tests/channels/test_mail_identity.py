from datetime import datetime

from odoo import Command
from odoo.tests import tagged

from ...models.setup.guard.guard import SEAL
from ..common import day
from ..delivery.common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestMailIdentity(DeliveryCommon):
    """Two companies with mail domains of their own: each writes as itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._init_mail_gateway()
        cls.company.name = "Fournitures Azur"
        cls.sister = cls._create_company(name="Sister")
        domain = cls.env["mail.alias.domain"].sudo()
        cls.sister.sudo().alias_domain_id = domain.create(
            {
                "name": "sister.example.org",
                "bounce_alias": "returned",
                "catchall_alias": "answers",
            }
        )
        cls.sister.write(
            {
                "dunning_is_live": True,
                "dunning_min_days_between_contacts": 0,
                "dunning_books_max_age": 0,
                "dunning_collector_id": cls.env.user.id,
            }
        )
        cls.env.user.partner_id.write({"name": "Paul", "email": "paul@example.org"})
        cls.customer.with_company(cls.sister).dunning_scenario_id = cls.scenario

    def _remind_for_sister(self):
        invoice = (
            self.env["account.move"]
            .with_company(self.sister)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "company_id": self.sister.id,
                    "invoice_date": day("01-20"),
                    "invoice_date_due": day("02-20"),
                    "invoice_line_ids": [
                        Command.create({"name": "x", "price_unit": 10.0, "tax_ids": []})
                    ],
                }
            )
        )
        invoice.action_post()
        action = self._plan(company=self.sister)
        action.action_confirm()
        action.with_context(dunning_skip_pdf=SEAL)._deliver(datetime(2026, 3, 4, 12))
        return action

    def _get_headers(self, mail):
        with self.mock_mail_gateway():
            mail.sudo().with_company(self.company).send()
        sent = self._mails[0]
        return sent["headers"]["Return-Path"], sent["reply_to"], sent["email_from"]

    def test_claim_of_a_sister(self):
        """What comes back and what is answered reaches the company that wrote."""
        mail = self._remind_for_sister().delivery_ids.mail_mail_id
        returned, answered, sender = self._get_headers(mail)
        self.assertEqual(returned, "returned@sister.example.org")
        self.assertIn("answers@sister.example.org", answered)
        self.assertEqual(sender, '"Paul – Sister" <paul@example.org>')

    def test_correspondence_of_a_sister(self):
        """Promises and disputes are written about in the same name."""
        claim = self._remind_for_sister().line_ids.move_line_id
        promise = self.env["dunning.promise"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.sister.id,
                "amount": 10.0,
                "date": day("03-10"),
                "claim_ids": [Command.create({"move_line_id": claim.id})],
            }
        )
        known = self.env["mail.mail"].search([])
        promise.action_confirm_by_email()
        mail = self.env["mail.mail"].search([]) - known
        returned, _answered, sender = self._get_headers(mail)
        self.assertEqual(returned, "returned@sister.example.org")
        self.assertEqual(sender, '"Paul – Sister" <paul@example.org>')

    def test_inbox_shows_person_and_company(self):
        """S4-07: who writes, and for whom, before the message is opened."""
        mail = self._remind(self.customer).delivery_ids.mail_mail_id
        self.assertEqual(
            mail.email_from,
            '"Camille Durand – Fournitures Azur" <camille@azur.example.com>',
        )

    def test_company_that_writes_itself_is_named_once(self):
        self.company.partner_id.email = "office@azur.example.com"
        self.collector.partner_id.email = False
        mail = self._remind(self.customer).delivery_ids.mail_mail_id
        self.assertEqual(
            mail.email_from, '"Fournitures Azur" <office@azur.example.com>'
        )

    def test_language_that_is_not_installed(self):
        """The company's language was switched off: its mails leave in English."""
        self.env["res.lang"]._activate_lang("de_DE")
        self.company.partner_id.lang = "de_DE"
        action = self._prepare()
        self.env.flush_all()
        self.cr.execute("UPDATE res_lang SET active = FALSE WHERE code = 'de_DE'")
        self.env.invalidate_all()
        self.registry.clear_all_caches()
        self._send(action)
        self.assertTrue(action.delivery_ids.mail_mail_id)
        self.assertIn("To settle", action.delivery_ids.mail_mail_id.subject)
        customer = self.customer
        customer.lang = False
        self.assertEqual(customer._dunning_get_lang(self.company), "en_US")
