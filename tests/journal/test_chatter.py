import re
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import day
from .chatter_common import KEYED_LINK, ChatterCommon

SECRET = "They offer 4,711 if nobody hears of it"


@tagged("post_install", "-at_install")
class TestChatterOfDeliveries(ChatterCommon):
    """Everybody of the house reads a customer's chatter, across companies: it says what
    happened; what was sent stands with the action."""

    def _assert_told(self, action):
        """Assert that the action keeps what was sent, one click from the customer."""
        message = action.delivery_ids.mail_message_id[-1:]
        self.assertEqual((message.model, message.res_id), (action._name, action.id))
        self.assertIn(f'data-oe-id="{action.id}"', self._get_told())
        for user in (self.collector, self.marie):
            self.assertTrue(action.with_user(user).has_access("read"))
            self.assertTrue(message.with_user(user).body)

    def test_email(self):
        for channel in ("email", "interactive_email"):
            with self.subTest(channel=channel):
                self._use_channel(channel)
                action = self._remind(self._create_customer(channel, user_id=False))
                action.partner_id.user_id = self.marie
                message = action.delivery_ids.mail_message_id
                self.assertNotRegex(message.body, KEYED_LINK)
                self.assertIn("100.00", message.subject)
                self.customer = action.partner_id
                self._assert_discreet()
                self._assert_told(action)

    def test_documents_of_an_email(self):
        """The statement comes along: whoever reads the action has it."""
        self.reminder.is_statement_attached = True
        action = self._remind()
        (file,) = action.delivery_ids.mail_message_id.attachment_ids
        self.assertTrue(file.raw)
        self._assert_discreet()

    def test_sms(self):
        self.customer.phone = "+33 6 12 34 56 78"
        text = self.env["sms.template"].create(
            {
                "name": "Reminder",
                "model_id": self.env["ir.model"]._get_id("dunning.action"),
                "body": "Please pay {{ object.totals_text }}",
            }
        )
        self._use_channel(
            "sms", sms_template_id=text.id, sms_audience="all", fallback_channel=False
        )
        action = self._remind()
        self.assertIn("100.00", action.delivery_ids.mail_message_id.body)
        self._assert_discreet()
        self._assert_told(action)

    def test_letters(self):
        for channel in ("letter", "registered_letter"):
            with self.subTest(channel=channel):
                self._use_channel(channel, fallback_channel=False)
                action = self._prepare()
                with self.allow_pdf_render():
                    self._print(action)
                action.with_user(self.collector).action_mark_posted()
                message = action.delivery_ids.mail_message_id
                self.assertEqual(
                    message.attachment_ids, action.delivery_ids.attachment_id
                )
                self.assertTrue(message.attachment_ids.with_user(self.marie).raw)
                self._assert_discreet()
                self._assert_told(action)

    def test_people(self):
        """What the caller heard is for who may read the action."""
        for channel in ("phone", "visit", "voice_message"):
            with self.subTest(channel=channel):
                self._use_channel(
                    channel, script="<p>Call us.</p>", fallback_channel=False
                )
                action = self._remind()
                action.activity_ids.with_user(self.collector).action_feedback(
                    feedback=SECRET
                )
                self.assertIn(SECRET, action.delivery_ids.mail_message_id.body)
                self._assert_discreet()
                self._assert_told(action)

    def test_missed_call(self):
        self._use_channel("phone", fallback_channel=False)
        action = self._remind()
        call = action.delivery_ids.with_user(self.collector).sudo()
        call._record_missed_call("absent", SECRET)
        self.assertIn(SECRET, " ".join(action.message_ids.mapped("body")))
        self.assertIn("Call to", self._get_told())
        self._assert_discreet()

    def test_salesperson_writes_from_the_composer(self):
        """Only Marie writes to her customer: her message is the action's as well."""
        self.customer.dunning_contact_rule = "salesperson"
        action = self._remind()
        opened = action.with_user(self.marie).action_pass_on()
        composer = self.env[opened["res_model"]].with_user(self.marie)
        with self.mock_mail_gateway(), self.mock_mail_app():
            Form(composer.with_context(**opened["context"])).save().action_send_mail()
        self.assertIn("passed on by Marie", self._get_told())
        self._assert_discreet()
        self._assert_told(action)

    def test_what_is_called_back_leaves_no_trace(self):
        action = self._remind()
        told = self.customer.message_ids[0]
        self._pay(action.line_ids.move_line_id, self.TODAY)
        self.assertFalse(told.exists())

    def test_batch_is_told_at_once(self):
        """However many reminders leave, their customers' chatters are written in one
        go."""
        customers = [self._create_customer(name) for name in ("Bleu", "Corail", "Dune")]
        actions = self._prepare(*customers)
        create = type(self.env["mail.message"]).create
        with patch.object(
            type(self.env["mail.message"]), "create", autospec=True, side_effect=create
        ) as creation:
            self._send(actions)
        written = [call.args[1] for call in creation.call_args_list]
        notes = [
            messages for messages in written if messages[0]["model"] == "res.partner"
        ]
        self.assertEqual([len(messages) for messages in notes], [3])

    def test_follower_gets_no_copy(self):
        """A colleague follows the customer: neither the reminder nor an answer that
        quotes it is mailed to them; they learn that there is one."""
        follower = self.outsiders[0]
        self.customer.message_subscribe(follower.partner_id.ids)
        with self.mock_mail_gateway():
            action = self._remind()
        self.assertFalse(self._new_mails.recipient_ids & follower.partner_id)
        sent = action.delivery_ids.mail_message_id
        with self.mock_mail_gateway():
            self._receive(sent, f"<p>Never!</p><blockquote>{sent.body}</blockquote>")
        told = " ".join(mail["body"] for mail in self._mails)
        self.assertIn("Answer to", told)
        self.assertNotRegex(told, KEYED_LINK)
        self.assertNotIn("100.00", told)

    def test_link_leads_to_the_action(self):
        """Who may read it opens it; who may not is refused."""
        action = self._remind()
        action.with_user(self.marie).read(["display_name"])
        with self.assertRaises(AccessError):
            action.with_user(self.outsiders[0]).read(["display_name"])


