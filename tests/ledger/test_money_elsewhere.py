from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from ..common import day
from ..delivery.common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestMoneyElsewhere(DeliveryCommon):
    """What stands on the receivable account and is no invoice: money that went back,
    revaluations, payments that wait for the bank."""

    def _pay_out(self, amount, on, customer=None, label="Refund"):
        """Post a bank debit of a customer: a refund of ours, or a returned payment."""
        bank = self.company_data["default_journal_bank"]
        customer = customer or self.customer
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": bank.id,
                "date": on,
                "ref": label,
                "line_ids": [
                    Command.create(
                        {"account_id": bank.default_account_id.id, "credit": amount}
                    ),
                    Command.create(
                        {
                            "account_id": customer.property_account_receivable_id.id,
                            "partner_id": customer.id,
                            "debit": amount,
                        }
                    ),
                ],
            }
        )
        move.action_post()
        return move.line_ids.filtered("debit")

    def _revalue(self, claim, amount):
        """Post a revaluation: an amount in company currency only."""
        data = self.company_data
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": data["default_journal_misc"].id,
                "date": day("02-20"),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": claim.account_id.id,
                            "partner_id": self.customer.id,
                            "currency_id": claim.currency_id.id,
                            "amount_currency": 0.0,
                            "balance": amount,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": data["default_account_expense"].id,
                            "balance": -amount,
                        }
                    ),
                ],
            }
        )
        move.action_post()

    def _thank(self):
        text = self.mail_text.id
        step = self._thanks(delay=0, channel="email", mail_template_id=text)
        self._add_steps(self.scenario, step)

    def _leave_in_process(self, amount, kind="inbound"):
        """Register a payment that names no invoice and waits for the statement."""
        journal = self.company_data["default_journal_bank"]
        method = journal[f"{kind}_payment_method_line_ids"][:1]
        method.payment_account_id = False
        with patch.object(
            self.registry["account.move"],
            "_get_invoice_in_payment_state",
            lambda move: "in_payment",
        ):
            payment = self.env["account.payment"].create(
                {
                    "partner_id": self.customer.id,
                    "amount": amount,
                    "payment_type": kind,
                    "partner_type": "customer",
                    "date": self.TODAY,
                    "journal_id": journal.id,
                    "payment_method_line_id": method.id,
                }
            )
            payment.action_post()
            self.env.flush_all()
        self.assertFalse(payment.move_id)
        return payment

    # ---- revaluation -----------------------------------------------------------------

    def test_revaluation_is_no_credit(self):
        """An unrealised loss on an invoice in euros, not yet due, pays nothing."""
        euro = self.setup_other_currency("EUR", rates=[("2025-01-01", 2.0)])
        coming = self._create_claim(day("03-20"), 1000.0, currency_id=euro.id)
        late = self._create_claim(day("02-20"), 200.0)
        self._revalue(coming, -250.0)
        self.assertDue(late)

    def test_revaluation_is_no_claim_and_in_no_statement(self):
        euro = self.setup_other_currency("EUR", rates=[("2025-01-01", 2.0)])
        claim = self._create_claim(day("02-20"), 1000.0, currency_id=euro.id)
        self._revalue(claim, 250.0)
        action = self._plan()
        self.assertEqual(action.line_ids.move_line_id, claim)
        (sections,) = (
            self.env["dunning.statement"]._get_sections(action, self.TODAY).values()
        )
        self.assertEqual([len(section["rows"]) for section in sections], [1])
        report = self.env["dunning.overdue.report"].search([])
        self.assertEqual(report.move_line_id, claim)

    # ---- money that went back --------------------------------------------------------

    def test_refund_is_not_asked_for(self):
        """We paid an advance back: the customer owes nothing for it."""
        self._pay_out(500.0, day("02-10"))
        self.assertFalse(self._plan())
        self.assertFalse(self.env["dunning.overdue.report"].search([]))
        late = self.env["dunning.customer.report"].search([])
        self.assertEqual((late.amount_overdue, late.days_late), (0, 0))

    def test_refund_uses_up_the_credit(self):
        """A credit that was paid back covers no invoice any more."""
        claim = self._create_late_claim(amount=100.0)
        self._create_receipt(500.0, day("02-01"))
        self.assertNotDue(claim, "net")
        self._pay_out(500.0, day("02-10"))
        self.assertDue(claim)

    def test_refund_stands_in_the_statement_as_what_it_is(self):
        self._create_late_claim()
        refund = self._pay_out(500.0, day("02-10"))
        (sections,) = (
            self.env["dunning.statement"]
            ._get_sections(self._plan(), self.TODAY)
            .values()
        )
        (row,) = [r for r in sections[0]["rows"] if r["move"] == refund.move_id]
        self.assertEqual(row["name"], f"Refund {refund.move_id.name}")
        self.assertEqual((row["due_date"], row["days_late"]), ("", 0))

    def test_refund_taken_in_is_a_claim(self):
        refund = self._pay_out(500.0, day("02-10"))
        refund.write({"dunning_is_taken_in": True, "no_followup": False})
        self.assertDue(refund)

    # ---- thanks ----------------------------------------------------------------------

    def test_no_thanks_for_what_we_paid_back(self):
        self._thank()
        receipt = self._create_receipt(500.0, day("02-26"))
        (receipt | self._pay_out(500.0, day("03-02"))).reconcile()
        self.assertFalse(self._plan())

    def test_no_thanks_for_a_returned_debit(self):
        self._thank()
        claim = self._create_claim(day("03-30"))
        receipt = self._pay(claim, day("02-26"))
        receipt.remove_move_reconcile()
        (receipt | self._pay_out(100.0, day("03-02"), label="Return AC04")).reconcile()
        self.assertFalse(self._plan())

    def test_thanks_for_what_stayed(self):
        self._thank()
        claim = self._create_claim(day("03-30"))
        self._pay(claim, day("02-26"))
        self.assertEqual(self._plan().kind, "thanks")

    # ---- payments in process ---------------------------------------------------------

    def test_payment_that_names_no_invoice_counts(self):
        """The customer has paid 1,000; the statement of the bank is still to come."""
        claim = self._create_late_claim(amount=1000.0)
        self._leave_in_process(1000.0)
        self.assertNotDue(claim, "net")

    def test_payment_of_a_part_leaves_the_rest(self):
        claim = self._create_late_claim(amount=1000.0)
        self._leave_in_process(400.0)
        self.assertDue(claim)

    def test_what_waits_is_dropped_when_the_payment_is_registered(self):
        self._create_late_claim(amount=1000.0)
        action = self._plan()
        self._leave_in_process(1000.0)
        self.env["dunning.pending.check"]._run_put_off()
        self.assertEqual(action.state, "cancelled")

    def test_our_payment_uses_up_credits_and_makes_no_debt(self):
        """A refund under way: the credit is gone, and nobody owes us for it."""
        claim = self._create_late_claim(amount=100.0)
        self._create_receipt(150.0, day("02-01"))
        self.assertNotDue(claim, "net")
        self._leave_in_process(150.0, "outbound")
        self.assertDue(claim)

    def test_our_payment_alone_asks_for_nothing(self):
        self._leave_in_process(150.0, "outbound")
        self.assertFalse(self._plan())
