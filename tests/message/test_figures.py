from ast import literal_eval

from odoo import Command
from odoo.tests import freeze_time, tagged

from ..answers.test_nonpayment import NonpaymentCommon
from ..common import day


class FiguresCommon(NonpaymentCommon):
    """Figures on 4 March 2026, worked out by hand beside each test."""

    @classmethod
    def _read(cls, report, measures, groupby=(), user=None, domain=()):
        """Return what the pivot of a report shows: one tuple of figures per group, or
        the grand total."""
        model = cls.env[report].with_user(user or cls.env.user)
        rows = model._read_group(list(domain), list(groupby), measures)
        if groupby:
            return {row[0]: tuple(_round(figure) for figure in row[1:]) for row in rows}
        return tuple(_round(figure) for figure in rows[0])


def _round(figure):
    return round(figure, 4) if isinstance(figure, float) else figure


@tagged("post_install", "-at_install")
class TestOverdueShare(FiguresCommon):
    """More than half of late payments come from disputes (S2-05): is it so here?"""

    MEASURES = ("amount_overdue:sum", "amount_disputed:sum", "share_disputed:avg")

    def _get_figures(self, groupby=(), **options):
        return self._read(
            "dunning.overdue.report", list(self.MEASURES), groupby, **options
        )

    def test_part_of_a_claim_is_disputed(self):
        """300 + 100 overdue, 60 of them disputed: 60 / 400 = 15 %. The average of the
        two rows, 20 % and 0 %, would be 10 %."""
        claim = self._create_claim(day("02-20"), 300)
        self._create_claim(day("02-20"), 100)
        self._dispute(claim, amount=60)
        self.assertEqual(self._get_figures(), (400, 60, 0.15))

    def test_two_disputes_on_one_claim_are_capped(self):
        """80 + 70 = 150 disputed of a claim of 100: no more than 100, of 100 + 25
        overdue: 100 / 125 = 80 %."""
        claim = self._create_claim(day("02-20"), 100)
        self._create_claim(day("02-20"), 25)
        self._dispute(claim, amount=80)
        self._dispute(claim, amount=70)
        self.assertEqual(self._get_figures(), (125, 100, 0.8))

    def test_payment_lowers_the_cap(self):
        """80 of 100 disputed, 50 paid since: 50 are open, all of it disputed."""
        claim = self._create_claim(day("02-20"), 100)
        self._dispute(claim, amount=80)
        self._pay(claim, day("03-02"), amount=50)
        self.assertEqual(self._get_figures(), (50, 50, 1))

    def test_what_is_held_with_a_dispute_is_not_disputed(self):
        """The dispute holds the customer back as a whole; 30 of 200 are disputed."""
        claim = self._create_claim(day("02-20"), 100)
        self._create_claim(day("02-20"), 100)
        self._dispute(claim, amount=30, hold="customer")
        self.assertEqual(self._get_figures(), (200, 30, 0.15))

    def test_settled_dispute_counts_no_more(self):
        claim = self._create_claim(day("02-20"), 100)
        self._settle(self._dispute(claim))
        self.assertEqual(self._get_figures(), (100, 0, 0))

    def test_what_is_not_overdue_does_not_count(self):
        """Due on 4 March is not overdue on 4 March."""
        self._create_claim(day("03-04"), 100)
        self._create_claim(day("03-03"), 40)
        self.assertEqual(self._get_figures()[0], 40)

    def test_day_is_that_of_the_company(self):
        """At 23:30 UTC it is 4 March in Lyon already: due on the 3rd is overdue."""
        self.company.partner_id.tz = "Europe/Paris"
        self._create_claim(day("03-03"), 100)
        with freeze_time("2026-03-03 22:30:00"):
            self.assertFalse(self.env["dunning.overdue.report"].search([]))
        with freeze_time("2026-03-03 23:30:00"):
            self.assertEqual(self._get_figures()[0], 100)

    def test_foreign_currency_counts_in_the_company_s(self):
        """200 Gold at 2 for one of the company's are 100; half of it disputed."""
        gold = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        claim = self._create_claim(day("02-20"), 200, currency_id=gold.id)
        self._dispute(claim, amount=50)
        self.assertEqual(self._get_figures(), (100, 50, 0.5))

    def test_other_company_is_not_counted(self):
        self._create_claim(day("02-20"), 100)
        other = self.setup_other_company(name="Elsewhere")
        self.env.user.company_ids = [Command.link(other["company"].id)]
        claim = self._create_claim(
            day("02-20"), 900, journal_id=other["default_journal_sale"].id
        )
        self.assertEqual(claim.company_id, other["company"])
        self.assertEqual(self._get_figures(user=self.collector), (100, 0, 0))

    def test_by_age(self):
        """Days since the due date, on 4 March: 2 February 30, 1 February 31,
        4 December 90, 3 December 91."""
        for due, amount in (
            (day("02-02"), 10),
            (day("02-01"), 20),
            (day("01-01").replace(year=2025, month=12, day=4), 40),
            (day("01-01").replace(year=2025, month=12, day=3), 80),
        ):
            self._create_claim(due, amount)
        figures = self._get_figures(["age"])
        self.assertEqual(
            {age: overdue for age, (overdue, *_rest) in figures.items()},
            {"1_30": 10, "31_60": 20, "61_90": 40, "91": 80},
        )

    def test_promised_money(self):
        """60 of 100 promised, 30 paid since: 70 are open, 30 of it still promised."""
        claim = self._create_claim(day("02-20"), 100)
        self._promise(60, day("03-12"), claim)
        self._pay(claim, day("03-04"), amount=30)
        figures = self._read("dunning.overdue.report", ["amount_promised:sum"])
        self.assertEqual(figures, (30,))

    def test_salesperson_sees_own_customers(self):
        self._create_claim(day("02-20"), 100)
        other = self._create_customer("Brun Frères")
        self._create_claim(day("02-20"), 900, other)
        self.assertEqual(self._get_figures(user=self.sarah)[0], 100)

    def test_own_collector_and_segment(self):
        segment = self.env["dunning.segment"].create({"name": "Works", "code": "w"})
        self.customer.dunning_segment_id = segment
        claim = self._create_claim(day("02-20"), 100)
        row = self.env["dunning.overdue.report"].search([])
        self.assertEqual((row.move_line_id, row.segment_id), (claim, segment))
        self.assertEqual(row.collector_id, self.collector)
        self.customer.dunning_collector_id = self.sarah
        self.env.invalidate_all()
        self.assertEqual(row.collector_id, self.sarah)


