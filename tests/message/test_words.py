from odoo.tests import tagged

from ...models.message.check.message_check import get_words
from ...models.setup.guard.guard import in_channel
from ..common import day
from ..delivery.common import DeliveryCommon

MODULE = "account_dunning_scenario"


class WordsCommon(DeliveryCommon):
    """A customer late since 24 February, on 4 March 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.module.module"]._load_module_terms([MODULE], ["fr_FR"])
        cls.collector.phone = "+33 1 44 55 66 77"

    def _stage(self, kind="reminder"):
        step = self.reminder
        if kind == "thanks":
            step = self._get_step("thanks")
        self.env["dunning.action"].sudo().search([("line_ids.cycle", "<", 0)]).unlink()
        rehearsal = self.env["dunning.rehearsal"].sudo()
        return rehearsal._stage(self.company.id, self.customer.id, step.id, self.TODAY)

    def _read(self, name, action, lang="en_US", channel="email"):
        """Return subject and words of a delivered text."""
        self.customer.lang = lang
        template = self.env.ref(f"{MODULE}.mail_template_{name}")
        action = in_channel(action, channel)
        text = action._render_texts({action: template}, ("subject", "body_html"))
        text = text[action]
        return text["subject"], get_words(text["body_html"])


@tagged("post_install", "-at_install")
class TestSubjects(WordsCommon):
    """A subject says what is true of the whole amount, at a glance (S4-10, S4-12)."""

    def test_since_when_if_all_is_due_since_then(self):
        self._create_late_claim(amount=100)
        subject, _words = self._read("reminder_bad_payer", self._stage())
        self.assertIn("due since 24\u00a0Feb 2026", subject)

    def test_no_day_that_holds_for_a_part_only(self):
        """1,234.56 since 24 February, 96 since the 27th: no day for the sum."""
        self._create_late_claim(amount=1234.56)
        self._create_claim(day("02-27"), 96)
        action = self._stage()
        subject, _words = self._read("reminder_bad_payer", action)
        self.assertIn("1,330.56 due for 2 items", subject)
        subject, _words = self._read("reminder_bad_payer", action, "fr_FR")
        self.assertIn("à régler pour 2 échéances", subject)
        self.assertNotIn("février", subject)

    def test_three_currencies_are_their_codes(self):
        for name in ("EUR", "GBP"):
            currency = self.env.ref(f"base.{name}")
            currency.active = True
            self._create_late_claim(amount=823.24, currency_id=currency.id)
        self._create_late_claim(amount=5123.23)
        for lang, expected in (
            ("en_US", "3 amounts (EUR, GBP, USD) to settle"),
            ("fr_FR", "3 montants (EUR, GBP, USD) à régler"),
        ):
            subject, words = self._read("reminder_law", self._stage(), lang)
            self.assertIn(expected, subject)
            self.assertLess(len(subject), 60)
            self.assertIn("5", words)

    def test_last_letter_is_the_last_only_if_it_is(self):
        """Two reminders follow in the scenario: nobody says “the last letter”."""
        self._create_late_claim(amount=100)
        action = self._stage()
        self.assertFalse(action.is_last_reminder)
        _subject, words = self._read("letter_reminder_last", action, channel="letter")
        self.assertNotIn("last letter", words)
        later = self.scenario.step_ids - self.reminder
        later.filtered(lambda step: step.kind == "reminder").is_enabled = False
        action = self._stage()
        _subject, words = self._read("letter_reminder_last", action, channel="letter")
        self.assertIn("last letter that we will send you before", words)


@tagged("post_install", "-at_install")
class TestForms(WordsCommon):
    """A text about the law has the forms of a letter, also as an e-mail."""

    def _close(self, lang, **values):
        self._use_channel("email", fallback_channel=False, **values)
        self._create_late_claim(amount=100)
        _subject, words = self._read("formal_notice", self._stage(), lang)
        lines = words.split("\n")
        return lines[0], lines[-5:]

    def test_formal_notice_by_email(self):
        first, last = self._close("en_US", is_formal_notice=True, tone="formal")
        self.assertEqual(first, "Dear Sir or Madam,")
        self.assertIn("Yours faithfully,", last)

    def test_formal_notice_by_email_in_french(self):
        first, last = self._close("fr_FR", is_formal_notice=True, tone="formal")
        self.assertEqual(first, "Madame, Monsieur,")
        self.assertIn("salutations distinguées", " ".join(last))

    def test_other_emails_stay_friendly(self):
        first, last = self._close("en_US", tone="courteous")
        self.assertEqual(first, "Hello,")
        self.assertIn("Kind regards,", last)

    def test_closing_goes_with_the_greeting(self):
        """Nobody greeted as “Madame” is called “Madame, Monsieur” at the end."""
        claire = self.env["res.partner"].create({"name": "Mme Claire Martin"})
        french = claire.with_context(lang="fr_FR")
        self.assertEqual(french._dunning_get_letter_greeting(), "Madame,")
        self.assertNotIn("Monsieur", french._dunning_get_letter_closing())
        service = self.env["res.partner"].create({"name": "Service comptabilité"})
        french = service.with_context(lang="fr_FR")
        self.assertIn("Madame, Monsieur", french._dunning_get_letter_closing())


@tagged("post_install", "-at_install")
class TestThanks(WordsCommon):
    """Thanks name the payment and its day, praise only where it is due, and ask for
    nothing (S1-22, S1-46)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        thanks = cls._thanks(
            channel="email",
            mail_template_id=cls.env.ref(f"{MODULE}.mail_template_thanks").id,
        )
        cls._add_steps(cls.scenario, thanks)

    def _thank(self, claim, *payments):
        for on, amount in payments:
            self._pay(claim, on, amount)
        action = self._plan(day("03-12")).filtered(lambda a: a.kind == "thanks")
        self.assertTrue(action)
        return action.with_context(lang="en_US")

    def test_late_payer_reads_amount_and_day(self):
        action = self._thank(self._create_late_claim(amount=100), (day("03-02"), 100))
        self.assertEqual(
            action.thanks_text,
            "Thank you for your payment of $\u00a0100.00, received on "
            "2\u00a0March 2026.",
        )
        for lang, expected in (
            ("en_US", "Your payment of $\u00a0100.00: thank you"),
            ("fr_FR", "100,00"),
        ):
            for name in ("thanks", "letter_thanks"):
                subject, words = self._read(name, action, lang)
                self.assertIn(expected, subject)
                self.assertNotIn("False", words)

    def test_two_payments(self):
        claim = self._create_late_claim(amount=100)
        action = self._thank(claim, (day("02-27"), 40), (day("03-03"), 60))
        self.assertIn("payments of $\u00a0100.00 in total", action.thanks_text)
        self.assertIn("3\u00a0March 2026", action.thanks_text)

    def test_punctual_payer_is_praised(self):
        claim = self._create_claim(day("03-03"), 100)
        action = self._thank(claim, (day("03-02"), 100))
        self.assertIn("paid on the agreed date", action.thanks_text)

    def test_credit_note_is_not_thanked_for(self):
        """60 of 100 were paid, the rest was credited."""
        claim = self._create_late_claim(amount=100)
        note = self._create_credit_note(40, day("02-26"))
        (claim | note).reconcile()
        action = self._thank(claim, (day("03-02"), 60))
        self.assertEqual(action.paid_text, "$\u00a060.00")

    def test_letter_asks_for_nothing(self):
        action = self._thank(self._create_late_claim(amount=100), (day("03-02"), 100))
        for lang in ("en_US", "fr_FR"):
            _subject, words = self._read("letter_thanks", action, lang, "letter")
            self.assertNotIn("?", words)


