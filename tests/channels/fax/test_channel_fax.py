import io
import subprocess
from email.message import EmailMessage
from unittest.mock import patch

from PIL import Image

from odoo.exceptions import ValidationError
from odoo.tests import Form, HttpCase, tagged

from ...processes.process_common import free_port
from ...processes.process_post_office import PostOffice
from ..letter_common import LetterCommon

GATEWAY = "gateway@fax.example.com"


@tagged("post_install", "-at_install")
class TestChannelFax(LetterCommon, HttpCase):
    """The fax: an e-mail to the gateway, black and white, and the gateway's answer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sudo().write(
            {
                "dunning_fax_gateway": "{number}@fax.example.com",
                "email": "compta@azur.example.com",
                "email_primary_color": "#d4380d",
                "email_secondary_color": "#0d6fd4",
            }
        )
        cls.customer.dunning_fax = "01 44 55 66 77"
        cls._use_channel("fax", fallback_channel=False)

    def _fax(self):
        return self._print(self._prepare())

    def _answer(self, action, subject, sender=GATEWAY, **headers):
        """Let an e-mail come in that answers the one of an action."""
        message = EmailMessage()
        message["From"] = sender
        message["To"] = "compta@azur.example.com"
        message["Subject"] = subject
        message["In-Reply-To"] = action.delivery_ids[0].mail_message_id.message_id
        message["Message-Id"] = f"<{subject.replace(' ', '.')}@fax.example.com>"
        for name, value in headers.items():
            message[name] = value
        message.set_content("Job 4711")
        # sudo: as the gateway's user
        self.env["mail.thread"].sudo().message_process(
            "res.partner", message.as_string(), thread_id=self.customer.id
        )

    # ---- sending ---------------------------------------------------------------------

    def test_the_gateway_gets_the_letter_and_nothing_else(self):
        """By a real mail server: to the number, one PDF, no words in the mail."""
        action = self._fax()
        mail = action.delivery_ids.mail_mail_id
        self.assertEqual(mail.state, "outgoing")
        office = PostOffice(free_port()).open()
        self.addCleanup(office.close)
        server = (
            self.env["ir.mail_server"]
            .sudo()
            .create(
                {
                    "name": "Post office",
                    "smtp_host": "127.0.0.1",
                    "smtp_port": office.port,
                    "smtp_encryption": "none",
                }
            )
        )
        mail.sudo().mail_server_id = server
        with patch.object(type(server), "_disable_send", lambda _self: False):
            mail.sudo().send()
        ((recipient, message),) = office.messages
        self.assertEqual(recipient, "33144556677@fax.example.com")
        self.assertIn("compta@azur.example.com", message["From"])
        (pdf,) = message.iter_attachments()
        self.assertEqual(pdf.get_content_type(), "application/pdf")
        self.assertIn("Your payment", " ".join(self._get_text(pdf.get_content())))
        words = message.get_body(("plain", "html")).get_content()
        self.assertFalse(words.strip())

    def test_a_fax_has_no_colours(self):
        """The company's letters do; an image of the fax has greys only."""
        pdf = self._fax().delivery_ids.attachment_id.raw
        command = ["pdftoppm", "-r", "50", "-png", "-singlefile", "-"]
        page = subprocess.run(command, input=pdf, capture_output=True, check=True)
        image = Image.open(io.BytesIO(page.stdout)).convert("RGB")
        colours = [
            colour
            for _count, colour in image.getcolors(image.width * image.height)
            if max(colour) - min(colour) > 8
        ]
        self.assertFalse(colours)

    def test_the_chatter_shows_the_fax(self):
        action = self._fax()
        message = action.delivery_ids.mail_message_id
        self.assertIn(message, action.message_ids)
        self.assertIn("Fax to Azur", self.customer.message_ids[0].body)
        self.assertIn("+33144556677", message.body)
        self.assertEqual(len(message.attachment_ids), 1)

    def test_without_number_the_fallback_is_taken(self):
        """S3-20: no number of a person or department, no fax."""
        self._use_channel("fax", fallback_channel="email")
        self.customer.dunning_fax = False
        action = self._remind()
        self.assertEqual(action.delivery_ids.mapped("channel"), ["fax", "email"])
        self.assertIn("no working fax number", action.delivery_ids[0].failure_reason)

    def test_without_gateway_the_user_is_told_what_to_do(self):
        self.company.sudo().dunning_fax_gateway = False
        action = self._remind()
        self.assertEqual(action.state, "failed")
        self.assertIn("has no fax gateway", action.reason)

    def test_gateway_and_number_are_checked(self):
        for pattern in ("fax@fax.example.com", "{number}", "{number}{number}@fax.io"):
            with self.assertRaisesRegex(ValidationError, "not a fax gateway"):
                self.company.sudo().dunning_fax_gateway = pattern
        with self.assertRaisesRegex(ValidationError, "not a fax number"):
            self.customer.dunning_fax = "12"

    def test_preview_shows_the_letter(self):
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
        self.assertIn("iframe", preview.letter)
        self.assertIn("+33144556677", preview.recipients)

    # ---- receipt ---------------------------------------------------------------------

    def test_what_gateways_say_is_understood(self):
        """A good receipt that speaks of errors is no failure, nor the reverse."""
        read = self.env["dunning.delivery"]._read_receipt
        said = {
            "Fax sent successfully, errors: 0": "received",
            "Envoi réussi, sans erreur": "received",
            "Your fax was delivered. If it failed, reply to this message": "received",
            "The fax could not be sent: busy": "failed",
            "Page 1 sent, page 2 failed": "unclear",
            "Transmission failed: no answer": "failed",
            "Échec : ligne occupée": "failed",
            "Your message": "unclear",
        }
        self.assertEqual({text: read(text) for text in said}, said)

    def test_the_receipt_is_recorded(self):
        """S3-19: a fax has a de facto receipt. It is no answer of the customer."""
        action = self._fax()
        delivery = action.delivery_ids
        delivery.mail_mail_id.sudo().state = "sent"
        self._answer(
            action, "Fax transmitted successfully", **{"Auto-Submitted": "auto-replied"}
        )
        self.assertEqual(delivery.fax_receipt, "received")
        self.assertIn("Job 4711", delivery.fax_receipt_text)
        self.assertTrue(delivery.fax_receipt_at)
        self.assertEqual(action.state, "done")
        self.assertFalse(action.outcome)

    def test_a_fax_that_failed_goes_back_to_the_desk(self):
        action = self._fax()
        action.delivery_ids.mail_mail_id.sudo().state = "sent"
        self._answer(action, "Fax not delivered: busy")
        self.assertEqual(action.delivery_ids.fax_receipt, "failed")
        self.assertEqual(action.delivery_ids.state, "failed")
        self.assertFalse(self.customer.dunning_bounced_email)
        self._print(action)
        self.assertEqual(action.state, "failed", "the number is not tried for ever")
        self.assertIn("busy", action.reason)
        action.with_user(self.collector).action_retry()
        self._print(action)
        self.assertEqual(action.state, "done", "a person may try again")

    def test_an_answer_that_says_neither_is_to_be_read(self):
        action = self._fax()
        self._answer(action, "Votre message 4711")
        self.assertEqual(action.delivery_ids.fax_receipt, "unclear")
        self.assertEqual(action.state, "done")

    def test_the_customers_own_answer_is_an_answer(self):
        action = self._fax()
        self._answer(action, "Paid already", sender="azur@example.com")
        self.assertFalse(action.delivery_ids.fax_receipt)
        self.assertEqual(action.outcome, "reply")

    def test_paid_meanwhile_it_is_called_back(self):
        action = self._fax()
        mail = action.delivery_ids.mail_mail_id
        self._pay(action.line_ids.move_line_id, self.TODAY)
        self.assertFalse(mail.exists())
        self.assertEqual(action.delivery_ids.state, "cancelled")
