"""The delivered texts, held against what the user's documents say of messages."""

import re
from itertools import product

from lxml import html

from odoo import Command
from odoo.tests import new_test_user, tagged

from ...models.setup.guard.guard import SEAL, in_channel
from ..common import DunningCommon, day

MODULE = "account_dunning_scenario"
EMAIL_TEXTS = (
    "notice",
    "reminder_courteous",
    "reminder_neutral",
    "reminder_firm",
    "reminder_bad_payer",
    "reminder_law",
    "thanks",
)
LETTER_TEXTS = (
    "letter_notice",
    "letter_reminder_courteous",
    "letter_reminder_neutral",
    "letter_reminder_firm",
    "letter_reminder_last",
    "letter_reminder_law",
    "letter_thanks",
)
LANGS = ("en_US", "fr_FR")
# Whole words that make a reader close the message (S4-13), in both languages.
FORBIDDEN = {
    "en_US": "urgent|urgently|reminder|reminders|unpaid|overdue|past due|late"
    "|dunning|debt|final notice|last notice|warning",
    "fr_FR": "urgent|urgence|relance|relances|rappel|rappels|impayé|impayés|impayée"
    "|impayées|retard|contentieux|mise en demeure|dernier avis|avertissement",
}
DATES = {
    "en_US": r"\d{1,2}\u00a0(January|February|March|April|May) 2026",
    "fr_FR": r"\d{1,2}\u00a0(janvier|février|mars|avril|mai) 2026",
}