@tagged("post_install", "-at_install")
class TestDisputeFigures(FiguresCommon):
    """How old the disputes are, how long they take, and what causes them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paint, cls.brush, cls.paper = cls.env["product.product"].create(
            [{"name": name} for name in ("Paint", "Brush", "Paper")]
        )

    def _invoice(self, *lines, customer=None):
        """Post an invoice of lines (product, price); return its claim."""
        invoice = self._create_invoice(
            partner_id=(customer or self.customer).id,
            date=day("01-21"),
            invoice_date_due=day("02-20"),
            invoice_payment_term_id=None,
            invoice_line_ids=[
                self._prepare_invoice_line(
                    product_id=product.id, price_unit=price, tax_ids=[]
                )
                for product, price in lines
            ],
            post=True,
        )
        return self._get_claims(invoice)

    def _get_causes(self, groupby="product_id", **options):
        figures = self._read(
            "dunning.dispute.cause.report", ["amount:sum"], [groupby], **options
        )
        return {cause: amount for cause, (amount,) in figures.items()}

    def test_age_and_time_to_settle(self):
        """Opened on 24 February and 2 March, 8 and 2 days old on 4 March: 5 on
        average. Settled after 6 and 3 days: 4.5 on average. An open one does not count
        as settled in no time, nor a settled one as young."""
        opened = (day("02-24"), day("03-02"), day("02-20"), day("02-25"))
        disputes = [
            self._dispute(self._create_claim(day("02-20")), opened_date=on)
            for on in opened
        ]
        for dispute, on in zip(disputes[2:], ("2026-02-26", "2026-02-28"), strict=True):
            with freeze_time(f"{on} 10:00:00"):
                self._settle(dispute)
        figures = self._read(
            "dunning.dispute.report",
            ["days_open:avg", "days_to_settle:avg", "amount:sum", "__count"],
            ["nature"],
        )
        self.assertEqual(
            {nature: tuple(map(float, row)) for nature, row in figures.items()},
            {"production": (5, 4.5, 400, 4)},
        )

    def test_amount_is_shared_over_the_products(self):
        """100 disputed of 3 × 100: 33.33 each, the odd cent to the first of the
        largest: 33.34 + 33.33 + 33.33 = 100."""
        claim = self._invoice((self.paint, 100), (self.brush, 100), (self.paper, 100))
        self._dispute(claim, amount=100)
        self.assertEqual(
            self._get_causes(),
            {self.paint: 33.34, self.brush: 33.33, self.paper: 33.33},
        )

    def test_what_rounding_leaves_goes_to_the_largest(self):
        """50 disputed of 10 + 10 + 40 = 60: 50 × 10 / 60 = 8.33 twice, 50 × 40 / 60
        = 33.33; 0.01 is left, for the paper: 33.34."""
        claim = self._invoice((self.paint, 10), (self.brush, 10), (self.paper, 40))
        self._dispute(claim, amount=50)
        self.assertEqual(
            self._get_causes(),
            {self.paint: 8.33, self.brush: 8.33, self.paper: 33.34},
        )

    def test_rebate_is_no_cause(self):
        """Paint 100, rebate −20: all of the 80 disputed are the paint's."""
        claim = self._invoice((self.paint, 100), (self.brush, -20))
        self._dispute(claim)
        self.assertEqual(self._get_causes(), {self.paint: 80})

    def test_entry_without_products_is_counted(self):
        claim = self._create_entry(70, day("02-20"), no_followup=False)
        self._dispute(claim)
        no_product = self.env["product.product"]
        self.assertEqual(self._get_causes(), {no_product: 70})

    def test_by_salesperson_reason_and_outcome(self):
        """Two disputes of 40 on paint sold by Sarah, one of them founded; 10 on a
        customer without salesperson."""
        other = self._create_customer("Brun Frères")
        disputes = [
            self._dispute(self._invoice((self.paint, 40))) for _number in range(2)
        ]
        self._dispute(
            self._invoice((self.brush, 10), customer=other), partner_id=other.id
        )
        self._settle(disputes[0], outcome="founded")
        nobody = self.env["res.users"]
        self.assertEqual(
            self._get_causes("salesperson_id"), {self.sarah: 80, nobody: 10}
        )
        self.assertEqual(self._get_causes("outcome"), {"founded": 40, False: 50})
        self.assertEqual(self._get_causes(user=self.sarah), {self.paint: 80})

    def test_reports_open_for_everybody_who_may_see_them(self):
        """Each row shows itself in the list, its dispute and invoice named."""
        self._dispute(self._invoice((self.paint, 40)))
        for report in ("dunning.dispute.report", "dunning.dispute.cause.report"):
            rows = self.env[report].with_user(self.collector).search([])
            self.assertEqual(rows.mapped("amount"), [40])
            self.assertEqual(rows.partner_id, self.customer)


