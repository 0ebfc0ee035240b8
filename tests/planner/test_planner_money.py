from odoo import Command
from odoo.tests import tagged

from ..common import day
from .money_common import MoneyCommon


@tagged("post_install", "-at_install")
class TestPlannerMoney(MoneyCommon):
    """The planner takes the ledger as it is: what is no money owed is not asked for,
    what was paid is not asked for again."""

    # ---- revaluation -----------------------------------------------------------------

    def _revalue(self, claim, **values):
        """Post an unrealised exchange difference on a claim: 0.00 in its currency."""
        loss = self.company_data["default_account_expense"]
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.company_data["default_journal_misc"].id,
                "date": day("02-20"),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": claim.account_id.id,
                            "partner_id": self.customer.id,
                            "currency_id": claim.currency_id.id,
                            "amount_currency": 0.0,
                            **values,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": loss.id,
                            "debit": values.get("credit", 0),
                            "credit": values.get("debit", 0),
                        }
                    ),
                ],
            }
        )
        move.action_post()
        return move.line_ids.filtered("partner_id")

    def _create_foreign_claim(self, due, amount):
        euro = self.setup_other_currency(
            "EUR", rates=[("2025-01-01", 2.0), ("2026-03-01", 4.0)]
        )
        return self._create_claim(due, amount, currency_id=euro.id)

    def test_revaluation_is_no_credit(self):
        """The euro fell: the loss of 250 on an invoice not yet due is no credit, and
        the late invoice of 200 is asked for."""
        coming = self._create_foreign_claim(day("03-20"), 1000.0)
        late = self._create_claim(day("02-20"), 200.0)
        self._revalue(coming, credit=250.0)
        self.assertDue(late)

    def test_revaluation_is_no_claim(self):
        """The euro rose: nobody is asked for the gain."""
        coming = self._create_foreign_claim(day("03-30"), 1000.0)
        gain = self._revalue(coming, debit=250.0)
        gain.no_followup = False
        self.assertEqual(self._get_failed(gain), {"open"})
        self.assertFalse(self._plan())

    def test_revaluation_stands_in_no_list(self):
        """Neither the customer's open items nor the go-live show it."""
        coming = self._create_foreign_claim(day("03-20"), 1000.0)
        item = self._revalue(coming, debit=250.0)
        self.assertNotIn(item, self.customer.dunning_open_item_ids)
        intake = self.env["dunning.golive.intake"].create({"direction": "in"})
        self.assertNotIn(item, self.env[item._name].search(intake._get_domain()))

    # ---- paid out --------------------------------------------------------------------

    def test_refund_is_no_claim(self):
        """We paid back an advance of 500 and nobody has matched the two: the customer
        owes nothing."""
        self._create_receipt(500.0, day("02-10"))
        refund = self._pay_out(500.0, day("02-12"))
        self.assertEqual(self._get_failed(refund), {"open"})
        self.assertFalse(self._plan())

    def test_refund_counts_against_the_credit_it_paid_back(self):
        """An advance of 500, paid back: the late invoice of 200 is asked for."""
        claim = self._create_claim(day("02-20"), 200.0)
        self._create_receipt(500.0, day("02-10"))
        self.assertEqual(self._get_failed(claim), {"net"})
        self._pay_out(500.0, day("02-12"))
        action = self.assertDue(claim)
        self.assertEqual(action.amount_total, 200.0)

    def test_refund_counts_whatever_its_no_follow_up(self):
        """As its credit does."""
        claim = self._create_claim(day("02-20"), 200.0)
        self._create_receipt(500.0, day("02-10"))
        self._pay_out(500.0, day("02-12")).no_followup = True
        self.assertDue(claim)

    def test_refund_of_tomorrow_does_not_count_yet(self):
        claim = self._create_claim(day("02-20"), 200.0)
        self._create_receipt(500.0, day("02-10"))
        self._pay_out(500.0, day("03-05"))
        self.assertEqual(self._get_failed(claim), {"net"})

    def test_part_of_a_credit_paid_back_is_not_deducted(self):
        """Of an advance of 500 we paid 400 back: 100 are deducted from the 200."""
        claim = self._create_claim(day("02-20"), 200.0)
        self._create_receipt(500.0, day("02-10"))
        self._pay_out(400.0, day("02-12"))
        action = self.assertDue(claim)
        self.assertIn("100.00", action.amount_text)
        self.assertIn("100.00", action.credits_text)

    def test_returned_payment_is_a_claim_once_taken_in(self):
        """Nobody finds the invoice of a returned payment: taken in, it is followed up
        itself."""
        returned = self._pay_out(150.0, day("02-20"))
        self.assertFalse(self._plan())
        returned.sudo().dunning_is_taken_in = True
        self.assertDue(returned)

    def test_payment_by_an_outbound_payment_is_no_claim(self):
        """The same for a refund registered as a payment."""
        method = self.outbound_payment_method_line
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.customer.id,
                "amount": 80.0,
                "payment_type": "outbound",
                "partner_type": "customer",
                "date": day("02-10"),
                "journal_id": method.journal_id.id,
                "payment_method_line_id": method.id,
            }
        )
        payment.action_post()
        item = self._get_claims(payment.move_id)
        self.assertEqual(item.amount_residual, 80.0)
        self.assertFalse(self._plan())
        self.assertEqual(item.dunning_paid_out, "refund")

    # ---- in process ------------------------------------------------------------------

    def test_payment_in_process_of_no_invoice_counts(self):
        """The customer paid 1 000 and nobody has said for which invoice (W08)."""
        claim = self._create_claim(day("02-20"), 1000.0)
        self._wait_for_bank(1000.0)
        self.assertNotDue(claim, "net")

    def test_smaller_payment_in_process_is_deducted(self):
        """300 of 1 000 are under way: 700 are asked for."""
        claim = self._create_claim(day("02-20"), 1000.0)
        self._wait_for_bank(300.0)
        action = self.assertDue(claim)
        self.assertIn("700.00", action.amount_text)
        self.assertIn("300.00", action.credits_text)

    def test_what_waits_is_dropped_at_once(self):
        """The reminder was prepared, then the customer's payment was entered."""
        claim = self._create_claim(day("02-20"), 1000.0)
        line = self.assertDue(claim).line_ids
        self._wait_for_bank(1000.0)
        self.assertEqual(line.state, "dropped")

    def test_rest_of_a_linked_payment_is_a_credit(self):
        """1 000 for an invoice of 600, linked to it: 400 are left for the other one."""
        first = self._create_claim(day("02-20"), 600.0)
        other = self._create_claim(day("02-20"), 500.0)
        self._wait_for_bank(1000.0, invoice_ids=[Command.set(first.move_id.ids)])
        self.assertEqual(self._get_failed(first), {"held"})
        action = self.assertDue(other)
        self.assertIn("100.00", action.amount_text)

    def test_two_payments_for_one_invoice_pay_it_once(self):
        """By mistake the customer paid the same 600 twice: the second pays the
        other invoice."""
        first = self._create_claim(day("02-20"), 600.0)
        other = self._create_claim(day("02-20"), 500.0)
        for _time in range(2):
            self._wait_for_bank(600.0, invoice_ids=[Command.set(first.move_id.ids)])
        self.assertEqual(self._get_failed(other), {"net"})

    def test_payment_in_process_at_a_branch_counts(self):
        """As its credits do."""
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        claim = self._create_claim(day("02-20"), 100.0)
        self._wait_for_bank(100.0, company_id=branch.id)
        self.assertEqual(self._get_failed(claim), {"net"})

    def test_payment_that_the_bank_s_entry_has_overtaken_counts_no_more(self):
        """The bank's entry of 600 came and was matched with the invoice by hand: the
        payment that still waits is not counted a second time."""
        first = self._create_claim(day("02-20"), 600.0)
        other = self._create_claim(day("02-20"), 500.0)
        self._wait_for_bank(700.0, invoice_ids=[Command.set(first.move_id.ids)])
        self._pay(first, day("03-02"))
        self.assertDue(other)

    def test_refund_in_process_takes_the_credit(self):
        """A credit note of 300 is being paid back: it pays no invoice."""
        claim = self._create_claim(day("02-20"), 200.0)
        self._create_credit_note(300.0, day("02-20"))
        self.assertEqual(self._get_failed(claim), {"net"})
        self._wait_for_bank(300.0, payment_type="outbound")
        self.assertDue(claim)

    def test_refund_in_process_makes_no_claim(self):
        """A refund that has no credit behind it is not asked for, nor does it raise
        what is asked for."""
        claim = self._create_claim(day("02-20"), 200.0)
        self._wait_for_bank(300.0, payment_type="outbound")
        action = self.assertDue(claim)
        self.assertEqual(action.amount_total, 200.0)
        self.assertEqual(float(self._get_rules(claim)["net"]["value"]), 200.0)

    def test_payment_to_a_supplier_is_another_matter(self):
        """The customer is our supplier too: what we pay them counts for nothing."""
        claim = self._create_claim(day("02-20"), 200.0)
        self._wait_for_bank(300.0, payment_type="outbound", partner_type="supplier")
        self.assertDue(claim)
