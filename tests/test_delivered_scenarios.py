"""The delivered set-up: what the user's documents ask for, and how it is written."""

import re
from itertools import product

from lxml import html

from odoo import Command
from odoo.tests import TransactionCase, new_test_user, tagged

from .common import DunningCommon, day

MODULE = "account_dunning_scenario"
EMAIL_TEXTS = (
    "notice",
    "reminder_courteous",
    "reminder_neutral",
    "reminder_firm",
    "reminder_bad_payer",
    "thanks",
)
LETTER_TEXTS = (
    "letter_notice",
    "letter_reminder_courteous",
    "letter_reminder_neutral",
    "letter_reminder_firm",
    "letter_reminder_last",
    "letter_legal",
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
    "en_US": r"(January|February|March|April|May) \d{1,2}, 2026",
    "fr_FR": r"\d{1,2} (janvier|février|mars|avril|mai) 2026",
}


class DeliveredCase(TransactionCase):
    def _ref(self, name):
        return self.env.ref(f"{MODULE}.{name}")

    def _assert_steps(self, scenario, expected):
        """Compare the steps of a delivered scenario with a table, a row per step.

        A row reads `code | kind | channel | anchor | delay | mode | marks`: an anchor
        that is no date is the code of a step; marks are `off`, `last` and `letter`
        (the fallback).
        """
        steps = self._ref(f"dunning_scenario_{scenario}").step_ids
        rows = [self._describe(step) for step in steps]
        table = [
            tuple(cell.strip() for cell in row.split("|"))
            for row in expected.strip().splitlines()
        ]
        self.assertEqual(rows, table)
        for step in steps:
            self.assertEqual(self._ref(f"dunning_step_{scenario}_{step.code}"), step)

    def _describe(self, step):
        anchor = step.anchor_step_id.code if step.anchor == "step" else step.anchor
        marks = [
            "" if step.is_enabled else "off",
            "last" if step.is_last_resort else "",
            step.fallback_channel or "",
        ]
        return (
            step.code,
            step.kind,
            step.channel,
            anchor,
            f"{step.delay:+d}",
            step.mode,
            " ".join(mark for mark in marks if mark),
        )