@tagged("post_install", "-at_install")
class TestPromiseFigures(FiguresCommon):
    """Promises by date: what comes today, what should have come, what was kept."""

    def test_filters_of_the_list(self):
        """Promised for 5, 4, 2 and 1 March: one each to come, today and late (grace of
        3 days), one paid: kept."""
        claims = [self._create_claim(day("02-10"), 100) for _number in range(4)]
        days = (day("03-05"), day("03-04"), day("03-02"), day("03-01"))
        with freeze_time("2026-02-20 10:00:00"):
            promises = [
                self._promise(100, by, claim)
                for by, claim in zip(days, claims, strict=True)
            ]
        self._pay(claims[3], day("03-01"))
        self.assertEqual(self._filter("today"), promises[1])
        self.assertEqual(self._filter("past"), promises[2])
        self.assertEqual(self._filter("kept"), promises[3])
        self.assertFalse(self._filter("broken"))
        self._judge(day("03-06"))
        self.assertEqual(self._filter("broken"), promises[2])

    def test_promised_by_week_and_state(self):
        """Weeks from Sunday 1 March: 100 kept and 40 open; from 8 March: 60 open."""
        claims = [self._create_claim(day("02-10"), amount) for amount in (100, 40, 60)]
        for claim, by in zip(
            claims, (day("03-04"), day("03-06"), day("03-10")), strict=True
        ):
            self._promise(claim.amount_residual, by, claim)
        self._pay(claims[0], day("03-04"))
        rows = self.env["dunning.promise"]._read_group(
            [], ["date:week", "state"], ["amount:sum"]
        )
        self.assertEqual(
            {(f"{week:%m-%d}", state): amount for week, state, amount in rows},
            {("03-01", "kept"): 100, ("03-01", "open"): 40, ("03-08", "open"): 60},
        )

    def _filter(self, name):
        """Return the promises that a filter of the screen shows."""
        view = self.env.ref("account_dunning_scenario.dunning_promise_view_search")
        arch = view._get_combined_arch()
        (domain,) = arch.xpath(f"//filter[@name='{name}']/@domain")
        return self.env["dunning.promise"].search(literal_eval(domain))
