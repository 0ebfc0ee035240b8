from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, freeze_time, new_test_user, tagged

from ..common import day
from .common import DeliveryCommon

LEFT_BEHIND = (
    "dunning.action",
    "dunning.action.line",
    "dunning.delivery",
    "ir.attachment",
    "ir.cron.trigger",
    "mail.activity",
    "mail.followers",
    "mail.mail",
    "mail.message",
    "mail.notification",
    "bus.bus",
)


@tagged("post_install", "-at_install")
class TestPreview(DeliveryCommon, HttpCase):
    """What a step would bring a customer, seen before anything leaves."""

    def setUp(self):
        super().setUp()
        self.env.flush_all()

    def _open(self, user=None, **context):
        """Open the dialog as a user, the collector by default."""
        self.env.flush_all()
        values = {f"default_{name}": value for name, value in context.items()}
        Preview = self.env["dunning.step.preview"].with_user(user or self.collector)
        return Form(Preview.with_context(**values))

    def _count(self):
        self.env.flush_all()
        return {
            name: self.env[name].with_context(active_test=False).sudo().search_count([])
            for name in LEFT_BEHIND
        }

    # ---- steps -----------------------------------------------------------------------

    def test_step_email(self):
        """Camille looks at the first reminder for Azur: recipient, sender, subject and
        message are those that would leave, in the company's layout."""
        claim = self._create_late_claim(amount=120.0)
        preview = self._open(step_id=self.reminder.id, partner_id=self.customer.id)
        self.assertFalse(preview.reason)
        self.assertIn("azur@example.com", preview.recipients)
        self.assertIn("camille@azur.example.com", preview.sender)
        self.assertEqual(preview.subject, "To settle: $ 120.00")
        self.assertIn(claim.move_id.name, preview.body)
        self.assertIn(self.company.name, preview.body)
        self.assertEqual(preview.lang_name, "English (US)")

    def test_step_language(self):
        """A French customer is shown in French, whatever the collector reads."""
        self.customer.lang = "fr_FR"
        self._create_late_claim()
        preview = self._open(step_id=self.reminder.id, partner_id=self.customer.id)
        self.assertIn("À régler", preview.subject)
        self.assertIn("Merci de payer", preview.body)

    def test_step_proposed_customer(self):
        """Nobody chosen: the customer who is late since longest is shown."""
        late = self._create_customer("Brume Papers")
        self._create_claim(day("01-15"), customer=late)
        self._create_late_claim()
        preview = self._open(step_id=self.reminder.id)
        self.assertEqual(preview.partner_id, late)
        preview.partner_id = self.customer
        self.assertIn("azur@example.com", preview.recipients)

    def test_step_claim_on_the_desk(self):
        """The claim already waits in an action: the later step can be looked at all the
        same, and the action does not move."""
        self._create_late_claim()
        action = self._plan()
        self._use_channel("email")
        preview = self._open(step_id=self.reminder.id, partner_id=self.customer.id)
        self.assertFalse(preview.reason)
        self.assertEqual(action.state, "to_confirm")

    def test_step_notice_and_thanks(self):
        """A notice shows what falls due, thanks show what was paid last."""
        self._add_steps(self.scenario, self._thanks(sequence=90))
        steps = self._get_step("notice") | self._get_step("thanks")
        steps.write({"channel": "email", "mail_template_id": self.mail_text.id})
        coming = self._create_claim(day("03-20"), 70.0)
        paid = self._create_claim(day("02-01"), 55.0)
        self._pay(paid, day("03-02"))
        shown = [
            self._open(step_id=step.id, partner_id=self.customer.id).body
            for step in steps
        ]
        self.assertIn(coming.move_id.name, shown[0])
        self.assertIn("55.00", shown[1])

    def test_step_nothing_open(self):
        """A customer who owes nothing: said in plain words instead of a message with
        holes."""
        preview = self._open(step_id=self.reminder.id, partner_id=self.customer.id)
        self.assertIn("Nothing of Azur Interior is overdue", preview.reason)
        self.assertFalse(preview.body)

    def test_step_no_address(self):
        """No e-mail address: the dialog says so, and offers the fallback."""
        self._create_late_claim()
        self.customer.email = False
        preview = self._open(step_id=self.reminder.id, partner_id=self.customer.id)
        self.assertIn("e-mail address", preview.reason)
        preview.channel = "letter"
        self.assertFalse(preview.reason)
        self.assertIn("8 rue des Lilas", preview.recipients)

    def test_step_broken_text(self):
        """A text that cannot be rendered is told in the dialog, not in a crash."""
        self._create_late_claim()
        self.mail_text.body_html = "<p t-out='object.no_such_field'/>"
        preview = self._open(step_id=self.reminder.id, partner_id=self.customer.id)
        self.assertTrue(preview.reason)

    def test_call(self):
        """A call is shown as the note of who will make it."""
        self._use_channel("phone", script="<p>Ask for a date.</p>")
        self._create_late_claim()
        preview = self._open(step_id=self.reminder.id, partner_id=self.customer.id)
        self.assertIn("Ask for a date.", preview.note)
        self.assertIn("+33 1 02 03 04 05", preview.recipients)
        self.assertEqual(preview.sender, "Camille Durand")

    # ---- customers -------------------------------------------------------------------

    def test_customer(self):
        """From the customer: the first reminder of the scenario that they play."""
        self._create_late_claim()
        preview = self._open(partner_id=self.customer.id)
        self.assertEqual(preview.step_id, self.reminder)
        self.assertFalse(preview.reason)

    # ---- actions ---------------------------------------------------------------------

    def test_action_own_words(self):
        """What Camille wrote herself is what she sees."""
        self._create_late_claim()
        action = self._plan()
        action.with_user(self.collector).write(
            {"mail_subject": "About your account", "mail_body": "<p>Call me.</p>"}
        )
        preview = self._open(action_id=action.id)
        self.assertEqual(preview.partner_id, self.customer)
        self.assertEqual(preview.subject, "About your account")
        self.assertIn("Call me.", preview.body)

    def test_action_fallback(self):
        """The channel shown first is the one that would be used."""
        self._create_late_claim()
        action = self._plan()
        self.customer.email = False
        self.assertEqual(self._open(action_id=action.id).channel, "letter")

    def test_action_expired(self):
        """The notice waited too long, its claim is overdue: nothing would leave, and
        looking at it does not close the action."""
        self._create_claim(day("03-10"))
        action = self._plan()
        with freeze_time("2026-03-11 10:00:00"):
            preview = self._open(action_id=action.id)
        self.assertIn("Nothing would be sent", preview.reason)
        self.assertEqual(action.state, "to_confirm")

    # ---- no trace --------------------------------------------------------------------

    def test_no_trace(self):
        """Looked at by every channel, and tested: nothing is left but the test."""
        self._create_late_claim()
        action = self._plan()
        self._use_channel("email", second_channel="phone", fallback_channel="letter")
        before = self._count()
        for context in (
            {"action_id": action.id},
            {"step_id": self.reminder.id, "partner_id": self.customer.id},
        ):
            preview = self._open(**context)
            for channel in ("phone", "letter", "email"):
                preview.channel = channel
                self.assertFalse(preview.reason, channel)
        self.assertEqual(self._count(), before)
        self.assertFalse(action.delivery_ids)
        self.assertEqual(action.line_ids.mapped("state"), ["open"])

    # ---- test e-mail -----------------------------------------------------------------

    def _send_test(self, address, **context):
        preview = self._open(**context)
        preview.test_email = address
        record = preview.save()
        known = self.env["mail.mail"].search([])
        record.action_send_test()
        return self.env["mail.mail"].search([]) - known

    def test_send_test(self):
        """Camille sends herself the reminder: marked as a test, with its attachments;
        neither the customer nor their chatter hears of it."""
        self._create_late_claim()
        self.mail_text.attachment_ids = self.env["ir.attachment"].create(
            {"name": "Terms.pdf", "raw": b"terms"}
        )
        talk = self.customer.message_ids
        mail = self._send_test(
            "camille@azur.example.com",
            step_id=self.reminder.id,
            partner_id=self.customer.id,
        )
        self.assertEqual(mail.state, "outgoing")
        self.assertTrue(mail.subject.startswith("[Test] To settle"))
        self.assertEqual(mail.email_to, "camille@azur.example.com")
        self.assertFalse(mail.recipient_ids)
        self.assertFalse(mail.res_id)
        self.assertIn("camille@azur.example.com", mail.reply_to)
        self.assertIn("<b>This is a test.</b>", mail.body_html)
        self.assertIn("<p>Dear Azur Interior", mail.body_html)
        self.assertLess(
            mail.body_html.index("This is a test."), mail.body_html.index("Please pay")
        )
        self.assertEqual(mail.attachment_ids.mapped("raw"), [b"terms"])
        self.assertEqual(self.customer.message_ids, talk)

    def test_send_test_address(self):
        """Neither what is no address, nor one of the customer's, nor one outside the
        house is written to: what a customer owes stays here."""
        self._create_late_claim()
        for login, groups in (
            ("portal@elsewhere.example", "base.group_portal"),
            ("former@azur.example.com", "base.group_user"),
        ):
            user = new_test_user(self.env, login=login, email=login, groups=groups)
            user.active = groups == "base.group_portal"
        for address, words in (
            ("camille", "is not an e-mail address"),
            (False, "is not an e-mail address"),
            ("a@example.com, b@example.com", "is not an e-mail address"),
            ("AZUR@example.com", "is an address of the customer"),
            ("someone@elsewhere.example", "not the address of a user"),
            ("portal@elsewhere.example", "not the address of a user"),
            ("former@azur.example.com", "not the address of a user"),
            ("x" * 100_000, "^“x{80}” is not"),
        ):
            with self.subTest(address), self.assertRaisesRegex(UserError, words):
                self._send_test(
                    address, step_id=self.reminder.id, partner_id=self.customer.id
                )

    # ---- letter ----------------------------------------------------------------------

    def test_letter(self):
        """The letter is shown as the PDF that would be printed, and can be saved."""
        self._create_late_claim()
        self._use_channel("letter", fallback_channel=False)
        preview = self._open(step_id=self.reminder.id, partner_id=self.customer.id)
        self.assertIn("pdfjs/web/viewer.html?file=", preview.letter)
        before = self._count()
        url = preview.save().action_download()["url"]
        self.authenticate("camille", "camille")
        answer = self.url_open(url)
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertIn("We expect $ 100.00", " ".join(self._get_text(answer.content)))
        self.assertEqual(self._count() | {"bus.bus": 0}, before | {"bus.bus": 0})
        unknown = self.url_open(url.replace("channel=letter", "channel=email"))
        self.assertEqual(unknown.text, "Choose a channel of the step.")

    # ---- rights ----------------------------------------------------------------------

    def test_rights(self):
        """Who does not follow customers up cannot look, nor in another company."""
        self._create_late_claim()
        clerk = new_test_user(
            self.env,
            login="clerk",
            groups="account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        with self.assertRaises(AccessError):
            self._open(clerk, step_id=self.reminder.id, partner_id=self.customer.id)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        with self.assertRaisesRegex(AccessError, "do not work in"):
            self._open(
                step_id=self.reminder.id,
                partner_id=self.customer.id,
                company_id=other.id,
            )
        theirs = self._create_customer("Far Away", company_id=other.id)
        with self.assertRaises(AccessError):
            self._open(step_id=self.reminder.id, partner_id=theirs.id)