@tagged("post_install", "-at_install")
class TestColleague(WordsCommon):
    """The salesperson is asked like a colleague (S3-33, S3-41)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = cls.collector.copy(
            {"name": "Noa Petit", "login": "noa", "email": "noa@azur.example.com"}
        )
        cls.salesperson.phone = "+33 6 11 22 33 44"
        cls.customer.write(
            {"user_id": cls.salesperson.id, "phone": "+33 1 02 03 04 05"}
        )
        cls._create_late_claim(amount=100)

    def test_mail_to_the_salesperson(self):
        self.reminder.recipient = "salesperson"
        action = self._stage()
        self.assertEqual(action.contact_id, self.salesperson.partner_id)
        template = self.env.ref(f"{MODULE}.mail_template_colleague")
        text = action._render_texts({action: template}, ("body_html",))[action]
        words = text["body_html"]
        self.assertIn("Hello Noa,", words)
        self.assertIn("+33 1 02 03 04 05", words)
        self.assertIn(f"model=res.partner&amp;res_id={self.customer.id}", words)
        self.assertIn("Balance of the account", words)
        self.assertNotIn("your account", words)

    def test_customer_reads_of_the_salesperson(self):
        """S4-16: named, with the telephone; in copy where the step says so."""
        _subject, words = self._read("reminder_neutral", self._stage())
        self.assertIn(
            "turn to your sales contact, Noa Petit (+33 6 11 22 33 44).", words
        )
        self.reminder.is_salesperson_copied = True
        _subject, words = self._read("reminder_neutral", self._stage(), "fr_FR")
        self.assertIn("Noa Petit, votre contact commercial, reçoit une copie", words)

    def test_salesperson_who_writes_is_not_named_twice(self):
        self.company.dunning_collector_id = self.salesperson
        self.assertFalse(self._stage().salesperson_text)


@tagged("post_install", "-at_install")
class TestShortTexts(WordsCommon):
    """Short messages say enough to pay, spoken ones nothing of a debt (J18)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.env["res.partner.bank"].create(
            {
                "acc_number": "FR76 3000 6000 0112 3456 7890 189",
                "partner_id": cls.company.partner_id.id,
                "allow_out_payment": True,
            }
        )
        cls.claim = cls._create_late_claim(amount=100)

    def _say(self, name, lang="en_US"):
        self.reminder.sms_template_id = self.env.ref(f"{MODULE}.sms_template_{name}")
        self.customer.lang = lang
        action = self._stage()
        return action._get_short_texts()[action]

    def test_sms_names_invoice_account_and_last_day(self):
        text = self._say("reminder_firm")
        self.assertIn(f"(invoice {self.claim.move_id.name})", text)
        self.assertIn("Account FR7630006000011234567890189.", text)
        text = self._say("reminder_firm", "fr_FR")
        self.assertIn("au plus tard le", text)
        self.assertNotIn("avant le", text)

    def test_sms_about_many_invoices(self):
        """Their number, and one reference for all."""
        for amount in (20, 30):
            self._create_late_claim(amount=amount)
        text = self._say("reminder_firm")
        self.assertIn("(3 invoices)", text)
        self.assertRegex(text, r"189, ref\. \S+")

    def test_sms_does_not_speak_of_messages_that_were_not_sent(self):
        for lang, words in (("en_US", "our messages"), ("fr_FR", "nos messages")):
            self.assertNotIn(words, self._say("reminder_formal", lang))

    def test_voice_message_says_nothing_of_a_debt(self):
        for lang in ("en_US", "fr_FR"):
            text = self._say("call_back", lang)
            self.assertNotRegex(text, r"100|invoice|facture|INV|pay|régl")
            self.assertEqual(text.count("+33 1 44 55 66 77"), 2)

    def test_french_letters_outside_the_alphabet_cost_nothing(self):
        """« août » would make two parts of one."""
        self._create_claim(day("02-24"), 50)
        self.company.name = "Forêt & Gâteau"
        text = self._say("reminder_courteous", "fr_FR")
        self.assertIn("Foret & Gateau", text)
