import doctest
from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.law import interest
from ..common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestLegalInterest(DunningCommon):
    """Interest and indemnity against sheets computed by hand (a day is 1/365).

    ECB: 2.15 % from 1 July 2025, 2.40 % from 1 July 2026, hence 12.15 % and 12.40 %
    towards businesses, 10.15 % and 10.40 % towards public bodies. Legal interest rate:
    2.62 % in the first half of 2026.
    """

    TODAY = day("07-31")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        france, euro = cls.env.ref("base.fr"), cls.env.ref("base.EUR")
        euro.active = True
        cls.company.write(
            {"country_id": france.id, "account_fiscal_country_id": france}
        )
        cls.euro = euro
        cls.legal = cls.env["dunning.legal.interest"]

    def _claim(self, due, amount=1000.0, **values):
        return self._create_claim(due, amount, currency_id=self.euro.id, **values)

    def _compute(self, claim, on=None):
        return self.legal._compute(claim, on or self.TODAY)[claim[:1]]

    def assertPieces(self, result, *pieces):
        """Assert days, principal, rate and interest of each piece, and the sum."""
        self.assertEqual(
            [
                (p["days"], p["principal"], round(p["rate"], 4), p["amount"])
                for p in result["pieces"]
            ],
            list(pieces),
        )
        self.assertAlmostEqual(result["interest"], sum(p[3] for p in pieces))

    def test_examples_of_the_calculation(self):
        self.assertFalse(doctest.testmod(interest).failed)

    # ---- businesses ------------------------------------------------------------------

    def test_delay_over_two_half_years_with_a_part_payment(self):
        """1,000 € due on 31 May, 400 € paid on 10 July, counted on 31 July (J1-J4):

        1-30 June    30 days x 1,000 x 12.15 % / 365 = 9.9863
        1-10 July    10 days x 1,000 x 12.40 % / 365 = 3.3973
        11-31 July   21 days x   600 x 12.40 % / 365 = 4.2805
        """
        claim = self._claim(day("05-31"))
        self._pay(claim, day("07-10"), 400)
        result = self._compute(claim)
        self.assertPieces(
            result,
            (30, 1000, 12.15, 9.99),
            (10, 1000, 12.4, 3.40),
            (21, 600, 12.4, 4.28),
        )
        self.assertEqual(result["indemnity_due"], 40, "whatever was paid (J5)")

    def test_interest_begins_on_the_day_after_the_due_date(self):
        claim = self._claim(day("07-30"))
        self.assertPieces(self._compute(claim), (1, 1000, 12.4, 0.34))
        self.assertPieces(self._compute(claim, day("07-30")))

    def test_what_was_paid_in_time_bears_nothing(self):
        """Paid on the very due date: no interest, no indemnity."""
        claim = self._claim(day("07-10"))
        self._pay(claim, day("07-10"))
        result = self._compute(claim)
        self.assertPieces(result)
        self.assertFalse(result["indemnity_due"])

    def test_late_payment_stops_the_interest(self):
        """Paid on 20 July, due on the 10th: ten days, whenever it is looked at."""
        claim = self._claim(day("07-10"))
        self._pay(claim, day("07-20"))
        for on in (day("07-20"), self.TODAY, day("12-15")):
            self.assertPieces(self._compute(claim, on), (10, 1000, 12.4, 3.40))

    def test_credit_note_lowers_the_base_from_the_start(self):
        """What was credited was never owed, whenever the credit note was written."""
        claim = self._claim(day("07-10"))
        refund = self._create_credit_note(250, day("07-25"), currency_id=self.euro.id)
        (claim + refund).reconcile()
        self.assertPieces(self._compute(claim), (21, 750, 12.4, 5.35))

    def test_indemnity_is_due_once_per_invoice(self):
        """Two late instalments of one invoice, and another invoice: twice 40 € (J5)."""
        two = self._create_instalments(day("05-01"), 30, 45, currency_id=self.euro.id)
        other = self._claim(day("07-10"))
        results = self.legal._compute(two + other, self.TODAY)
        self.assertEqual(
            [results[item]["indemnity_due"] for item in two + other], [40, 0, 40]
        )

    def test_indemnity_of_a_foreign_claim_follows_the_rate_of_the_day(self):
        """40 € are 50 dollars at two dollars for 1.60 €; they bear no interest (J5)."""
        dollar = self.setup_other_currency("CAD", rates=[("2026-01-01", 1.25)])
        self.company.currency_id = self.euro
        claim = self._create_claim(day("07-10"), 1000.0, currency_id=dollar.id)
        result = self._compute(claim)
        self.assertEqual(result["indemnity_due"], 40)
        self.assertEqual(result["indemnity"], 50)
        self.assertPieces(result, (21, 1000, 12.4, 7.13))

    def test_indemnity_without_a_rate_on_record_blocks(self):
        """Odoo would take one pound for a euro: 40 € would become £ 40."""
        pound = self.setup_other_currency("GBP", rates=[])
        self.company.currency_id = self.euro
        claim = self._create_claim(day("07-10"), 1000.0, currency_id=pound.id)
        with self.assertRaisesRegex(UserError, "No exchange rate of GBP"):
            self._compute(claim)

    def test_indemnity_in_its_own_currency_and_bands(self):
        """A British creditor: £ 40, 70 or 100 by the amount of the debt."""
        pound = self.setup_other_currency("GBP", rates=[])
        self.company.account_fiscal_country_id = self.env.ref("base.uk")
        for owed, due in ((999.99, 40), (1000, 70), (9999.99, 70), (10000, 100)):
            claim = self._create_claim(day("07-10"), owed, currency_id=pound.id)
            result = self._compute(claim)
            self.assertEqual((result["indemnity_due"], result["indemnity"]), (due, due))
            self.assertEqual(result["indemnity_currency"], pound)

    def test_indemnity_in_euros_by_an_amount_in_zloty(self):
        """A Polish creditor: 70 € for 6,000 zloty, at 4.30 zloty for a euro."""
        zloty = self.setup_other_currency("PLN", rates=[("2026-01-01", 4.3)])
        self.company.account_fiscal_country_id = self.env.ref("base.pl")
        self.company.currency_id = self.euro
        claim = self._create_claim(day("07-10"), 6000.0, currency_id=zloty.id)
        result = self._compute(claim)
        self.assertEqual((result["indemnity_due"], result["indemnity"]), (70, 301))
        self.assertEqual(self._compute(self._claim(day("07-10")))["indemnity"], 40)

    def test_amount_that_is_not_on_record_blocks(self):
        self.env["dunning.legal.indemnity"].search([]).date_to = day("06-30")
        with self.assertRaisesRegex(UserError, "is not on record: add it"):
            self._compute(self._claim(day("07-10")))

    def test_half_year_with_the_same_rate_makes_no_piece_of_its_own(self):
        """2.15 % from July to December 2025, and again from January: 61 days since
        30 November at 12.15 % are one piece."""
        claim = self._claim(day("01-01") - timedelta(days=32))
        pieces = self._compute(claim, day("01-30"))["pieces"]
        self.assertEqual([piece["days"] for piece in pieces], [61])

    # ---- public bodies, consumers, insolvency ----------------------------------------

    def test_public_body_pays_one_rate(self):
        """The rate of the half-year in which interest began counts throughout (J9):
        61 days x 1,000 x 10.15 % / 365 = 16.9630."""
        self.customer.dunning_legal_status = "public"
        result = self._compute(self._claim(day("05-31")))
        self.assertEqual({round(p["rate"], 4) for p in result["pieces"]}, {10.15})
        self.assertPieces(result, (61, 1000, 10.15, 16.96))
        self.assertEqual(result["indemnity_due"], 40)

    def test_public_body_due_on_the_last_day_of_a_half_year(self):
        """Interest begins on 1 July: the rate of the new half-year."""
        self.customer.dunning_legal_status = "public"
        result = self._compute(self._claim(day("06-30")))
        self.assertPieces(result, (31, 1000, 10.4, 8.83))

    def test_consumer_owes_nothing_before_the_formal_notice(self):
        """Neither interest nor costs (J10)."""
        self.customer.dunning_legal_status = "consumer"
        result = self._compute(self._claim(day("02-28")), day("06-30"))
        self.assertPieces(result)
        self.assertFalse(result["indemnity_due"])

    def test_consumer_owes_legal_interest_from_the_formal_notice(self):
        """Notice on 10 March: 21 days x 1,000 x 2.62 % / 365 = 1.5074; no 40 €."""
        self.customer.dunning_legal_status = "consumer"
        claim = self._claim(day("03-02"))
        self._get_step("reminder_1").is_formal_notice = True
        self._play(day("03-10"))
        result = self._compute(claim, day("03-31"))
        self.assertPieces(result, (21, 1000, 2.62, 1.51))
        self.assertFalse(result["indemnity_due"])

    def _remind_of_two(self, notice):
        """Remind a consumer of two claims in one message: of the old one for the second
        time, of the new one for the first; return the old and the new one.

        :param notice: code of the step that becomes the formal notice in between
        """
        self.customer.dunning_legal_status = "consumer"
        old = self._claim(day("02-10"))
        self._play(day("02-18"))
        new = self._claim(day("02-20"))
        self._get_step(notice).is_formal_notice = True
        (action,) = self._play(day("03-04"))
        self.assertEqual(self._get_steps(action), ["reminder_1", "reminder_2"])
        return old, new

    def test_message_is_the_notice_of_all_claims_in_it(self):
        """The message is that of the highest step: a formal notice to both."""
        for claim in self._remind_of_two("reminder_2"):
            pieces = self._compute(claim, day("03-31"))["pieces"]
            self.assertEqual([piece["days"] for piece in pieces], [27])

    def test_plain_message_is_no_notice_of_a_claim_at_the_notice_s_step(self):
        """The new claim was at the formal notice, the message at a plain reminder."""
        _old, new = self._remind_of_two("reminder_1")
        self.assertPieces(self._compute(new, day("03-31")))

    def test_judgment_stops_the_interest(self):
        """Insolvent since 20 July: interest until then, no indemnity (J5)."""
        claim = self._claim(day("07-10"))
        self.customer.dunning_insolvent_since = day("07-20")
        result = self._compute(claim)
        self.assertPieces(result, (10, 1000, 12.4, 3.40))
        self.assertFalse(result["indemnity_due"])

    def test_creditor_in_another_country(self):
        """A German creditor: nine points; one elsewhere in the EU: eight (J7)."""
        claim = self._claim(day("07-10"))
        for country, rate in (("base.de", 11.4), ("base.be", 10.4)):
            country = self.env.ref(country)
            self.company.account_fiscal_country_id = country
            result = self._compute(claim)
            self.assertEqual([round(p["rate"], 4) for p in result["pieces"]], [rate])

    def test_rule_grants_nothing_that_the_law_forbids_towards_consumers(self):
        """Neither the indemnity nor interest before the notice, however it is edited;
        other customers' rules are free (CPCE L111-8, J10)."""
        rule = self.env.ref("account_dunning_scenario.dunning_legal_rule_fr_consumer")
        for values in ({"is_indemnity_due": True}, {"is_from_notice": False}):
            with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
                with self.cr.savepoint():
                    rule.write(values)
                    rule.flush_recordset()
        rule.write({"status": "business", "country_id": self.env.ref("base.be").id})
        rule.is_indemnity_due = True
        rule.flush_recordset()

    # ---- rates -----------------------------------------------------------------------

    def test_missing_rate_blocks(self):
        """Nobody has entered the rate of the half-year yet: it is not taken as zero."""
        claim = self._claim(day("07-10"))
        with self.assertRaisesRegex(UserError, "ECB refinancing rate.*not on record"):
            self._compute(claim, day("07-31") + timedelta(days=365))

    def test_missing_rule_blocks(self):
        self.customer.dunning_legal_status = "consumer"
        self.company.account_fiscal_country_id = self.env.ref("base.be")
        with self.assertRaisesRegex(UserError, "No legal rule"):
            self._compute(self._claim(day("07-10")))

    def test_gap_between_half_years_is_refused(self):
        last = self._get_rate("ecb")
        with self.assertRaisesRegex(ValidationError, "a gap"):
            last.copy({"date_from": last.date_from.replace(year=2027, month=7)})

    def test_period_other_than_a_half_year_is_refused(self):
        last = self._get_rate("ecb")
        with self.assertRaisesRegex(ValidationError, "half-year"):
            last.copy({"date_from": "2027-01-15", "date_to": "2027-06-30"})

    def test_rate_in_between_is_kept(self):
        rates = self.env["dunning.legal.rate"].search([("reference", "=", "ecb")])
        with self.assertRaisesRegex(ValidationError, "a gap"):
            rates[1].unlink()
        rates[0].unlink()

    def test_new_indemnity_replaces_the_old_one_on_its_day(self):
        """Raised to 60 € on 1 July: what begins to be late from then on gives 60 €."""
        old = self.env.ref("account_dunning_scenario.dunning_legal_indemnity_fr")
        old.copy({"date_from": "2026-07-01", "amount": 60})
        claims = self._claim(day("06-29")) + self._claim(day("06-30"))
        results = self.legal._compute(claims, self.TODAY)
        self.assertEqual([r["indemnity_due"] for r in results.values()], [40, 60])

    def _get_rate(self, reference):
        """Return the latest rate on record."""
        rates = self.env["dunning.legal.rate"]
        return rates.search([("reference", "=", reference)], limit=1)

    # ---- performance -----------------------------------------------------------------

    def test_queries_do_not_grow_with_the_claims(self):
        claims = self._claim(day("07-10"))
        for _number in range(7):
            claims += self._claim(day("07-10"))

        def count(items):
            self.env.invalidate_all()
            items = items.browse(items.ids)
            before = self.env.cr.sql_log_count
            self.legal._compute(items, self.TODAY)
            return self.env.cr.sql_log_count - before

        count(claims)
        self.assertLessEqual(count(claims), count(claims[:1]))
