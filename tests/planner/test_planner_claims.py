from odoo.tests import tagged

from ..common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestPlannerClaims(DunningCommon):
    """What is a claim: open receivable items, one per instalment."""

    def test_draft_invoice_is_not_chased(self):
        """An invoice that is still a draft is nobody's debt yet."""
        claim = self._create_claim(day("02-20"), post=False)
        self.assertNotDue(claim, "open")

    def test_entry_dated_after_the_day_is_not_chased(self):
        """An invoice dated tomorrow, due long ago by mistake, waits for its date."""
        claim = self._create_claim(day("02-10"), date=day("03-05"))
        self.assertNotDue(claim, "open")
        self.assertDue(claim, on=day("03-05"))

    def test_account_that_is_not_trade_is_not_chased(self):
        """A loan to an employee stands on a receivable account outside of trade."""
        account = self.company_data["default_account_receivable"].copy()
        account.non_trade = True
        loan = self._create_entry(
            500.0, day("02-01"), account_id=account.id, no_followup=False
        )
        self.assertNotDue(loan, "open")

    def test_entry_without_customer_is_not_chased(self):
        """A receivable item without a partner has nobody to be asked."""
        nobody = self.env["res.partner"]
        item = self._create_entry(500.0, day("02-01"), nobody, no_followup=False)
        self.assertNotDue(item, "open")

    def test_paid_invoice_is_not_chased(self):
        """What is reconciled in full is over: no reminder for something paid (P3)."""
        claim = self._create_claim(day("02-20"))
        self._pay(claim, day("03-03"))
        self.assertFalse(self._plan())

    def test_blocked_invoice_is_not_chased(self):
        """An invoice that the accountant blocked is left alone, until unblocked."""
        claim = self._create_claim(day("02-20"))
        claim.move_id.action_toggle_block_payment()
        self.assertNotDue(claim, "open")
        claim.move_id.action_toggle_block_payment()
        self.assertDue(claim)

    def test_invoice_paid_in_former_software_is_not_chased(self):
        """Invoices imported with their payments elsewhere stay out."""
        claim = self._create_claim(day("02-20"))
        claim.move_id.payment_state = "invoicing_legacy"
        self.assertNotDue(claim, "open")

    def test_reversed_invoice_is_not_chased(self):
        """An invoice cancelled by its credit note leaves nothing to ask for."""
        claim = self._create_claim(day("02-20"))
        self._reverse_invoice(
            claim.move_id, is_modify=False, post=True, date=day("03-01")
        )
        (claim | self._get_claims(claim.move_id.reversal_move_ids)).filtered(
            lambda item: not item.reconciled
        ).reconcile()
        self.assertEqual(claim.move_id.payment_state, "reversed")
        self.assertFalse(self._plan())

    def test_credit_note_is_not_chased(self):
        """What the company owes its customer is an offset, never a claim."""
        claim = self._create_claim(day("02-20"), 100.0)
        credit = self._create_credit_note(20.0, day("02-01"))
        self.assertNotDue(credit, "open")
        self.assertEqual(self._get_failed(claim), {"in_action"})

    def test_due_date_is_the_entry_s_date_without_maturity(self):
        """An opening entry without due date is due on its own day."""
        item = self._create_entry(
            100.0, day("02-20"), date_maturity=False, no_followup=False
        )
        self.assertFalse(item.date_maturity)
        self.assertEqual(self._get_next(item), ("reminder_1", day("02-28")))

    def test_each_instalment_is_chased_on_its_own_day(self):
        """An invoice of 1 February payable at 10 and 40 days: the first instalment is
        reminded on 19 February although the second is not due yet (P6)."""
        first, second = self._create_instalments(day("02-01"), 10, 40)
        self.assertDue(first, on=day("02-19"))
        self.assertEqual(self._get_next(second), ("notice", day("03-05")))

    def test_part_payment_leaves_the_rest_to_be_chased(self):
        """Of 100 the customer paid 60: 40 are asked for, the film goes on (P10,
        S1-52)."""
        claim = self._create_claim(day("02-20"))
        self._pay(claim, day("03-01"), 60.0)
        action = self.assertDue(claim)
        self.assertEqual(action.amount_total, 40.0)
        self.assertEqual(action.line_ids.amount_chased, 40.0)

    def test_payment_in_process_covers_the_earliest_instalment_first(self):
        """A transfer of 120 was announced on an invoice payable 100 + 100: of it the
        first instalment is covered, 80 of the second are left."""
        first, second = self._create_instalments(day("01-10"), 10, 30)
        self._register_in_process(first.move_id, 120.0)
        self.assertEqual(self._get_failed(first), {"held"})
        action = self.assertDue(second)
        self.assertEqual(action.amount_total, 80.0)

    def test_payment_in_process_for_all_leaves_nothing(self):
        """The whole invoice is being paid, though no entry says so yet (P3)."""
        claim = self._create_claim(day("02-20"))
        self._register_in_process(claim.move_id, 100.0)
        self.assertFalse(self._plan())

    def test_rejected_payment_is_asked_for_again(self):
        """The transfer announced was rejected: the invoice is a claim as before."""
        claim = self._create_claim(day("02-20"))
        self._register_in_process(claim.move_id, 100.0).action_reject()
        self.assertDue(claim)

    def test_opening_balance_is_chased_once_taken_in(self):
        """Odoo marks opening entries as not to be followed up; taking the item in
        clears the mark on the line, and the film starts."""
        item = self._create_entry(250.0, day("01-01"), date_maturity=day("02-20"))
        self.assertTrue(item.no_followup)
        self.assertNotDue(item, "no_followup", "net")
        item.write({"no_followup": False, "dunning_is_taken_in": True})
        self.assertDue(item)

    def test_contacts_are_chased_as_one_customer(self):
        """Two shops of a company bought on their own: the company gets one call for
        both invoices."""
        shops = self.env["res.partner"].create(
            [
                {"name": f"Azur {place}", "parent_id": self.customer.id}
                for place in ("North", "South")
            ]
        )
        claims = self.env["account.move.line"].union(
            *(self._create_claim(day("02-20"), customer=shop) for shop in shops)
        )
        action = self.assertDue(claims)
        self.assertEqual(action.partner_id, self.customer)
        self.assertEqual(action.line_ids.partner_id, self.customer)
