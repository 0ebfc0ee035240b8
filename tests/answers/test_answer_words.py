from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.message.check.message_check import get_words
from ..common import day
from .test_dispute import DisputeCommon

MODULE = "account_dunning_scenario"
OWN = "FR76 3000 6000 0112 3456 7890 189"


class AnswerWordsCommon(DisputeCommon):
    """An invoice of 1,800 due on 20 February; it is Wednesday 4 March 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.env["ir.module.module"]._load_module_terms([MODULE], ["fr_FR"])
        cls.env["res.partner.bank"].create(
            {
                "acc_number": OWN,
                "partner_id": cls.company.partner_id.id,
                "allow_out_payment": True,
            }
        )
        cls.claim = cls._create_claim(day("02-20"), 1800)

    def _read(self, record, name, lang="en_US"):
        """Return subject and words of a delivered text about a record."""
        self.customer.lang = lang
        record.invalidate_recordset()
        template = self.env.ref(f"{MODULE}.mail_template_{name}")
        text = template._generate_template(record.ids, ("subject", "body_html"))
        return text[record.id]["subject"], get_words(text[record.id]["body_html"])


@tagged("post_install", "-at_install")
class TestPromiseWords(AnswerWordsCommon):
    """The promise is asked to be confirmed, by a day, with all that is needed to pay
    (S4-23, S4-26, J14)."""

    def _promise(self, *terms):
        return self.env["dunning.promise"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "term_ids": [
                    (0, 0, {"amount": amount, "date": on}) for amount, on in terms
                ],
                "claim_ids": [(0, 0, {"move_line_id": self.claim.id})],
            }
        )

    def test_confirmation_by_a_working_day(self):
        """Three days from Wednesday are a Saturday: Monday the 9th."""
        promise = self._promise((1320, day("03-18")))
        subject, words = self._read(promise, "promise_confirmation")
        self.assertIn("1,320.00", subject)
        self.assertIn("one-word reply by 9 March 2026", words)
        self.assertIn(f"invoice {self.claim.move_id.name}", words)

    def test_confirmation_comes_before_the_payment(self):
        promise = self._promise((1800, day("03-06")))
        self.assertEqual(promise.confirm_by_date, day("03-06"))

    def test_account_reference_and_amount(self):
        promise = self._promise((1320, day("03-18")))
        html = promise.payment_html
        for said in (OWN, self.claim.move_id.payment_reference, "1,320.00"):
            self.assertIn(said, html)

    def test_plan_has_its_amounts_in_the_list_alone(self):
        """Two dates, 900 each: the account shows no sum to pay at once."""
        promise = self._promise((900, day("03-18")), (900, day("04-18")))
        self.assertIn(OWN, promise.payment_html)
        self.assertNotIn("1,800.00", promise.payment_html)
        _subject, words = self._read(promise, "promise_confirmation")
        self.assertEqual(words.count("900.00"), 2)

    def test_french(self):
        promise = self._promise((1320, day("03-18")))
        _subject, words = self._read(promise, "promise_confirmation", "fr_FR")
        self.assertIn("d’un mot en réponse, d’ici le 9 mars 2026", words)
        self.assertIn(f"facture {self.claim.move_id.name}", words)


@tagged("post_install", "-at_install")
class TestDisputeWords(AnswerWordsCommon):
    """The customer reads which amount is left aside, until when, and what is still
    asked for (S0-06, S4-24)."""

    def test_part_in_dispute_and_rest(self):
        """300 of 1,800: the reader may not keep back the rest."""
        dispute = self._dispute(self.claim, amount=300)
        for lang, held, rest in (
            ("en_US", "the $ 300.00 in dispute", "The other $ 1,500.00"),
            ("fr_FR", "300,00", "Le reste, soit "),
        ):
            subject, words = self._read(dispute, "dispute_received", lang)
            self.assertIn(self.claim.move_id.name, subject)
            self.assertIn(held, words)
            self.assertIn(rest, words)

    def test_all_in_dispute(self):
        dispute = self._dispute(self.claim)
        self.assertNotIn("The other", dispute.held_text)

    def test_invoice_on_hold_and_customer_on_hold(self):
        """The text says what the hold does."""
        dispute = self._dispute(self.claim, amount=300, hold="claim")
        self.assertIn(f"pay invoice {self.claim.move_id.name}.", dispute.held_text)
        self.assertNotIn("The other", dispute.held_text)
        dispute.hold = "customer"
        self.assertIn("do not ask you to pay anything", dispute.held_text)

    def test_rest_that_is_not_due_yet(self):
        claim = self._create_claim(day("03-20"), 1800)
        dispute = self._dispute(claim, amount=300)
        self.assertIn("remains payable by 20\u00a0March 2026.", dispute.held_text)

    def test_amounts_in_the_currency_of_the_invoice(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        claim = self._create_claim(day("02-20"), 1000, currency_id=euro.id)
        dispute = self._dispute(claim, amount=claim.amount_residual / 4)
        self.assertIn("250.00\u00a0€ in dispute", dispute.held_text)
        self.assertIn("750.00\u00a0€ is not in dispute", dispute.held_text)

    def test_question_about_the_invoice(self):
        dispute = self._dispute(self.claim)
        for lang, subject in (
            ("en_US", f"A question about invoice {self.claim.move_id.name}"),
            ("fr_FR", f"Une question au sujet de la facture {self.claim.move_id.name}"),
        ):
            self.assertEqual(self._read(dispute, "dispute_question", lang)[0], subject)

    def test_unfounded_says_where_to_pay(self):
        """The account and the reference come with the amount, as in a reminder."""
        dispute = self._dispute(self.claim, amount=300)
        self._settle(dispute)
        template = self.env.ref(f"{MODULE}.mail_template_dispute_settled")
        text = template._generate_template(dispute.ids, ("body_html",))
        html = text[dispute.id]["body_html"]
        for said in (OWN, self.claim.move_id.payment_reference, "300.00"):
            self.assertIn(said, html)

    def test_founded_without_a_correction_is_not_told(self):
        """Nobody reads “you were right” and “to be paid now” in one mail."""
        dispute = self._dispute(self.claim, amount=300)
        self._settle(dispute, outcome="founded", resolution="credit_note")
        with self.assertRaisesRegex(UserError, "make the credit note first"):
            dispute.action_tell_outcome()

    def test_founded_with_an_explanation_or_a_replacement(self):
        for values in (
            {"resolution": "replacement"},
            {"resolution_note": "The order number is on the new copy."},
        ):
            dispute = self._dispute(self.claim, amount=300)
            self._settle(dispute, **{"outcome": "founded", **values})
            self.assertTrue(dispute.action_tell_outcome())
            _subject, words = self._read(dispute, "dispute_settled")
            self.assertIn("300.00", words)
