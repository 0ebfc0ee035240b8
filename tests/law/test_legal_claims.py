from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..common import day
from ..delivery.common import DeliveryCommon

CRON = "account_dunning_scenario.ir_cron_warn_of_limitation"


class LegalCommon(DeliveryCommon):
    """A French creditor on 31 July 2026; ECB + 10 points: 12.15 %, from July 12.40 %.

    1,000 € due on 31 May give 9.99 + 10.53 of interest until then, and 40 €.
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
        cls.legal = cls.env["dunning.legal.interest"]
        cls.claim = cls._create_claim(day("05-31"), 1000, currency_id=cls.euro.id)

    def _compute(self, claim=None, on=None):
        claim = claim or self.claim
        return self.legal._compute(claim, on or self.TODAY)[claim[:1]]


@tagged("post_install", "-at_install")
class TestLegalClaims(LegalCommon):
    """What is waived, agreed on or invoiced changes what is claimed."""

    # ---- waiver ----------------------------------------------------------------------

    def _waive(self, **values):
        dialog = (
            self.env["dunning.legal.waive"]
            .with_user(self.collector)
            .with_context(
                active_model="account.move", active_ids=self.claim.move_id.ids
            )
            .create({"reason": "First delay in ten years", **values})
        )
        dialog.action_waive()
        return self.env["dunning.legal.waiver"].search([])

    def test_what_is_waived_is_claimed_no_more_until_it_is_taken_back(self):
        waiver = self._waive(is_indemnity_waived=False)
        result = self._compute()
        self.assertEqual((result["interest"], result["indemnity"]), (0, 40))
        self.assertTrue(result["is_interest_waived"])
        waiver.with_user(self.collector).action_take_back()
        self.assertAlmostEqual(self._compute()["interest"], 20.52)
        notes = " ".join(self.claim.move_id.message_ids.mapped("body"))
        self.assertIn("waived by Camille Durand.", notes)
        self.assertIn("no longer waived", notes)

    def test_waiver_of_the_indemnity_leaves_the_interest(self):
        self._waive(is_interest_waived=False)
        result = self._compute()
        self.assertAlmostEqual(result["interest"], 20.52)
        self.assertEqual((result["indemnity"], result["indemnity_due"]), (0, 0))

    def test_waiver_keeps_its_reason(self):
        """It is not edited, only taken back; who may not follow up waives nothing."""
        waiver = self._waive()
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            waiver.with_user(self.collector).reason = "Another one"
        reader = new_test_user(self.env, login="reader", groups="base.group_user")
        with self.assertRaises(AccessError):
            waiver.with_user(reader).action_take_back()

    # ---- agreed rate -----------------------------------------------------------------

    def _agree(self, rate, **values):
        """Note a rate of the invoices since 1 January 2026."""
        return self.env["dunning.legal.agreement"].create(
            {"rate": rate, "date_from": "2026-01-01", **values}
        )

    def _set_legal_rate(self, value):
        """Note the legal interest rate of the second half of 2026."""
        start = "2026-07-01"
        rates = self.env["dunning.legal.rate"]
        rates.search(
            [("reference", "=", "legal_interest"), ("date_from", ">=", start)]
        ).unlink()
        rates.create(
            {
                "reference": "legal_interest",
                "date_from": start,
                "value": value,
                "source": "A story",
            }
        )

    def test_agreed_rate_replaces_that_of_the_law(self):
        """61 days x 1,000 x 15 % / 365 = 12.3288 until June, 12.7397 in July; that of
        the customer before that of the terms of sale, of the time of the invoice."""
        self._set_legal_rate(2.5)
        self._agree(10)
        own = self._agree(15, partner_id=self.customer.id)
        result = self._compute()
        self.assertEqual({piece["rate"] for piece in result["pieces"]}, {15})
        self.assertAlmostEqual(result["interest"], 12.33 + 12.74)
        own.date_to = "2026-03-31"  # the invoice is of 1 May
        self.assertEqual({p["rate"] for p in self._compute()["pieces"]}, {10})

    def test_agreed_rate_is_for_businesses(self):
        self._agree(15)
        self.customer.dunning_legal_status = "public"
        self.assertEqual(
            {round(p["rate"], 2) for p in self._compute()["pieces"]}, {10.15}
        )

    def test_least_rate_of_the_law(self):
        """Three times 2.62 % is 7.86 % in the first half of 2026 (J1)."""
        refused = self.assertRaisesRegex(ValidationError, "less than 7.86 %")
        with refused, self.cr.savepoint():
            self._agree(7.85)
        self._agree(7.86)
        with self.assertRaisesRegex(ValidationError, "agreed with the same customers"):
            self._agree(9)

    def test_agreed_rate_that_falls_below_the_least_one_blocks(self):
        """The legal interest rate rises to 4 % in July: 12 % at least."""
        self._agree(10)
        self._set_legal_rate(4)
        with self.assertRaisesRegex(UserError, "less than 12.00 %"):
            self._compute()

    def test_agreed_rate_is_looked_up_once_for_all_claims(self):
        """As many searches for eight claims as for one, at a rate agreed with all."""
        self._set_legal_rate(2.5)
        self._agree(10)
        claims = self.claim
        for _number in range(7):
            claims += self._create_claim(day("05-31"), 100, currency_id=self.euro.id)

        def count(items):
            return self._count_queries(lambda: self._compute(items.browse(items.ids)))

        count(claims)
        self.assertLessEqual(count(claims), count(self.claim))

    def test_creditor_elsewhere_agrees_freely(self):
        self.company.account_fiscal_country_id = self.env.ref("base.de")
        self._agree(1)
        self.assertEqual({p["rate"] for p in self._compute()["pieces"]}, {1})

    # ---- invoice of interest ---------------------------------------------------------

    def _choose_accounts(self):
        account = self.company_data["default_account_revenue"]
        self.company.write(
            {
                "dunning_interest_account_id": account.id,
                "dunning_indemnity_account_id": account.id,
            }
        )

    def _invoice(self, items=None):
        charges = self.env["dunning.legal.charge"].with_user(self.collector)
        return charges._invoice(items or self.claim, self.TODAY).sudo()

    def test_draft_invoice_has_interest_and_indemnity_without_vat(self):
        self._choose_accounts()
        invoice = self._invoice()
        self.assertEqual(invoice.state, "draft")
        self.assertEqual(invoice.currency_id, self.euro)
        self.assertEqual(invoice.invoice_origin, self.claim.move_id.name)
        lines = invoice.invoice_line_ids
        self.assertEqual([round(p, 2) for p in lines.mapped("price_unit")], [20.52, 40])
        self.assertFalse(lines.tax_ids)
        self.assertIn(self.claim.move_id.name, lines[0].name)

    def test_nothing_is_claimed_twice(self):
        """What was invoiced is left out, what ran since is not; a deleted draft never
        was."""
        self._choose_accounts()
        invoice = self._invoice()
        result = self._compute()
        self.assertEqual((result["interest"], result["indemnity"]), (0, 0))
        self.assertAlmostEqual(result["invoiced"], 60.52)
        with self.assertRaisesRegex(UserError, "No interest is due"):
            self._invoice()
        later = self._compute(on=day("08-10"))
        self.assertAlmostEqual(later["interest"], 3.40)
        invoice.unlink()
        self.assertAlmostEqual(self._compute()["interest"], 20.52)

    def test_indemnity_is_invoiced_once_for_all_instalments(self):
        """The first is paid since, the second alone is left: no second 40 € (J5)."""
        self._choose_accounts()
        first, second = self._create_instalments(
            day("05-01"), 30, 45, amount=1000, currency_id=self.euro.id
        )
        self._invoice(first + second)
        self._pay(first, self.TODAY)
        later = self._compute(second, day("08-10"))
        self.assertAlmostEqual(later["interest"], 1.69)
        self.assertEqual(later["indemnity"], 0)

    def test_what_was_invoiced_counts_once_the_claim_was_changed(self):
        """The invoice goes back to draft, one due date takes the place of two."""
        self._choose_accounts()
        items = self._create_instalments(
            day("05-01"), 30, 45, amount=1000, currency_id=self.euro.id
        )
        entry = items.move_id
        results = self.legal._compute(items, self.TODAY)
        invoiced = sum(result["interest"] for result in results.values())
        self._invoice(items)
        entry.button_draft()
        entry.write(
            {"invoice_payment_term_id": False, "invoice_date_due": "2026-05-31"}
        )
        entry.action_post()
        claim = self._get_claims(entry)
        self.assertEqual(len(claim), 1)
        result = self._compute(claim)
        self.assertAlmostEqual(result["interest"], 20.52 - invoiced)
        self.assertEqual(result["indemnity"], 0)

    def test_invoice_of_interest_bears_no_interest(self):
        self._choose_accounts()
        invoice = self._invoice()
        invoice.invoice_date = invoice.invoice_date_due = day("06-15")
        invoice.action_post()
        result = self._compute(self._get_claims(invoice))
        self.assertFalse(result["pieces"])
        self.assertFalse(result["indemnity"])

    def test_one_invoice_per_currency(self):
        """40 € are 50 dollars at the rate of the day; 7.13 of interest (J5)."""
        self._choose_accounts()
        dollar = self.company.currency_id
        self.euro.rate_ids = [
            Command.clear(),
            Command.create({"name": "2026-01-01", "rate": 0.8}),
        ]
        claim = self._create_claim(day("07-10"), 1000.0, currency_id=dollar.id)
        invoices = self._invoice(self.claim + claim)
        self.assertEqual(len(invoices), 2)
        (in_dollars,) = invoices.filtered(lambda move: move.currency_id == dollar)
        self.assertAlmostEqual(in_dollars.amount_total, 57.13)

    def test_accounts_are_asked_for(self):
        with self.assertRaisesRegex(UserError, "First choose the interest"):
            self._invoice()

    def test_dialog_shows_what_is_left_out(self):
        self._choose_accounts()
        self._waive(is_indemnity_waived=False)
        self._invoice()
        dialog = self.env["dunning.interest.sheet"].with_context(
            active_model="res.partner", active_ids=self.customer.ids
        )
        table = dialog.create({}).table
        self.assertIn("We waive the interest on this claim", table)
        self.assertIn("Invoiced before", table)

    def test_insolvent_and_consumer_are_invoiced_nothing(self):
        """No indemnity in insolvency, nothing before the notice (J5, J10)."""
        self._choose_accounts()
        self.customer.dunning_insolvent_since = day("06-10")
        invoice = self._invoice()
        self.assertAlmostEqual(invoice.amount_total, 3.33)
        invoice.unlink()
        self.customer.write(
            {"dunning_insolvent_since": False, "dunning_legal_status": "consumer"}
        )
        with self.assertRaisesRegex(UserError, "No interest is due"):
            self._invoice()


@tagged("post_install", "-at_install")
class TestLimitation(LegalCommon):
    """Until when a claim can be put before a court (J13, J14)."""

    def _get_date(self, claim=None):
        claim = claim or self.claim
        claim.invalidate_recordset(["dunning_limitation_date"])
        return str(claim.dunning_limitation_date)

    def test_years_run_from_the_earlier_of_due_and_invoice_date(self):
        """The invoice is of 1 May 2026: five years towards a business, two towards a
        consumer, four from the next 1 January towards a public body."""
        dates = {
            "business": "2031-05-01",
            "consumer": "2028-05-01",
            "public": "2030-12-31",
        }
        for status, expected in dates.items():
            self.customer.dunning_legal_status = status
            self.env.flush_all()
            self.assertEqual(self._get_date(), expected)

    def test_payment_starts_the_years_afresh(self):
        """A part of it acknowledges the whole (C. civ. 2240)."""
        self._pay(self.claim, day("07-10"), 100)
        self.assertEqual(self._get_date(), "2031-07-10")

    def test_credit_note_changes_nothing(self):
        refund = self._create_credit_note(250, day("07-25"), currency_id=self.euro.id)
        (self.claim + refund).reconcile()
        self.assertEqual(self._get_date(), "2031-05-01")

    def test_promise_starts_the_years_afresh(self):
        """One that was withdrawn, or noted by mistake, does not."""
        promise = self.env["dunning.promise"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "currency_id": self.euro.id,
                "claim_ids": [Command.create({"move_line_id": self.claim.id})],
                "term_ids": [
                    Command.create({"amount": 1000, "date": day("08-10")}),
                ],
            }
        )
        self.assertEqual(self._get_date(), "2031-07-31")
        for state in ("cancelled", "replaced"):
            promise.sudo().state = state
            self.assertEqual(self._get_date(), "2031-05-01")

    def test_reminder_changes_nothing(self):
        """Com. 18 May 2022, 20-23.204."""
        self._get_step("reminder_1").is_formal_notice = True
        self._play(self.TODAY)
        self.assertEqual(self._get_date(), "2031-05-01")

    def test_creditor_without_period_on_record(self):
        self.company.account_fiscal_country_id = self.env.ref("base.be")
        self.assertEqual(self._get_date(), "False")

    def _warn(self):
        """Let the scheduled task run."""
        with self.enter_registry_test_mode():
            self.env.ref(CRON).sudo().method_direct_trigger()
        self.env.invalidate_all()

    def test_collector_is_warned_before(self):
        """Once per customer, and again only when the day has changed."""
        old = self._create_claim(
            day("12-31").replace(year=2021), 500, currency_id=self.euro.id
        )
        self.assertTrue(old.dunning_is_limitation_near)
        self.assertFalse(self.claim.dunning_is_limitation_near)
        Item = self.env["account.move.line"]
        near = Item.search([("dunning_is_limitation_near", "=", True)])
        self.assertEqual(near, old)
        glance = self.customer.get_dunning_glance()
        told = {item["id"]: item["sentence"] for item in glance["items"]}
        self.assertIn("Time-barred after December 1, 2026.", told[old.id])
        self.assertNotIn("Time-barred", told[self.claim.id])
        for _time in range(2):
            self._warn()
            (task,) = self.customer.activity_ids
            self.assertEqual(task.user_id, self.collector)
            self.assertIn("Open items (1)", task.summary)
        task.unlink()
        self._warn()
        self.assertFalse(self.customer.activity_ids)

    def test_collector_who_comes_later_is_warned_too(self):
        """Nobody was in charge when the day came near."""
        old = self._create_claim(
            day("12-31").replace(year=2021), 500, currency_id=self.euro.id
        )
        partner_class = self.env.registry["res.partner"]
        with patch.object(partner_class, "_dunning_get_collector", return_value=False):
            self._warn()
        self.assertFalse(self.customer.activity_ids)
        self.assertFalse(old.dunning_limitation_warned)
        self._warn()
        self.assertEqual(self.customer.activity_ids.user_id, self.collector)

    def test_search_by_date(self):
        Item = self.env["account.move.line"]
        found = Item.search(
            [
                ("dunning_limitation_date", "<=", "2031-05-01"),
                ("partner_id", "=", self.customer.id),
                ("balance", ">", 0),
            ]
        )
        self.assertIn(self.claim, found)