@tagged("post_install", "-at_install")
class TestChatterOfAnswers(ChatterCommon):
    """What customers answer, and what comes of it."""

    def test_answer_by_email(self):
        """It quotes our message: it stands with the action. The customer's chatter says
        that it came, and it is noted from there."""
        action = self._remind()
        sent = action.delivery_ids.mail_message_id
        self._receive(
            sent, f"<p>We pay on Friday.</p><blockquote>{sent.body}</blockquote>"
        )
        answer = action.message_ids[0]
        self.assertIn("We pay on Friday", answer.body)
        self.assertEqual(action.outcome, "reply")
        note = self.customer.message_ids[0]
        self.assertEqual(note.author_id, self.customer)
        self.assertIn("Answer to", note.body)
        opened = note.with_user(self.collector).action_note_answer()
        self.assertEqual(opened["context"]["default_message_id"], answer.id)
        self._assert_discreet()

    def test_conversation_goes_on_in_the_customers_chatter(self):
        """Camille writes back from there; what the customer answers counts."""
        action = self._remind()
        self._receive(action.delivery_ids.mail_message_id, "<p>We pay on Friday.</p>")
        written = self.customer.with_user(self.collector).message_post(
            body="Thank you!",
            message_type="comment",
            parent_id=self.customer.message_ids[0].id,
        )
        action.sudo().reply_date = False
        self._receive(written, "<p>Done.</p>")
        self.assertEqual(action.reply_date, self.TODAY)

    def test_quoted_elsewhere(self):
        """The customer sends our message on, to an address that knows nothing of it: it
        arrives, and its links open nothing any more; pictures stay."""
        self._use_channel("interactive_email")
        sent = self._remind().delivery_ids.sudo().mail_mail_id.body_html
        link = re.search(r"/f/[\w-]{32}", sent).group()
        self.assertRegex(link, KEYED_LINK)
        quoted = f"<p><a href='https://x{link}'>page</a></p>"
        picture = '<img src="/web/image/3?access_token=1234-5678-9012">'
        invoice = self._create_late_claim().move_id
        for record in (self.customer, invoice):
            with self.subTest(model=record._name):
                self._receive(None, quoted + picture, record._name, record.id)
                body = record.message_ids[0].body
                self.assertNotRegex(body.replace(picture, ""), KEYED_LINK)
                self.assertIn("1234-5678-9012", body)

    def test_mail_server_quotes_a_link(self):
        """It refuses the message for a link in it, and says which."""
        action = self._remind()
        delivery = action.delivery_ids
        link = delivery.sudo()._get_link() or f"/f/{'k' * 32}"
        delivery.sudo()._register_bounce(
            delivery.mail_message_id, self.customer.email, f"550 refused: {link}"
        )
        self.assertIn("came back", self._get_told())
        self._assert_discreet()

    def test_what_is_noted(self):
        """Promise, dispute, reason and words, in one dialog."""
        self._use_channel("phone", fallback_channel=False)
        action = self._remind()
        context = action.with_user(self.collector).action_note_answer()["context"]
        entry = Form(
            self.env["dunning.entry"].with_user(self.collector).with_context(**context)
        )
        entry.has_promise = True
        entry.promise_date = day("03-10")
        entry.note = SECRET
        entry.save().action_save()
        self.assertIn(SECRET, " ".join(action.message_ids.mapped("body")))
        self._assert_discreet()
        promise = self.env["dunning.promise"].search([])
        promise._judge(day("04-20"))
        self.assertEqual(promise.state, "broken")
        self.assertIn("100.00", " ".join(promise.message_ids.mapped("body")))
        self.assertIn("broken", self._get_told())
        self._assert_discreet()

    def test_reason_for_not_paying(self):
        claim = self._create_late_claim()
        self.env["dunning.nonpayment"].with_user(self.collector)._note(
            claim.with_user(self.collector), "difficulty", {"note": SECRET}
        )
        for record in (self.customer, claim.move_id):
            self.assertIn("temporary difficulty", record.message_ids[0].body)
            self.assertNotIn(SECRET, record.message_ids[0].body)
        self._assert_discreet()

    def test_dissatisfaction(self):
        """The tasks are on the customer, the words with the action."""
        self._use_channel("phone", fallback_channel=False)
        action = self._remind()
        action.with_user(self.collector).sudo()._register_satisfaction(1, SECRET)
        self.assertTrue(self.customer.activity_ids)
        self._assert_discreet()

    def test_waiver(self):
        claim = self._create_late_claim()
        self.env["dunning.legal.waiver"].create(
            {
                "move_id": claim.move_id.id,
                "is_interest_waived": True,
                "reason": SECRET,
            }
        )
        told = claim.move_id.message_ids[0].body
        self.assertIn("waived by", told)
        self.assertNotIn(SECRET, told)

    def test_limitation(self):
        """The task about claims that are soon time-barred counts them."""
        claim = self._create_late_claim()
        claim.sudo().write({"dunning_limitation_date": day("04-01")})
        claim._warn_of_dunning_limitation(self.company)
        self.assertTrue(self.customer.activity_ids)
        self._assert_discreet()


