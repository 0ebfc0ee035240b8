from odoo.tests import tagged

from ..delivery.common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestReader(DeliveryCommon):
    """What the reader's accountant needs to find the invoice, in the reader's words."""

    def test_order_numbers(self):
        """Their number and ours stand in e-mail, statement and letter."""
        claim = self._create_late_claim()
        claim.move_id.write({"ref": "PO-4711", "invoice_origin": "S00012"})
        self.env.flush_all()
        (section,) = (
            self.env["dunning.statement"]
            ._get_sections(self._plan(), self.TODAY)
            .popitem()[1]
        )
        (row,) = section["rows"]
        self.assertEqual(row["orders"], "Your reference PO-4711, our order S00012")
        self.reminder.is_statement_attached = True
        action = self._plan() or self.env["dunning.action"].search([], limit=1)
        self.assertIn("PO-4711", action.statement_html)
        report = self.env["report.account_dunning_scenario.letter"]
        texts = {action: {"subject": "x", "body_html": "<p>x</p>"}}
        self.assertIn("PO-4711", report._get_letters(action, texts)[action])

    def test_same_number_is_named_once(self):
        claim = self._create_late_claim()
        claim.move_id.write({"ref": "4711", "invoice_origin": "4711"})
        self.assertEqual(
            self.env["dunning.statement"]._get_orders(claim.move_id),
            "Your reference 4711",
        )

    def test_files_are_named_for_their_reader(self):
        """A French customer gets a French name from an English-speaking collector, and
        the other way round."""
        self.reminder.is_statement_attached = True
        for lang, name in (
            ("fr_FR", "Relevé de compte 2026-03-04.pdf"),
            ("en_US", "Statement of account 2026-03-04.pdf"),
        ):
            with self.subTest(lang):
                customer = self._create_customer(f"Reader {lang}", lang=lang)
                self._create_late_claim(customer)
                action = self._plan()
                action.with_user(self.collector).action_confirm()
                with_lang = action.with_context(
                    lang="en_US" if lang == "fr_FR" else "fr_FR"
                )
                self._send(with_lang)
                mail = action.delivery_ids.mail_mail_id
                self.assertEqual(mail.attachment_ids.mapped("name"), [name])