@tagged("post_install", "-at_install")
class TestDeliveredTexts(DunningCommon):
    """Each delivered text, rendered for a customer in both languages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in LANGS:
            cls.env["res.lang"]._activate_lang(lang)
        cls.env["ir.module.module"]._load_module_terms([MODULE], ["fr_FR"])
        cls.customer = cls._create_customer("Groupe Aldéron")
        cls.contact = cls.env["res.partner"].create(
            {
                "name": "Claire Martin",
                "parent_id": cls.customer.id,
                "type": "invoice",
                "email": "claire.martin@example.com",
            }
        )
        cls.collector = new_test_user(cls.env, login="marie", name="Marie Durand")
        cls.claims = cls._create_claim(day("02-16"), 12345.67, cls.customer)
        cls.claims |= cls._create_claim(day("03-12"), 890.0, cls.customer)
        cls.step = cls.env.ref(f"{MODULE}.dunning_step_standard_reminder_1")
        # The planner writes the actions; no user may create one.
        cls.action = (
            cls.env["dunning.action"]
            .sudo()
            .create(
                {
                    "partner_id": cls.customer.id,
                    "step_id": cls.step.id,
                    "channel": "email",
                    "collector_id": cls.collector.id,
                    "line_ids": [
                        Command.create(
                            {
                                "company_id": cls.company.id,
                                "partner_id": cls.customer.id,
                                "move_id": claim.move_id.id,
                                "move_line_id": claim.id,
                                "step_id": cls.step.id,
                                "due_date": claim.date_maturity,
                                "currency_id": claim.currency_id.id,
                                "amount_residual": claim.amount_residual,
                                "amount_residual_currency": claim.amount_residual,
                                "amount_chased": claim.amount_residual,
                                "amount_chased_currency": claim.amount_residual,
                            }
                        )
                        for claim in cls.claims
                    ],
                }
            )
        )

    def test_subjects_are_short_and_calm(self):
        """A subject is seen whole, starts with what matters and shouts nothing: no
        forbidden word, no exclamation mark (S4-09..S4-13, S4-21)."""
        for lang, name in product(LANGS, EMAIL_TEXTS + LETTER_TEXTS):
            with self.subTest(lang=lang, text=name):
                subject = self._render(name, "subject", lang)
                self.assertLess(len(subject), 60, subject)
                self.assertGreater(len(subject), 15, subject)
                self.assertNotIn("!", subject)
                self.assertNotRegex(
                    subject.lower(), rf"\b({FORBIDDEN[lang]})\b", subject
                )
                self.assertNotEqual(subject, subject.upper())

    def test_bodies_are_airy_and_calm(self):
        """A body has an introduction, a development and a conclusion in short
        paragraphs and short sentences, without exclamation mark (S4-17..S4-21)."""
        for lang, name in product(LANGS, EMAIL_TEXTS + LETTER_TEXTS):
            with self.subTest(lang=lang, text=name):
                paragraphs = self._get_paragraphs(name, lang)
                self.assertGreaterEqual(len(paragraphs), 5)
                self.assertNotIn("!", " ".join(paragraphs))
                for paragraph in paragraphs:
                    self.assertLess(len(paragraph.split()), 60, paragraph)
                    for sentence in re.split(r"(?<=[.?:])\s", paragraph):
                        self.assertLess(len(sentence.split()), 36, sentence)

    def test_reminders_and_notices_ask_one_thing_by_a_date(self):
        """Each message but the thanks asks once, clearly, and says by when
        (S4-15, S4-22..S4-26); thanks ask for nothing."""
        for lang, name in product(LANGS, EMAIL_TEXTS + LETTER_TEXTS):
            with self.subTest(lang=lang, text=name):
                asked = 0 if name.endswith("thanks") else 1
                self._use_step(request=asked and "payment")
                body = self._render(name, "body_html", lang)
                dates = html.fromstring(body).xpath("//strong[string()]")
                bold = [node.text_content() for node in dates]
                # A letter arrives two days later, and asks for a working day.
                date = 13 if name.startswith("letter") else 11
                month = {"en_US": "March", "fr_FR": "mars"}[lang]
                expected = f"{date}\u00a0{month} 2026"
                self.assertEqual(bold.count(expected), asked)

    def _use_step(self, kind="reminder", **values):
        self.step.with_context(dunning_in_place=SEAL).write(values)
        self.action.sudo().kind = kind

    def test_late_notice_asks_before_the_due_date(self):
        """A notice that leaves late still asks for the confirmation by the due date,
        not after it (S1-16)."""
        self._use_step("notice", request="confirmation", request_days=30)
        for lang, name in product(LANGS, ("notice", "letter_notice")):
            body = " ".join(self._get_paragraphs(name, lang))
            due = {
                "en_US": "confirm to us, by 12\u00a0March 2026",
                "fr_FR": "le 12\u00a0mars 2026, que",
            }
            self.assertIn(due[lang], body)

    def test_notice_of_the_due_day_leaves_time_to_answer(self):
        """Sent on the due day it neither asks for an answer the same day nor speaks of
        something that will be due some day."""
        self._use_step("notice", request="confirmation", request_days=0)
        self.action.sudo().line_ids[0].state = "dropped"
        action = self.action.with_context(dunning_day=day("03-12"), lang="en_US")
        self.assertEqual(action.request_date, day("03-13"))
        self.assertEqual(action.due_text, "It falls due on 12\u00a0March 2026.")
        self.assertIn("$\N{NO-BREAK SPACE}890.00 is on its way?", action.request_html)

    def test_date_asked_for_is_never_today(self):
        self._use_step(request_days=0)
        self.assertEqual(self.action.request_date, day("03-05"))

    def test_request_follows_the_step(self):
        """The same text asks for a payment, an answer or a confirmation, as its step
        does, courteously or firmly; one request, one date (S4-22..S4-26)."""
        asked = [
            ("payment", "courteous", "Would you please pay", "Pouvez-vous régler"),
            ("payment", "formal", "pay the whole amount", "la totalité"),
            ("reply", "neutral", "when you will pay", "ou ce qui retient ce règlement"),
            ("confirmation", "neutral", "confirm to us", "nous confirmer"),
        ]
        for request, tone, english, french in asked:
            self._use_step(request=request, tone=tone)
            for lang, words in (("en_US", english), ("fr_FR", french)):
                with self.subTest(request=request, tone=tone, lang=lang):
                    text = " ".join(self._get_paragraphs("reminder_courteous", lang))
                    self.assertIn(words, text)
                    days = re.findall("11\u00a0(?:March|mars) 2026", text)
                    self.assertEqual(len(days), 1)

    def test_account_to_pay_on_comes_with_a_request_for_payment_only(self):
        bank = self.env["res.partner.bank"].create(
            {
                "acc_number": "FR76 3000 6000 0112 3456 7890 189",
                "partner_id": self.company.partner_id.id,
            }
        )
        self.claims.move_id.partner_bank_id = bank
        for request, is_shown in (("payment", True), ("reply", False)):
            self._use_step(request=request)
            body = self._render("reminder_courteous", "body_html", "en_US")
            self.assertEqual("FR76 3000 6000 0112 3456 7890 189" in body, is_shown)
            references = " ".join(self.claims.move_id.mapped("payment_reference"))
            self.assertEqual(references in body, is_shown)

    def test_one_invoice_is_spoken_of_in_the_singular(self):
        """A customer with one open invoice is not asked about several (S4-16)."""
        self.action.sudo().line_ids[1:].state = "dropped"
        several = r"these invoices|the oldest|ces factures|la plus ancienne"
        for lang, name in product(LANGS, EMAIL_TEXTS + LETTER_TEXTS):
            with self.subTest(lang=lang, text=name):
                text = " ".join(self._get_paragraphs(name, lang)).lower()
                self.assertNotRegex(text, several)

    def test_messages_name_the_people_who_read_and_write(self):
        """An e-mail greets its reader by name, every text is signed by the collector
        (S4-16)."""
        for lang, name in product(LANGS, EMAIL_TEXTS + LETTER_TEXTS):
            with self.subTest(lang=lang, text=name):
                paragraphs = self._get_paragraphs(name, lang)
                if name in EMAIL_TEXTS:
                    self.assertIn("Claire Martin", paragraphs[0])
                self.assertIn("Marie Durand", paragraphs[-1])
                self.assertIn(self.company.name, paragraphs[-1])

    def test_dates_and_amounts_follow_the_language(self):
        """Dates are written in words, amounts as the reader writes them."""
        for lang, name in product(LANGS, EMAIL_TEXTS + LETTER_TEXTS):
            if name.endswith("thanks"):
                continue
            with self.subTest(lang=lang, text=name):
                body = " ".join(self._get_paragraphs(name, lang))
                self.assertRegex(body, DATES[lang])
                amount = {"en_US": "13,235.67", "fr_FR": "13 235,67"}[lang]
                self.assertIn(amount, re.sub(r"[\u202f\xa0]", " ", body))

    def test_only_emails_carry_the_table(self):
        """The statement stands in the e-mail itself; a letter gets it from its
        layout. Thanks show no table."""
        for name in EMAIL_TEXTS + LETTER_TEXTS:
            for lang in LANGS:
                source = self._get_template(name).with_context(lang=lang).body_html
                wanted = name in EMAIL_TEXTS and name != "thanks"
                self.assertEqual("object.statement_html" in source, wanted, name)

    def test_texts_are_written_in_french(self):
        """Name, description, subject and body of each text exist in French, with
        French spacing before tall punctuation (S4-20)."""
        for name in EMAIL_TEXTS + LETTER_TEXTS:
            with self.subTest(text=name):
                english = self._get_template(name).with_context(lang="en_US")
                french = english.with_context(lang="fr_FR")
                for field in ("name", "description", "subject", "body_html"):
                    self.assertNotEqual(french[field], english[field])
                text = " ".join(self._get_paragraphs(name, "fr_FR"))
                text += self._render(name, "subject", "fr_FR")
                self.assertNotRegex(text, r"[\w»] [:;?]|\w[;?]")

    def test_delivered_labels_are_written_in_french(self):
        """Scenarios, segments and steps are named and described in French, each guide
        sentence included."""
        same = {"Standard", "Export"}
        data = self.env["ir.model.data"].search(
            [("module", "=", MODULE), ("model", "like", "dunning.%")]
        )
        for record in data:
            if record.name.endswith("_demo"):
                continue
            english = self.env[record.model].browse(record.res_id)
            english = english.with_context(lang="en_US")
            for field in ("name", "description", "script"):
                if field not in english or not english[field]:
                    continue
                french = english.with_context(lang="fr_FR")[field]
                if english[field] not in same:
                    self.assertNotEqual(french, english[field], record.name)

    def test_consumers_read_nothing_about_costs(self):
        """Recovery costs are named in no text at all that a consumer reads (J10)."""
        costs = r"recovery cost|indemnity|penalt|frais|indemnité|pénalité"
        self.customer.dunning_legal_status = "consumer"
        for lang, name in product(LANGS, EMAIL_TEXTS + LETTER_TEXTS):
            text = " ".join(self._get_paragraphs(name, lang)).lower()
            self.assertNotRegex(text, costs, name)

    def test_notice_asks_to_confirm_and_reminders_to_pay(self):
        """The notice asks for a confirmation, the second reminder for an answer, the
        others for the payment: the step says the same (S4-23..S4-25)."""
        requests = {
            "notice": {"confirmation"},
            "reminder_courteous": {"payment"},
            "reminder_neutral": {"reply"},
            "reminder_firm": {"payment"},
            "reminder_bad_payer": {"payment"},
            "thanks": {False},
        }
        for name, wanted in requests.items():
            steps = self.env["dunning.step"].search(
                [("mail_template_id", "=", self._get_template(name).id)]
            )
            self.assertTrue(steps, name)
            self.assertEqual(set(steps.mapped("request")), wanted, name)

    # ---- helpers -------------------------------------------------------------------

    def _get_template(self, name):
        return self.env.ref(f"{MODULE}.mail_template_{name}")

    def _render(self, name, field, lang):
        template = self._get_template(name)
        channel = "letter" if name.startswith("letter") else "email"
        template = in_channel(template, channel)
        action = self.action.with_context(lang=lang)
        return template._render_field(field, action.ids, set_lang=lang)[action.id]

    def _get_paragraphs(self, name, lang):
        """Return the texts of the paragraphs and list items, the table left out."""
        body = html.fromstring(self._render(name, "body_html", lang))
        for table in body.xpath("//table"):
            table.drop_tree()
        nodes = body.xpath("//p | //li")
        return [" ".join(node.text_content().split(" ")).strip() for node in nodes]
