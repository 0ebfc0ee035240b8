from datetime import datetime
from itertools import product

from odoo.tests import tagged

from ...models.message.check.message_check import get_words
from ...models.setup.guard.guard import in_channel
from ..common import day
from ..delivery.common import DeliveryCommon

MODULE = "account_dunning_scenario"
NOON = datetime(2026, 7, 31, 12)
# Articles that a formal notice rests on, by kind of customer (J9, J11).
ARTICLES = {
    "business": "1344 and 1344-1 of the French Civil Code",
    "consumer": "1344 and 1344-1 of the French Civil Code",
    "public": "L2192-13, R2192-31 and D2192-35",
}
# Text → channel that takes it.
TEXTS = {
    "reminder_law": "email",
    "letter_reminder_law": "letter",
    "formal_notice": "email",
    "letter_formal_notice": "letter",
}


@tagged("post_install", "-at_install")
class TestLegalTexts(DeliveryCommon):
    """The reminder with legal consequences (S1-49) and the formal notice (J11): what
    they say to a business, a public body and a consumer on 31 July 2026.

    1,000 € were due on 31 May: 9.99 + 10.53 of interest, 40 € of indemnity.
    """

    TODAY = day("07-31")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        france, cls.euro = cls.env.ref("base.fr"), cls.env.ref("base.EUR")
        cls.euro.active = True
        cls.company.write(
            {"country_id": france.id, "account_fiscal_country_id": france.id}
        )
        cls.claim = cls._create_claim(day("05-31"), 1000, currency_id=cls.euro.id)

    def _use(self, name, is_claimed=True, **values):
        """Let reminder 1 leave with one of the legal texts."""
        field = "mail" if TEXTS[name] == "email" else "letter"
        text = self.env.ref(f"{MODULE}.mail_template_{name}")
        self._use_channel(
            TEXTS[name],
            **{
                "fallback_channel": False,
                "is_formal_notice": "formal" in name,
                "is_interest_claimed": is_claimed,
                f"{field}_template_id": text.id,
                "tone": "formal",
                "request_days": 15,
                **values,
            },
        )

    def _stage(self):
        rehearsal = self.env["dunning.rehearsal"].sudo()
        action = rehearsal._stage(
            self.company.id, self.customer.id, self.reminder.id, self.TODAY
        )
        return in_channel(action, self.reminder.channel)

    def _read(self, name, status, **values):
        """Return the words of a text as a kind of customer reads it."""
        self._use(name, **values)
        self.customer.dunning_legal_status = status
        action = self._stage()
        channel = self.env["dunning.channel"]._get(TEXTS[name])
        template = channel._get_step_template(self.reminder)
        text = action._render_texts({action: template}, ("subject", "body_html"))
        checker = self.env["dunning.message.checker"]
        self.assertFalse(checker._check(action, text, {action: template}))
        action.unlink()
        return f"{text[action]['subject']}\n{get_words(text[action]['body_html'])}"

    def test_business_reads_what_the_law_grants_and_what_is_claimed(self):
        for name in TEXTS:
            text = self._read(name, "business")
            for words in ("plus 10 percentage points", "12.40", "40.00", "L441-10"):
                self.assertIn(words, text)
            for words in ("20.52", "1,060.52", "Up to 31 July 2026, you owe us"):
                self.assertIn(words, text)

    def test_reminder_that_only_recalls_claims_nothing(self):
        text = self._read("reminder_law", "business", is_claimed=False)
        self.assertIn("include neither", text)
        self.assertNotIn("20.52", text)

    def test_public_body_reads_its_own_rule(self):
        """Eight points (J9): 8.34 + 8.62 of interest, one rate throughout."""
        for name in TEXTS:
            text = self._read(name, "public")
            for words in ("plus 8 percentage points", "holds throughout", "16.96"):
                self.assertIn(words, text)

    def test_consumer_is_asked_for_the_invoices_only(self):
        """No penalties, no 40 €; interest from a formal notice on, costs borne by the
        creditor (J10)."""
        for name in TEXTS:
            text = self._read(name, "consumer")
            self.assertIn("costs of recovery are borne by us", text)
            self.assertNotIn("you owe us", text)
            self.assertNotRegex(text, "indemnit|40.00|percentage points")
            self.assertEqual("is not a formal notice" in text, "formal" not in name)

    def test_formal_notice_says_that_it_is_one(self):
        """Facts, amounts, the demand, the article, a deadline from receipt and what
        comes next (J11)."""
        for name, status in product(
            ("formal_notice", "letter_formal_notice"),
            ("business", "public", "consumer"),
        ):
            text = self._read(name, status)
            for words in (
                "Formal notice to pay",
                f"is a formal notice to pay, under articles {ARTICLES[status]}",
                self.claim.move_id.name,
                "by 17 August 2026, or within 15 days of receiving",
                "before the competent court",
            ):
                self.assertIn(words, text)

    def test_agreed_rate_is_the_one_that_is_told(self):
        self.env["dunning.legal.agreement"].create(
            {"rate": 15, "date_from": "2025-01-01", "date_to": "2026-05-31"}
        )
        text = self._read("reminder_law", "business", is_claimed=False)
        self.assertIn("at the rate agreed on, 15.00", text)
        self.assertNotIn("percentage points", text)

    def test_creditor_elsewhere_quotes_no_french_article(self):
        self.company.account_fiscal_country_id = self.env.ref("base.de")
        text = self._read("formal_notice", "business")
        self.assertNotIn("French Civil Code", text)
        self.assertIn("plus 9 percentage points", text)

    def test_missing_rate_blocks_what_claims_interest(self):
        """The action waits on the desk and says what to do; nothing is zero."""
        self.env["dunning.legal.rate"].search([("reference", "=", "ecb")])[0].unlink()
        self._use("reminder_law")
        action = self._plan()
        action.with_user(self.collector).action_confirm()
        action.scheduled_at = False
        self.env["dunning.courier"]._register_failure(action, self._get_error(action))
        self.assertEqual(action.state, "failed")
        self.assertIn("is not on record: add it with its source", action.reason)
        self.assertNotIn("A detail that the text names", action.reason)

    def _get_error(self, action):
        with self.assertRaisesRegex(Exception, "not on record") as caught:
            self._send(action, NOON)
        return caught.exception

    def test_missing_rate_leaves_the_recall_true(self):
        """Who only recalls the law does so without the figure."""
        self.env["dunning.legal.rate"].search([("reference", "=", "ecb")])[0].unlink()
        text = self._read("reminder_law", "business", is_claimed=False)
        self.assertIn("plus 10 percentage points", text)
        self.assertNotIn("a year in the half-year", text)

    # ---- annex -----------------------------------------------------------------------

    def test_calculation_comes_with_the_email(self):
        self._use("reminder_law")
        action = self._plan()
        action.with_user(self.collector).action_confirm()
        with self.allow_pdf_render():
            action.with_user(self.collector)._deliver(NOON)
        files = action.delivery_ids.mail_mail_id.attachment_ids
        sheet = files.filtered(lambda file: "Interest" in file.name)
        (page,) = self._get_text(sheet.raw)
        for words in (self.claim.move_id.name, "20.52", "12.15", "60.52"):
            self.assertIn(words, page)

    def test_calculation_is_bound_with_the_letter(self):
        self._use("letter_reminder_law")
        action = self._plan()
        action.with_user(self.collector).action_confirm()
        with self.allow_pdf_render():
            action.with_user(self.collector)._deliver(NOON)
        delivery = action.delivery_ids
        for pdf in (delivery.attachment_id.raw, delivery.batch_attachment_id.raw):
            pages = self._get_text(pdf)
            self.assertIn("calculation of the interest", pages[0])
            self.assertIn("12.15", pages[-1])
