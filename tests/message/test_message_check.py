import doctest
from itertools import product

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, TransactionCase, new_test_user, tagged

from ...models.message.check import message_check
from ...models.message.check.message_check import (
    Message,
    compile_words,
    find_faults,
    find_words,
)
from ...models.setup.guard.guard import SealedCode
from ..common import day
from ..delivery.common import DeliveryCommon

MODULE = "account_dunning_scenario"
# Field of a step → channel that takes its text.
TEXTS = {"mail_template_id": "email", "letter_template_id": "letter"}


@tagged("post_install", "-at_install")
class TestMessageWords(TransactionCase):
    """Words are found as a reader would find them (S4-12, S4-13, S4-21..S4-26)."""

    def test_examples_of_the_check(self):
        self.assertFalse(doctest.testmod(message_check).failed)

    def _find(self, subject="Your account", body=None, lang="en_US", **values):
        words = self.env["dunning.word.list"]._get_words(lang)
        body = body or "<p>Please pay by March 11, 2026.</p>"
        message = Message(subject, body, lang=lang, day=day("03-04"), **values)
        faults = find_faults(message._replace(is_request=True), words)
        return [fault.code for fault in faults]

    def test_forbidden_words_are_whole_words(self):
        """Plural, feminine, accents, capitals and wide spaces change nothing; a longer
        word is another word (S4-13)."""
        body = "<p>Merci de régler d’ici le 11 mars 2026.</p>"
        cases = {
            "RELANCE n° 2": True,
            "2e relance": True,
            "Factures IMPAYÉES": True,
            "Facture impaye\u0301e": True,  # an accent of its own
            "dernier\u00a0avis avant le 11 mars": True,
            "ur\u00adgent": True,  # a soft hyphen, not seen
            "Balance de votre compte": False,
            "Votre relancement": False,
            "Frappel SARL": False,
        }
        for subject, is_bad in cases.items():
            with self.subTest(subject=subject):
                found = self._find(subject, body, "fr_FR")
                self.assertEqual("subject" in found, is_bad)

    def test_names_are_no_words(self):
        """A customer may be called Impayé, an invoice RELANCE/2026/1."""
        subject = "Impayé & Fils: RELANCE/2026/1"
        body = "<p>Merci de régler d’ici le 11 mars 2026.</p>"
        merged = ("Impayé & Fils", "RELANCE/2026/1")
        self.assertFalse(self._find(subject, body, "fr_FR", merged=merged))
        self.assertIn("subject", self._find("Impayé: 10 €", body, "fr_FR"))

    def test_imitation_of_a_court_is_found(self):
        """C. pén. 433-13."""
        self.assertIn("court", self._find("Order to pay no. 12"))
        self.assertIn("court", self._find("Injonction de payer", lang="fr_FR"))
        self.assertNotIn("court", self._find("What the law provides"))

    def test_places_left_open_are_found(self):
        for text in (
            "Dear {{ name }}",
            "Dear &lt;t t-out='x'/&gt;",
            "Dear False",
            "You owe None",
            "Dear [name]",
            "Dear […]",
            "Call XXX",
        ):
            body = f"<p>{text}. Please pay by March 11, 2026.</p>"
            with self.subTest(text=text):
                self.assertEqual(self._find(body=body), ["placeholder"])
        body = "<p>None of them is paid [1]. Please pay by March 11, 2026.</p>"
        self.assertFalse(self._find(body=body))

    def test_one_thing_is_asked_for_by_a_day(self):
        """S4-22..S4-26: a day that is past is none, a condition asks for nothing."""
        cases = {
            "Please pay.": ["date"],
            "It was due on March 1, 2026. Please pay.": ["date"],
            "Please pay by 11/03/2026.": [],
            "Please pay by the 11 March.": [],
            "Please pay by March 11. Could you call us back?": ["requests"],
            "Please pay by March 11. If you have paid, please forget it.": [],
        }
        for text, expected in cases.items():
            with self.subTest(text=text):
                self.assertEqual(self._find(body=f"<p>{text}</p>"), expected)

    def test_calm_and_complete(self):
        self.assertEqual(self._find(body="<p><br/></p>"), ["empty"])
        self.assertEqual(self._find(subject=" "), ["no_subject"])
        self.assertEqual(self._find(subject="Pay " * 20), ["length"])
        self.assertEqual(self._find(subject="Pay!"), ["exclamation"])
        self.assertFalse(self._find(subject="For Yahoo!", merged=("Yahoo!",)))
        self.assertFalse(self._find(subject=None), "a short message has none")

    def test_pattern_of_no_words_finds_nothing(self):
        self.assertIsNone(compile_words(["", "  "]))