@tagged("post_install", "-at_install")
class TestChatterOfStatements(ChatterCommon):
    """A statement of account sent by e-mail lists all that is open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_late_claim()
        wizard = cls.env["dunning.statement.send"].with_user(cls.collector)
        wizard.create({"partner_ids": [Command.set(cls.customer.ids)]}).action_send()
        cls.sending = cls.env["dunning.statement.sending"].search([])

    def test_statement(self):
        """The message and its PDF are for those who may know what is owed."""
        self.assertIn("Statement of account on", self._get_told())
        self._assert_discreet()
        for user in (self.collector, self.marie):
            (message,) = self.sending.with_user(user).message_ids.filtered("subject")
            self.assertTrue(message.attachment_ids.raw)
        for user in self.outsiders:
            with self.assertRaises(AccessError):
                self.sending.with_user(user).read(["day"])

    def test_answer(self):
        """It arrives, the sender is told, and the customer's chatter says so."""
        self.assertIn(self.collector.partner_id, self.sending.message_partner_ids)
        message = self.sending.message_ids.filtered("subject")
        self._receive(message, f"<p>Agreed.</p><blockquote>{message.body}</blockquote>")
        self.assertIn("Agreed", self.sending.message_ids[0].body)
        self.assertIn("Answer to", self.customer.message_ids[0].body)
        self._assert_discreet()
