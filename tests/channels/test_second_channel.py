from datetime import datetime
from itertools import permutations
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from ...models.message.plain_text import to_plain_text
from .lre_common import LreCommon

# What a text says in each language beside its fields.
MARKS = {
    "en_US": "Written in English",
    "fr_FR": "Rédigé en français",
    "de_DE": "Auf Deutsch verfasst",
    "es_ES": "Redactado en español",
}
TEXT = """<div>
    <p t-out="object.greeting"/>
    <p>To <t t-out="object.contact_id.name"/>: Written in English</p>
    <t t-out="object.signature_html"/>
</div>"""
SHORT = "To {{ object.contact_id.name }}: Written in English"
BERTHE, ELSA, FRANZ, PILAR = "Berthe Lalettre", "Elsa Mailer", "Franz Fax", "Pilar Tel"
COMPANY = "Azur Interior"
FORMAL, BY_NAME = "Dear Sir or Madam,", "Dear %s,"
# Whom each channel reaches, the language of its words, and how they greet; what a
# person does is noted in their own language.
READERS = {
    "email": (ELSA, "en_US", BY_NAME % ELSA),
    "interactive_email": (ELSA, "en_US", BY_NAME % ELSA),
    "sms": (PILAR, "es_ES", None),
    "phone": (None, None, None),
    "voice_message": (PILAR, "es_ES", None),
    "letter": (BERTHE, "fr_FR", "Madame, Monsieur,"),
    "registered_letter": (BERTHE, "fr_FR", "Madame, Monsieur,"),
    "electronic_registered_letter": (ELSA, "en_US", FORMAL),
    "fax": (FRANZ, "de_DE", FORMAL),
    "visit": (BERTHE, None, None),
    "committee": (None, None, None),
}
PEOPLE = (BERTHE, ELSA, FRANZ, PILAR)


