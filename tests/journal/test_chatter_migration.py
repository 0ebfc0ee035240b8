import importlib.util

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL
from odoo.tools.misc import file_path

from .chatter_common import KEYED_LINK, ChatterCommon

SCRIPT = "account_dunning_scenario/migrations/19.0.1.3.0/post-clean-messages.py"
SUMMARY = "<p>INV/2026/00007: promises $ 4,711.00 by 03/10/2026.</p>"


@tagged("post_install", "-at_install")
class TestChatterMigration(ChatterCommon):
    """What stood in the customers' chatters before goes where the rights are obeyed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.action = cls._remind()
        cls.way = cls.action.delivery_ids
        cls.sent = cls.way.mail_message_id
        cls.sent.child_ids.unlink()
        cls.text = cls.sent.body
        cls._make_old(cls.sent)

    @classmethod
    def _make_old(cls, message, minute=0):
        """Let a message stand where it stood, written in a minute of its own."""
        cls.env.flush_all()
        cls.env.cr.execute(
            SQL(
                """UPDATE mail_message SET model = 'res.partner', res_id = %s,
                          create_date = TIMESTAMP '2026-02-01' + %s * INTERVAL '1 min'
                    WHERE id = ANY(%s)""",
                cls.customer.id,
                minute or message[:1].id,
                message.ids,
            )
        )
        cls.env.invalidate_all()
        return message

    def _write_note(self, record, body, minute, **values):
        message = self.env["mail.message"].create(
            {
                "model": record._name,
                "res_id": record.id,
                "body": body,
                "message_type": "notification",
                "subtype_id": self.env.ref("mail.mt_note").id,
                **values,
            }
        )
        self.env.flush_all()
        self._date(message, minute)
        return message

    def _date(self, records, minute):
        """Let records be of one go."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE %s SET create_date =
                          TIMESTAMP '2026-02-01' + %s * INTERVAL '1 min'
                    WHERE id = ANY(%s)""",
                SQL.identifier(records._table),
                minute,
                records.ids,
            )
        )
        self.env.invalidate_all()

    def _migrate(self):
        spec = importlib.util.spec_from_file_location(
            "clean_messages", file_path(SCRIPT)
        )
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        script.BATCH = 2
        self.env.flush_all()
        script.migrate(self.env.cr, "19.0.1.2.0")
        self.env.invalidate_all()

    def _get_all(self):
        self.env.cr.execute(
            """SELECT id, model, res_id, parent_id, body, message_type FROM mail_message
                ORDER BY id"""
        )
        return self.env.cr.fetchall()

    # ---- stories ---------------------------------------------------------------------

    def test_what_was_sent(self):
        """Message, document and mail stand with the action; a note is left."""
        file = self.env["ir.attachment"].create(
            {
                "name": "Statement.pdf",
                "raw": b"%PDF 4,711.00",
                "res_model": "res.partner",
                "res_id": self.customer.id,
            }
        )
        self.sent.attachment_ids = [Command.link(file.id)]
        self.assertIn("100.00", self._read_all(self.outsiders[0]))
        message_id, mail = self.sent.message_id, self.way.mail_mail_id
        self._migrate()
        self._assert_discreet()
        self.assertIn("Reminder 1", self.sent.body)
        self.assertIn(self.sent, self.customer.message_ids)
        kept = self.way.mail_message_id
        self.assertEqual((kept.model, kept.res_id), (self.action._name, self.action.id))
        self.assertEqual((kept.body, kept.message_id), (self.text, message_id))
        self.assertEqual(kept.attachment_ids, file)
        self.assertEqual((file.res_model, file.res_id), (kept.model, kept.res_id))
        self.assertEqual(mail.mail_message_id, kept)
        self.assertTrue(file.with_user(self.marie).raw)

    def test_answers(self):
        """They quote what was sent; what the customer answers from now on arrives."""
        quoted = f"<p>On Friday</p><blockquote>{self.text}</blockquote>"
        answer, again = (
            self._write_note(
                self.customer,
                body,
                number,
                message_type="email",
                subtype_id=self.env.ref("mail.mt_comment").id,
                author_id=self.customer.id,
                is_internal=False,
            )
            for number, body in ((11, quoted), (13, quoted.replace("Friday", "Monday")))
        )
        comment = self._write_note(
            self.customer, "<p>Thanks!</p>", 12, message_type="comment"
        )
        answer.parent_id, comment.parent_id, again.parent_id = (
            self.sent,
            answer,
            comment,
        )
        self._migrate()
        self._assert_discreet()
        bodies = " ".join(self.action.message_ids.mapped("body"))
        self.assertIn("On Friday", bodies)
        self.assertIn("On Monday", bodies)
        self.assertIn("The customer answered", answer.body)
        self.assertEqual(comment.body, "<p>Thanks!</p>")
        self._receive(self.way.mail_message_id, "<p>Paid today.</p>")
        self.assertIn("Paid today", self.action.message_ids[0].body)
        self.assertEqual(self.action.outcome, "reply")

    def test_text_message_keeps_its_trace(self):
        self.env["mail.notification"].sudo().create(
            {
                "mail_message_id": self.sent.id,
                "res_partner_id": self.customer.id,
                "notification_type": "sms",
                "notification_status": "sent",
            }
        )
        self._migrate()
        trace = self.way.mail_message_id.notification_ids
        self.assertEqual(trace.notification_status, "sent")

    def test_what_was_noted(self):
        """Told to the customer's chatter in one go with the action's."""
        self._write_note(self.action, SUMMARY, 21)
        note = self._write_note(
            self.customer, SUMMARY.replace("INV", "Phone, Camille: INV"), 21
        )
        other = self._write_note(self.customer, "<p>Moved to Lyon.</p>", 22)
        self._migrate()
        self._assert_discreet()
        self.assertIn("Noted in the follow-up", note.body)
        self.assertIn(
            "Phone, Camille", " ".join(self.action.message_ids.mapped("body"))
        )
        self.assertEqual(other.body, "<p>Moved to Lyon.</p>")

    def test_reasons(self):
        claim = self._create_claim(self.TODAY)
        reason = self.env["dunning.nonpayment"]._note(
            claim, "difficulty", {"note": "They offer 4,711"}
        )
        self._date(reason, 31)
        notes = [
            self._write_note(record, "<p>INV: difficulty. They offer 4,711</p>", 31)
            for record in (self.customer, claim.move_id)
        ]
        self._migrate()
        for note in notes:
            self.assertIn("temporary difficulty", note.body)
            self.assertNotIn("4,711", note.body)

    def test_statement(self):
        wizard = self.env["dunning.statement.send"].with_user(self.collector)
        wizard.create({"partner_ids": [Command.set(self.customer.ids)]}).action_send()
        sending = self.env["dunning.statement.sending"].search([])
        message = sending.message_ids.filtered("subject")
        file = message.attachment_ids
        file.sudo().write({"res_model": "res.partner", "res_id": self.customer.id})
        message.child_ids.unlink()
        self._make_old(message, 41)
        sending.sudo().unlink()
        self._migrate()
        self._assert_discreet()
        sending = self.env["dunning.statement.sending"].search([])
        self.assertEqual(sending.company_id, self.company)
        self.assertEqual(file.res_id, sending.id)
        self.assertIn("Statement of account", message.body)

    def test_keys_elsewhere(self):
        """A colleague pasted our message into a chatter."""
        invoice = self.action.line_ids.move_line_id.move_id
        link = "<a href='https://x/my/follow-up/3/abcdefghijkl'>page</a>"
        notes = [
            self._write_note(record, link, 51) for record in (self.customer, invoice)
        ]
        self._migrate()
        for note in notes:
            self.assertNotRegex(note.body, KEYED_LINK)
            self.assertIn("page", note.body)

    def test_second_run_changes_nothing(self):
        self.test_answers()
        known = self._get_all()
        self._migrate()
        self.assertEqual(self._get_all(), known)