@tagged("post_install", "-at_install")
class TestMessageCheck(DeliveryCommon):
    """A person is warned, an automatic step is stopped."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reminder.mode = "auto"

    def _deliver(self, **values):
        """Play reminder 1 with some values of its text; return the action."""
        self.mail_text.with_context(lang="en_US").write(values)
        self._create_late_claim()
        action = self._plan()
        action.scheduled_at = False
        self._send(action)
        return action

    def test_good_message_leaves_by_itself(self):
        action = self._deliver()
        self.assertEqual(action.state, "done", action.reason)

    def test_automatic_step_with_a_forbidden_word_waits_on_the_desk(self):
        """It says what is wrong, where, and what to do."""
        action = self._deliver(subject="Final notice: {{ object.totals_text }}")
        self.assertEqual(action.state, "failed")
        for words in ("puts readers off", "final notice", "Say what it is about"):
            self.assertIn(words, action.reason)
        self.assertFalse(action.delivery_ids.mail_mail_id)

    def test_person_may_send_it_all_the_same(self):
        self.reminder.mode = "confirm"
        self.mail_text.with_context(lang="en_US").subject = "Final notice"
        action = self._prepare()
        dialog = self.env["dunning.action.confirm"].new({"action_ids": action.ids})
        self.assertIn("final notice", " ".join(dialog._get_findings_texts()))
        self._send(action)
        self.assertEqual(action.state, "done")

    def test_words_of_a_person_are_told_while_they_are_written(self):
        self.reminder.mode = "personalise"
        self._create_late_claim()
        action = self._plan()
        action.mail_subject, action.mail_body = "Urgent", "<p>Hello!</p>"
        for words in ("urgent", "exclamation", "names no day"):
            self.assertIn(words, action.findings_html)
        dialog = self.env["dunning.action.confirm"].new({"action_ids": action.ids})
        self.assertIn("Azur Interior", " ".join(dialog._get_findings_texts()))

    def test_customer_may_be_called_anything(self):
        """A customer called “Urgent Reminder” is written to as everyone is."""
        self.customer.name = "Urgent Reminder"
        action = self._deliver(subject="{{ object.partner_id.name }}: your account")
        self.assertEqual(action.state, "done", action.reason)

    def test_language_that_the_text_lacks_stops_an_automatic_step(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.customer.lang = "de_DE"
        action = self._deliver()
        self.assertEqual(action.state, "failed")
        self.assertIn("German", action.reason)

    def test_recovery_costs_are_refused_towards_a_consumer(self):
        """Even when a person sends them (CPCE L111-8); a business may read them."""
        costs = "<p>Please pay by March 11, 2026, and 40 € of recovery costs.</p>"
        self.reminder.mode = "confirm"
        self.mail_text.with_context(lang="en_US").body_html = costs
        consumer = self._create_customer("Lucie", dunning_legal_status="consumer")
        actions = self._prepare(self.customer, consumer)
        self._send(actions)
        states = {action.partner_id: action.state for action in actions}
        self.assertEqual(states, {self.customer: "done", consumer: "failed"})
        failed = actions.filtered(lambda action: action.state == "failed")
        self.assertIn("the law forbids it", failed.reason)

    def test_costs_left_to_the_creditor_may_be_named(self):
        self.customer.dunning_legal_status = "consumer"
        text = "<p>Please pay by March 11, 2026. Recovery costs are borne by us.</p>"
        self.assertEqual(self._deliver(body_html=text).state, "done")

    def _send_to_consumer(self, lang, body):
        """Let a person send reminder 1 to a consumer; return the action."""
        self.reminder.mode = "confirm"
        self.customer.write({"dunning_legal_status": "consumer", "lang": lang})
        self.mail_text.with_context(lang=lang).body_html = body
        action = self._prepare()
        self._send(action)
        return action

    def test_indemnity_is_refused_whatever_else_the_creditor_bears(self):
        text = (
            "<p>Merci de régler d’ici le 11 mars 2026. Une indemnité de 40 € s’ajoute, "
            "les frais postaux restant à notre charge.</p>"
        )
        action = self._send_to_consumer("fr_FR", text)
        self.assertEqual(action.state, "failed")
        self.assertIn("the law forbids it", action.reason)

    def test_costs_are_refused_in_another_language_than_the_reader_s(self):
        """The French text was never translated."""
        late_fee = "<p>Please pay by March 11, 2026, plus a late fee.</p>"
        action = self._send_to_consumer("fr_FR", late_fee)
        self.assertEqual(action.state, "failed")
        self.assertIn("late fee", action.reason)

    def test_message_in_a_language_without_words_waits(self):
        """Nobody knows what it says: a person has to send it."""
        self.env["res.lang"]._activate_lang("de_DE")
        self.customer.lang = "de_DE"
        text = "<p>Bitte zahlen Sie bis zum 11. März 2026.</p>"
        self.mail_text.with_context(lang="de_DE").body_html = text
        action = self._deliver()
        self.assertEqual(action.state, "failed")
        for words in ("German", "Word Lists"):
            self.assertIn(words, action.reason)

    def test_preview_shows_the_message_and_what_is_wrong(self):
        self.mail_text.with_context(lang="en_US").subject = "Urgent"
        self._create_late_claim()
        preview = self.env["dunning.step.preview"].new({"channel": "email"})
        content = {"findings": [self.env["dunning.message.checker"]._tell("subject")]}
        rendered = preview.env["dunning.message.checker"]._render(content["findings"])
        self.assertIn("puts readers off", rendered)

    def test_letters_are_checked_too(self):
        self._use_channel("letter", fallback_channel=False)
        self._create_late_claim()
        action = self._plan()
        action.scheduled_at = False
        with self.allow_pdf_render():
            self._print(action)
        self.assertEqual(action.state, "failed")
        self.assertIn("names no day", action.reason)
        self.assertFalse(action.delivery_ids.attachment_id)

    # ---- texts -----------------------------------------------------------------------

    def test_text_says_what_is_wrong_while_it_is_written(self):
        text = self._create_text("Urgent!", "<p>Please pay. [amount]</p>")
        for words in ("urgent", "exclamation", "[amount]", "names no day"):
            self.assertIn(words, text.dunning_findings)

    def test_languages_of_the_customers_are_asked_for(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self._create_customer("Iberia", lang="es_ES", customer_rank=1)
        self.assertIn("Spanish", self.mail_text.dunning_findings)
        self.mail_text.with_context(lang="es_ES").body_html = "<p>Hola</p>"
        self.mail_text.invalidate_recordset(["dunning_findings"])
        self.assertIn("Word Lists", self.mail_text.dunning_findings)

    def test_text_of_another_kind_is_left_alone(self):
        text = self.env["mail.template"].create(
            {
                "name": "Offer",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "subject": "Urgent!",
            }
        )
        self.assertFalse(text.dunning_findings)

    def test_costs_for_all_readers_are_told(self):
        body = "<p>40 € of recovery costs are due.</p><t t-out='object.request_html'/>"
        text = self._create_text("Your account", body)
        self.assertIn("to all readers", text.dunning_findings)
        text.body_html = body.replace("<p>", "<p t-if='object.is_ticked'>")
        self.assertFalse(text.dunning_findings)

    def test_step_warns_when_its_text_does_not_pass(self):
        self.reminder.fallback_channel = False
        self.assertFalse(self.reminder.findings_html)
        bad = self._create_text("Urgent", "<p>Pay</p>")
        with Form(self.reminder) as form:
            form.mail_template_id = bad
            self.assertIn("is sent automatically, but not", form.findings_html)

    def test_every_delivered_text_passes(self):
        """E-mails, letters and short messages, in each language that they exist in."""
        self.env["ir.module.module"]._load_module_terms([MODULE], ["fr_FR"])
        checker = self.env["dunning.message.checker"]
        data = self.env["ir.model.data"].search(
            [
                ("module", "=", MODULE),
                ("model", "in", ("mail.template", "sms.template")),
            ]
        )
        texts = [self.env[row.model].browse(row.res_id) for row in data]
        texts = [text for text in texts if text.model == "dunning.action"]
        self.assertGreater(len(texts), 12)
        for text in texts:
            found = checker._check_text(text, text._dunning_is_request())
            with self.subTest(text=text.name):
                self.assertFalse(found)

    def test_every_delivered_step_passes_once_merged(self):
        """To a business, a public body and a consumer, in both languages."""
        self.env["ir.module.module"]._load_module_terms([MODULE], ["fr_FR"])
        data = self.env["ir.model.data"].search(
            [("module", "=", MODULE), ("model", "=", "dunning.step")]
        )
        steps = self.env["dunning.step"].browse(data.mapped("res_id"))
        steps = steps.filtered(lambda step: step.kind != "thanks")
        self._create_claim(day("02-10"))
        self._create_claim(day("03-20"))
        for lang, status in product(("en_US", "fr_FR"), ("business", "consumer")):
            self.customer.write({"lang": lang, "dunning_legal_status": status})
            for kind, field in product(("notice", "reminder"), TEXTS):
                of_kind = steps.filtered(lambda step, kind=kind: step.kind == kind)
                self._assert_pass(of_kind.grouped(field), TEXTS[field])

    def _assert_pass(self, steps, channel):
        """Merge each text for one of its steps, and check it."""
        checker = self.env["dunning.message.checker"]
        rehearsal = self.env["dunning.rehearsal"].sudo()
        for template, of_template in steps.items():
            if not template:
                continue
            step = of_template[:1]
            action = rehearsal._stage(
                self.company.id, self.customer.id, step.id, self.TODAY
            ).with_context(dunning_channel=SealedCode(channel))
            texts = action._render_texts({action: template}, ("subject", "body_html"))
            with self.subTest(text=template.name, step=step.code):
                self.assertFalse(checker._check(action, texts, {action: template}))
                self.assertFalse(checker._advise(action, texts))
            action.unlink()

    # ---- word lists ------------------------------------------------------------------

    def test_lists_have_bounds(self):
        """Words are words, whatever they look like; a list is as long as one can
        read."""
        words = self.env.ref(f"{MODULE}.dunning_word_list_en_subject")
        for text in ("a\n" * 3000, "b" * 300):
            with (
                self.assertRaisesRegex(ValidationError, "characters each"),
                self.env.cr.savepoint(),
            ):
                words.words = text
        words.words = "(a+)+$ [ * ("
        self.assertIsNone(find_words("a" * 50, words._get_words("en")["subject"]))

    def test_lists_are_data(self):
        """A word that is added counts at once; a language is a code; collectors read
        the lists, managers edit them."""
        words = self.env.ref(f"{MODULE}.dunning_word_list_en_subject")
        words.words += "\nimportant"
        action = self._deliver(subject="Important: your account")
        self.assertEqual(action.state, "failed")
        with self.assertRaisesRegex(ValidationError, "code of a language"):
            words.lang = "English"
        reader = new_test_user(self.env, login="reader", groups="base.group_user")
        self.assertTrue(words.with_user(reader).words)
        with self.assertRaises(AccessError):
            words.with_user(self.collector).words = "a"