@tagged("post_install", "-at_install")
class TestSecondChannel(LreCommon):
    """A step goes two ways at once, and each way has a reader of its own.

    Azur Interior is written to at its accountants': Berthe has the postal address and
    reads French, Elsa the mailbox and English, Franz the fax and German, Pilar the
    telephone and Spanish.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in MARKS:
            cls.env["res.lang"]._activate_lang(code)
        cls.company.sudo().dunning_fax_gateway = "{number}@fax.example.com"
        france = cls.env.ref("base.fr")
        cls.customer.child_ids = [
            Command.create({"type": "invoice", "country_id": france.id, **values})
            for values in (
                {
                    "name": BERTHE,
                    "lang": "fr_FR",
                    "street": "3 quai des Brumes",
                    "zip": "13002",
                    "city": "Marseille",
                },
                {"name": ELSA, "lang": "en_US", "email": "elsa@azur.example.com"},
                {"name": FRANZ, "lang": "de_DE", "dunning_fax": "+33491900001"},
                {"name": PILAR, "lang": "es_ES", "phone": "+33612345678"},
            )
        ]
        cls.people = {contact.name: contact for contact in cls.customer.child_ids}
        cls._create_provider()
        for text in (cls.mail_text, cls.letter_text):
            cls._translate(text, "body_html", TEXT)
        cls.short_text = cls.env["sms.template"].create(
            {
                "name": "Short",
                "model_id": cls.env["ir.model"]._get_id("dunning.action"),
                "body": SHORT,
            }
        )
        cls._translate(cls.short_text, "body", SHORT)
        cls._use_channel(
            "email",
            fallback_channel=False,
            sms_template_id=cls.short_text.id,
            sms_audience="all",
            request="payment",
        )

    @classmethod
    def _translate(cls, text, field, words):
        for lang, mark in MARKS.items():
            own = words.replace(MARKS["en_US"], mark)
            text.with_context(lang=lang).write({field: own})

    # ---- what leaves -----------------------------------------------------------------

    def _print_as_markup(self):
        """Let letters be markup: what they say counts here, and printing takes long."""
        press = self.env.registry["dunning.press"]

        def print_markup(_press, documents, _margins):
            pdfs = {key: str(text).encode() for key, text in documents.items()}
            return pdfs, b"".join(pdfs.values())

        def merge(_press, pdfs):
            return b"".join(pdfs)

        self.startPatcher(patch.object(press, "_print", print_markup))
        self.startPatcher(patch.object(press, "_merge", merge))

    def _take_ways(self, action, codes):
        """Create a delivery by each of the channels, as the courier does; hand both
        over and return them."""
        now = datetime(2026, 3, 4, 12)
        courier = self.env["dunning.courier"].sudo().with_company(self.company)
        courier = courier.with_context(dunning_day=self.TODAY, lang="en_US")
        action = action.with_env(courier.env)
        addresses = {
            code: courier.env["dunning.channel"]._get(code)._reach(action)
            for code in codes
        }
        ways = courier.env["dunning.delivery"].create(
            [
                courier._prepare_delivery_values(action, role, code, addresses[code])
                for role, code in zip(("first", "second"), codes, strict=True)
            ]
        )
        for channel, of_channel in ways._grouped_by_handler().items():
            courier._hand_over(channel, of_channel, self.TODAY, now)
        return ways

    def _get_words(self, way):
        """Return all that a delivery says, as plain text."""
        content = self.env["dunning.channel"]._get(way.channel)._get_content(way)
        document = content.get("document") or b""
        if way.channel in ("visit", "committee"):  # a ledger extract is no message
            document = b""
        said = f"<div>{content.get('body') or ''}{document.decode()}</div>"
        return " ".join(to_plain_text(said).split())

    def _assert_own_reader(self, way):
        name, lang, greeting = READERS[way.channel]
        self.assertEqual(way.state, "waiting", way.failure_reason)
        words = self._get_words(way)
        if name:
            self.assertEqual(way.contact_id, self.people[name])
            self.assertIn(name, words)
        for other in set(PEOPLE) - {way.contact_id.name}:
            self.assertNotIn(other, words)
        if lang:
            found = [code for code, mark in MARKS.items() if mark in words]
            self.assertEqual(found, [lang])
        if greeting:
            self.assertIn(greeting, words)

    def test_each_of_two_ways_is_for_its_own_reader(self):
        """Every channel beside every other, in either order: who is addressed, in
        which language, with one set of words in message, letter and deposit form."""
        self._print_as_markup()
        channels = self.env["dunning.channel"]._get_codes()
        self.assertEqual(set(channels), set(READERS), "each channel has its reader")
        action = self._prepare()
        for codes in permutations(channels, 2):
            with self.subTest(" and ".join(codes)):
                savepoint = self.env.cr.savepoint()
                try:
                    for way in self._take_ways(action, codes):
                        self._assert_own_reader(way)
                finally:
                    savepoint.close(rollback=True)
                    self.env.invalidate_all()

    # ---- what else comes with a way --------------------------------------------------

    def test_delivered_reminder_goes_to_two_readers(self):
        """Reminder 4 of the bad payers: on paper to Berthe, in French, and the form for
        the post office names her; by e-mail to Elsa, in English."""
        film = "account_dunning_scenario.dunning_step_bad_payer_reminder_4"
        step = self.env.ref(film)
        self._use_channel(
            step.channel,
            second_channel=step.second_channel,
            mail_template_id=step.mail_template_id.id,
            letter_template_id=step.letter_template_id.id,
        )
        action = self._prepare()
        self._print(action)
        paper = action.delivery_ids.filtered("attachment_id")
        mail = action.delivery_ids - paper
        letter, *_sheets, form = self._get_text(paper.attachment_id.raw)
        for page in (letter, form):
            self.assertIn(f"{BERTHE} 3 quai des Brumes 13002 Marseille", page)
            self.assertNotIn(ELSA, page)
        self.assertIn("Madame, Monsieur,", letter)
        self.assertEqual(mail.mail_mail_id.recipient_ids, self.people[ELSA])
        self.assertIn(BY_NAME % ELSA, mail.mail_mail_id.body_html)

    def _claim_interest(self):
        france = self.env.ref("base.fr")
        self.company.write(
            {"country_id": france.id, "account_fiscal_country_id": france.id}
        )
        euro = self.env.ref("base.EUR")
        self._use_channel("registered_letter", is_interest_claimed=True)
        return self._prepare(currency_id=euro.id)

    def test_calculation_of_interest_is_addressed_as_its_letter(self):
        """It says whom it is for, on the sheet that goes with the letter and on the one
        that goes with the e-mail."""
        self._print_as_markup()
        action = self._claim_interest()
        mail, paper = self._take_ways(action, ("email", "registered_letter"))
        sheet = paper.attachment_id.raw.decode()
        self.assertIn("Calculées au 4\u00a0mars 2026", sheet)
        self.assertNotIn(ELSA, sheet)
        files = {file.name: file.raw for file in mail.mail_mail_id.attachment_ids}
        ((name, sheet),) = files.items()
        self.assertIn("Interest", name)
        self.assertIn(ELSA, sheet.decode())
        self.assertNotIn(BERTHE, sheet.decode())

    def test_provider_is_told_the_subject_that_its_reader_reads(self):
        self.reminder.with_context(lang="fr_FR").name = "Rappel"
        self.reminder.with_context(lang="en_US").name = "Reminder"
        self._print_as_markup()
        codes = ("electronic_registered_letter", "letter")
        electronic, _letter = self._take_ways(self._prepare(), codes)
        values = electronic.submission_ids._prepare_values()
        self.assertEqual(values["subject"], "Reminder")

    def test_letters_lie_by_the_postcode_of_their_own_reader(self):
        self.customer.child_ids.filtered("email").zip = "99999"
        self._print_as_markup()
        codes = ("registered_letter", "email")
        paper, _mail = self._take_ways(self._prepare(), codes)
        press = self.env["report.account_dunning_scenario.letter"]
        self.assertIn("13002", press._get_postal_key(paper))

    def test_letter_and_mail_to_one_person_greet_by_name_all_the_same(self):
        """The commas of a postal address do not make several readers."""
        elsa = self.people[ELSA]
        elsa.write({"street": "3 quai des Brumes", "city": "Marseille"})
        self.people[BERTHE].active = False
        self._print_as_markup()
        for codes in permutations(("email", "letter", "visit"), 2):
            with self.subTest(codes):
                ways = self._take_ways(self._prepare(), codes)
                self.assertEqual(ways.contact_id, elsa)
                if mail := ways.mail_mail_id:
                    self.assertIn(BY_NAME % ELSA, mail.body_html)
                ways.action_id.delivery_ids.unlink()

    def test_several_readers_of_one_mail_are_greeted_as_several(self):
        self.people[PILAR].email = "pilar@azur.example.com"
        mail, _paper = self._take_ways(self._prepare(), ("email", "letter"))
        self.assertIn("Hello,", mail.mail_mail_id.body_html)

    # ---- before and beside -----------------------------------------------------------

    def test_draft_is_addressed_to_whom_the_channel_reaches(self):
        """Berthe is the first contact, but has no e-mail address: Elsa is written to,
        in English; a letter is drafted for Berthe."""
        for code, name, mark in (
            ("email", ELSA, MARKS["en_US"]),
            ("letter", BERTHE, MARKS["fr_FR"]),
        ):
            self._use_channel(code, mode="personalise")
            action = self._prepare().with_user(self.collector)
            action.sudo().write({"state": "to_confirm", "mail_body": False})
            action.action_write_message()
            self.assertIn(f"To {name}: {mark}", action.mail_body)
            action.sudo().unlink()

    def test_print_menu_gives_each_the_letter_of_its_channel(self):
        """Registered as it leaves, with its form; to whom a letter goes where the step
        sends an e-mail."""
        self._print_as_markup()
        report = self.env["report.account_dunning_scenario.letter"]
        for code, is_registered in (("registered_letter", True), ("email", False)):
            self._use_channel(code)
            action = self._prepare()
            (sheet,) = (
                report.with_user(self.collector)._get_streams(action.ids).values()
            )
            self.assertIn(BERTHE, sheet.decode())
            self.assertEqual("deposit" in sheet.decode(), is_registered)
            action.sudo().unlink()

    def test_channel_that_does_not_exist_changes_no_words(self):
        """What a program of somebody else names in its context is no error."""
        for name in ("nobody", "cost", "guide", "", 7, ["email"]):
            action = self._prepare_once().with_context(dunning_channel=name)
            self.assertEqual(action.contact_id.name, BERTHE)
            self.assertIn("Kind regards", action.signature_html)

    def _prepare_once(self):
        return self.env["dunning.action"].search([("state", "=", "scheduled")]) or (
            self._prepare()
        )

    def test_texts_are_remembered_by_all_that_they_depend_on(self):
        """A field made of another one is remembered by language, day and channel where
        that one is: else the second reader is shown what the first one read."""
        action = self.env["dunning.action"]
        contexts = self.registry.field_depends_context
        for name, field in action._fields.items():
            if not field.compute or field.store:
                continue
            for path in self.registry.field_depends[field]:
                used = action._fields.get(path)
                missing = set(contexts.get(used, ())) - set(contexts.get(field, ()))
                with self.subTest(name, of=path):
                    self.assertFalse(missing)
