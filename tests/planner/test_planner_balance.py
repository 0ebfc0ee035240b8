from odoo.tests import tagged

from ..common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestPlannerBalance(DunningCommon):
    """The net balance of a customer, and the minimum of a scenario."""

    def test_unallocated_payment_above_the_debt_stops_reminders(self):
        """Who owes 1 000 and has 5 000 not allocated yet is not chased (case C3,
        S1-51, P3)."""
        claim = self._create_claim(day("02-20"), 1000.0)
        self._create_receipt(5000.0, day("03-02"))
        self.assertNotDue(claim, "net")
        self.assertEqual(float(self._get_rules(claim)["net"]["value"]), -4000.0)

    def test_open_credit_note_above_the_debt_stops_reminders(self):
        """The same with a credit note of 5 000: case C4 (S1-52, P9)."""
        claim = self._create_claim(day("02-20"), 1000.0)
        self._create_credit_note(5000.0, day("03-02"))
        self.assertNotDue(claim, "net")

    def test_balance_of_zero_stops_reminders(self):
        """An overdue net of exactly nothing is no debt: 3 × 0.10 against 0.30."""
        claims = self.env["account.move.line"].union(
            *(self._create_claim(day("02-20"), 0.1) for _number in range(3))
        )
        self._create_credit_note(0.3, day("03-02"))
        self.assertFalse(self._plan())
        self.assertEqual(self._get_failed(claims[0]), {"net"})

    def test_smaller_credit_leaves_the_reminder(self):
        """A credit of 300 on a debt of 1 000: the customer still owes 700."""
        claim = self._create_claim(day("02-20"), 1000.0)
        self._create_credit_note(300.0, day("03-02"))
        self.assertDue(claim)

    def test_offset_dated_later_does_not_count_yet(self):
        """A credit note dated tomorrow does not stop today's reminder."""
        claim = self._create_claim(day("02-20"), 100.0)
        self._create_credit_note(500.0, day("03-05"))
        self.assertDue(claim)

    def test_offset_counts_whatever_its_no_follow_up(self):
        """A payment booked by a miscellaneous entry is marked "no follow-up" by Odoo;
        it is the customer's money all the same."""
        claim = self._create_claim(day("02-20"), 100.0)
        receipt = self._create_receipt(500.0, day("03-02"))
        receipt.no_followup = True
        self.assertNotDue(claim, "net")

    def test_claim_not_yet_due_does_not_make_a_debtor(self):
        """Overdue 100, credit 150, another 500 due next month: nothing is overdue net,
        so no reminder; in total the customer owes, so the notice goes."""
        overdue = self._create_claim(day("02-20"), 100.0)
        coming = self._create_claim(day("03-10"), 500.0)
        self._create_credit_note(150.0, day("03-02"))
        self.assertEqual(self._get_failed(overdue), {"net"})
        self.assertDue(coming)

    def test_total_net_of_zero_stops_notices(self):
        """A prepaid order needs no announcement (S1-53)."""
        coming = self._create_claim(day("03-10"), 500.0)
        self._create_receipt(500.0, day("03-02"))
        self.assertNotDue(coming, "net")

    def test_excluded_claim_does_not_count(self):
        """An invoice marked "no follow-up" of 5 000 does not turn a customer in credit
        into a debtor."""
        claim = self._create_claim(day("02-20"), 100.0)
        excluded = self._create_claim(day("02-20"), 5000.0)
        excluded.move_id.no_followup = True
        self._create_credit_note(200.0, day("03-02"))
        self.assertNotDue(claim, "net")

    def test_minimum_is_compared_with_the_lines(self):
        """The scenario asks for 50 at least: an invoice of 49.99 waits until another
        one falls due with it."""
        self.scenario.amount_minimum = 50.0
        small = self._create_claim(day("02-20"), 49.99)
        self.assertNotDue(small, "minimum")
        self.assertEqual(float(self._get_rules(small)["minimum"]["value"]), 49.99)
        other = self._create_claim(day("02-22"), 0.01)
        self.assertDue(small | other)

    def test_minimum_is_compared_with_the_net(self):
        """Invoices of 200, credits of 160: 40 net stay below the minimum of 50."""
        self.scenario.amount_minimum = 50.0
        claim = self._create_claim(day("02-20"), 200.0)
        self._create_credit_note(160.0, day("03-02"))
        self.assertNotDue(claim, "minimum")
        self.assertEqual(float(self._get_rules(claim)["minimum"]["value"]), 40.0)

    def test_minimum_equal_to_the_amount_is_enough(self):
        """The minimum itself is asked for."""
        self.scenario.amount_minimum = 100.0
        self.assertDue(self._create_claim(day("02-20"), 100.0))

    def test_net_does_not_depend_on_the_grouping(self):
        """One action per invoice: a credit above each of them but below their sum
        stops neither."""
        self.scenario.grouping = "invoice"
        first = self._create_claim(day("02-20"), 100.0)
        second = self._create_claim(day("02-20"), 100.0)
        self._create_credit_note(150.0, day("03-02"))
        self.assertEqual(len(self.assertDue(first | second)), 2)

    def test_foreign_currency_is_weighed_at_the_ledger_s_rates(self):
        """2 000 yen booked at 100 yen for 1: they weigh 20, whatever the rate of the
        day; the minimum of 50 is in the company's money (case C9)."""
        yen = self.setup_other_currency(
            "JPY", rounding=1.0, rates=[("1900-01-01", 100.0), (day("03-01"), 10.0)]
        )
        self.scenario.amount_minimum = 50.0
        claim = self._create_claim(day("02-20"), 2000.0, currency_id=yen.id)
        self.assertEqual(claim.amount_residual, 20.0)
        self.assertNotDue(claim, "minimum")
        self.scenario.amount_minimum = 20.0
        action = self.assertDue(claim)
        self.assertEqual(action.amount_total, 20.0)
        self.assertEqual(action.line_ids.amount_residual_currency, 2000.0)

    def test_several_currencies_make_one_action(self):
        """A customer owes dollars and euros: one call, each claim in its currency."""
        euro = self.setup_other_currency("EUR", rates=[("1900-01-01", 0.5)])
        claims = self._create_claim(day("02-20"), 100.0)
        claims |= self._create_claim(day("02-20"), 100.0, currency_id=euro.id)
        action = self.assertDue(claims)
        self.assertEqual(len(action), 1)
        self.assertEqual(action.amount_total, 300.0)
        self.assertEqual(
            action.line_ids.sorted("amount_residual").mapped("currency_id.name"),
            ["USD", "EUR"],
        )

    def test_part_held_in_foreign_currency_is_chased_in_both(self):
        """Half of 100 euros was paid: 50 euros are asked for, 100 in our money."""
        euro = self.setup_other_currency("EUR", rates=[("1900-01-01", 0.5)])
        claim = self._create_claim(day("02-20"), 100.0, currency_id=euro.id)
        credit = self._create_credit_note(50.0, day("03-01"), currency_id=euro.id)
        (claim | credit).reconcile()
        line = self.assertDue(claim).line_ids
        self.assertEqual(line.amount_chased, 100.0)
        self.assertEqual(line.amount_chased_currency, 50.0)