@tagged("post_install", "-at_install")
class TestDeliveredScenarios(DeliveredCase):
    def test_standard_scenario_is_the_one_of_the_documents(self):
        """A standard customer gets e-mails, two calls counted from the first reminder,
        two letters and thanks (S1-16..S1-23); the call before the due date is there,
        switched off (S2-11)."""
        self._assert_steps(
            "standard",
            """
satisfaction_call | notice   | phone  | due_date     | -14 | confirm | off
notice            | notice   | email  | due_date     | -8  | confirm | letter
reminder_1        | reminder | email  | due_date     | +8  | confirm | letter
reminder_2        | reminder | phone  | reminder_1   | +8  | confirm |
reminder_3        | reminder | phone  | reminder_1   | +16 | confirm |
reminder_4        | reminder | letter | reminder_3   | +8  | confirm |
reminder_5        | reminder | letter | reminder_4   | +8  | confirm |
thanks            | thanks   | email  | payment_date | +8  | confirm |
            """,
        )

    def test_customers_without_email_get_letters_instead(self):
        """The variant by post writes letters where the standard one sends e-mails
        (S1-24, S1-25); thanks by letter are switched off."""
        self._assert_steps(
            "standard_post",
            """
satisfaction_call | notice   | phone  | due_date     | -14 | confirm | off
notice            | notice   | letter | due_date     | -8  | confirm |
reminder_1        | reminder | letter | due_date     | +8  | confirm |
reminder_2        | reminder | phone  | reminder_1   | +8  | confirm |
reminder_3        | reminder | phone  | reminder_1   | +16 | confirm |
reminder_4        | reminder | letter | reminder_3   | +8  | confirm |
reminder_5        | reminder | letter | reminder_4   | +8  | confirm |
thanks            | thanks   | letter | payment_date | +8  | confirm | off
            """,
        )

    def test_export_scenario_counts_everything_from_the_due_date(self):
        """An export customer gets two e-mails, a call and two letters, eight days
        apart, neither notice nor thanks (S1-30..S1-35); e-mails may go by post when
        there is no address (S1-36)."""
        self._assert_steps(
            "export",
            """
reminder_1 | reminder | email  | due_date | +8  | confirm | letter
reminder_2 | reminder | email  | due_date | +16 | confirm | letter
reminder_3 | reminder | phone  | due_date | +24 | confirm |
reminder_4 | reminder | letter | due_date | +32 | confirm |
reminder_5 | reminder | letter | due_date | +40 | confirm |
            """,
        )

    def test_key_account_steps_are_decided_by_people(self):
        """A key account is called first, its e-mail is personal, the rest is played
        when needed (S1-40..S1-46)."""
        self._assert_steps(
            "key_account",
            """
satisfaction_call | notice   | phone  | due_date     | -14 | confirm     | off
notice            | notice   | email  | due_date     | -8  | optional    | letter
reminder_1        | reminder | phone  | due_date     | +8  | confirm     |
reminder_2        | reminder | email  | due_date     | +16 | personalise | letter
reminder_3        | reminder | email  | due_date     | +24 | optional    | letter
reminder_4        | reminder | letter | due_date     | +32 | optional    |
reminder_5        | reminder | letter | due_date     | +40 | optional    |
thanks            | thanks   | email  | payment_date | +8  | confirm     |
            """,
        )

    def test_bad_payers_are_followed_closely(self):
        """A bad payer always gets the notice, closer and firmer steps, and the letter
        on legal consequences before the last resort (S1-47..S1-49, S0-34)."""
        self._assert_steps(
            "bad_payer",
            """
notice     | notice   | email  | due_date     | -8  | confirm | letter
reminder_1 | reminder | email  | due_date     | +3  | confirm | letter
reminder_2 | reminder | phone  | due_date     | +8  | confirm |
reminder_3 | reminder | email  | due_date     | +12 | confirm | letter
reminder_4 | reminder | letter | due_date     | +18 | confirm |
reminder_5 | reminder | letter | due_date     | +30 | confirm | last
thanks     | thanks   | email  | payment_date | +8  | confirm |
            """,
        )
        legal = self._ref("dunning_step_bad_payer_reminder_4")
        self.assertEqual(
            legal.letter_template_id, self._ref("mail_template_letter_legal")
        )

    def test_each_segment_plays_its_scenario(self):
        """Each kind of customer of the documents has its segment (S1-10, S1-38), and
        the key accounts, export customers and bad payers their own scenario."""
        scenarios = {
            "standard": "standard",
            "standard_post": "standard_post",
            "export": "export",
            "key_account": "key_account",
            "bad_payer": "bad_payer",
            "public_sector": "standard",
            "small_business": "standard",
        }
        for code, scenario in scenarios.items():
            segment = self._ref(f"dunning_segment_{code}")
            self.assertEqual(segment.code, code)
            self.assertEqual(
                segment.scenario_id, self._ref(f"dunning_scenario_{scenario}")
            )

    def test_each_step_has_the_text_its_channels_need(self):
        """A written step brings its text for each way it may take, a call its guide
        (S0-23), and only letters and e-mails have templates."""
        for step in self._get_delivered_steps():
            with self.subTest(step=step.display_name, scenario=step.scenario_id.name):
                ways = {step.channel, step.fallback_channel}
                self.assertEqual(bool(step.mail_template_id), "email" in ways)
                self.assertEqual(bool(step.letter_template_id), "letter" in ways)
                self.assertEqual(bool(step.script), "phone" in ways)

    def test_tone_grows_firmer_and_never_softer(self):
        """Within a scenario the tone never softens (S1-27..S1-29); the fourth reminder
        is the first firm one for customers who usually pay."""
        tones = ("courteous", "neutral", "firm", "formal")
        for scenario in self._get_delivered_steps().scenario_id:
            steps = scenario.step_ids.filtered(lambda step: step.kind != "thanks")
            ranks = [tones.index(step.tone) for step in steps]
            self.assertEqual(ranks, sorted(ranks), scenario.name)
        for code in ("standard", "standard_post", "export"):
            steps = self._ref(f"dunning_scenario_{code}").step_ids
            first_firm = steps.filtered(lambda step: step.tone == "firm")[:1]
            self.assertEqual(first_firm.code, "reminder_4")

    def test_calls_ask_open_questions(self):
        """A call guide listens, rephrases and asks (S0-24..S0-27, S1-28); the one
        before the due date never asks for money (S2-12..S2-16)."""
        self._load_french()
        for lang, step in product(LANGS, self._get_delivered_steps()):
            if step.channel != "phone":
                continue
            guide = html.fromstring(step.with_context(lang=lang).script)
            questions = [item.text_content() for item in guide.iter("li")]
            self.assertGreaterEqual(len(questions), 3)
            for question in questions:
                self.assertTrue(question.strip().endswith("?"), question)
        call = self._ref("dunning_step_standard_satisfaction_call")
        self.assertIn("does not ask for money", call.script)
        self.assertIn("Only if every answer is positive", call.script)

    def test_messages_ask_within_the_time_before_the_next_step(self):
        """Who answers by the date asked for is not contacted before it (S4-26)."""
        for step in self._get_delivered_steps():
            if step.kind == "thanks":
                self.assertFalse(step.request)
                continue
            self.assertTrue(step.request)
            self.assertGreaterEqual(step.request_days, 3)
            following = step.scenario_id.step_ids.filtered(
                lambda other, step=step: other.anchor == step.anchor == "due_date"
                and other.delay > step.delay
                and step.kind == other.kind == "reminder"
            )
            for other in following:
                self.assertLessEqual(step.request_days, other.delay - step.delay)

    def _get_delivered_steps(self):
        records = self.env["ir.model.data"].search(
            [("module", "=", MODULE), ("model", "=", "dunning.step")]
        )
        return self.env["dunning.step"].browse(records.mapped("res_id")).exists()

    def _load_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms([MODULE], ["fr_FR"])


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
        cls.action = cls.env["dunning.action"].sudo().create(
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
                body = self._render(name, "body_html", lang)
                dates = html.fromstring(body).xpath("//strong[string()]")
                bold = [node.text_content() for node in dates]
                expected = {"en_US": "March 11, 2026", "fr_FR": "11 mars 2026"}[lang]
                self.assertEqual(bold.count(expected), asked)

    def test_late_notice_asks_before_the_due_date(self):
        """A notice that leaves late still asks for the confirmation by the due date,
        not after it (S1-16)."""
        self.step.request_days = 30
        for lang, name in product(LANGS, ("notice", "letter_notice")):
            body = " ".join(self._get_paragraphs(name, lang))
            due = {"en_US": "confirm, by March 12, 2026", "fr_FR": "le 12 mars 2026, que"}
            self.assertIn(due[lang], body)

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

    def test_legal_letter_speaks_in_words_only(self):
        """The letter on legal consequences says what the law provides without rate or
        amount, whatever the customer's status (S1-49); a consumer reads nothing about
        recovery costs, in no text at all."""
        statuses = ("business", "public", "consumer")
        figures = r"\d\s*(%|€|eur|percent|per cent|point|pour cent)"
        costs = r"recovery cost|indemnity|penalt|frais|indemnité|pénalité"
        for lang, status in product(LANGS, statuses):
            with self.subTest(lang=lang, status=status):
                self.customer.dunning_legal_status = status
                text = " ".join(self._get_paragraphs("letter_legal", lang))
                asked = self.action.with_context(lang=lang).totals_text
                rest = text.replace(asked, "").lower()
                self.assertNotRegex(rest, figures)
                self.assertNotIn(self.company.currency_id.symbol, rest)
                if status == "consumer":
                    self.assertNotRegex(rest, costs)
                else:
                    self.assertRegex(rest, costs)
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
        action = self.action.with_context(lang=lang)
        return template._render_field(field, action.ids, set_lang=lang)[action.id]

    def _get_paragraphs(self, name, lang):
        """Return the texts of the paragraphs and list items, the table left out."""
        body = html.fromstring(self._render(name, "body_html", lang))
        for table in body.xpath("//table"):
            table.drop_tree()
        nodes = body.xpath("//p | //li")
        return [" ".join(node.text_content().split(" ")).strip() for node in nodes]
