from odoo import Command
from odoo.tests import tagged

from ..common import day
from .money_common import MoneyCommon


@tagged("post_install", "-at_install")
class TestPlannerThanks(MoneyCommon):
    """Thanks for a payment, 8 days after it (S1-22, S1-44, S1-46)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["dunning.step"].create(
            {**cls._thanks(), "scenario_id": cls.scenario.id, "sequence": 90}
        )

    def _get_thanks(self, on):
        return self._plan(on).filtered(lambda action: action.kind == "thanks")

    def test_thanks_come_eight_days_after_the_payment(self):
        """Paid on 3 March, thanked on 11 March, once."""
        claim = self._create_claim(day("02-20"))
        self._pay(claim, day("03-03"))
        self.assertFalse(self._get_thanks(day("03-10")))
        thanks = self._get_thanks(day("03-11"))
        self.assertEqual(thanks.line_ids.move_line_id, claim)
        self.assertEqual(thanks.line_ids.trigger_date, day("03-11"))
        self.assertFalse(self._get_thanks(day("03-12")))

    def test_invoice_never_reminded_is_thanked_for_too(self):
        """The scenario was never played on a customer who pays on time: he deserves the
        thanks most."""
        claim = self._create_claim(day("03-10"))
        self._pay(claim, day("03-02"))
        self.assertFalse(claim.dunning_line_ids)
        self.assertTrue(self._get_thanks(day("03-10")))

    def test_thanks_make_sense_for_thirty_days(self):
        """Planned again after a long pause: on the 30th day it is too late."""
        claim = self._create_claim(day("02-10"))
        self._pay(claim, day("02-12"))
        self.assertEqual(self._get_failed(claim, day("03-22")), {"too_late"})
        self.assertFalse(self._get_thanks(day("03-22")))
        self.assertFalse(self._get_failed(claim, day("03-21")))
        self.assertTrue(self._get_thanks(day("03-21")))

    def test_part_payment_is_not_thanked_for(self):
        """60 of 100 were paid: thanks come with the rest."""
        claim = self._create_claim(day("03-20"))
        self._pay(claim, day("03-01"), 60.0)
        self.assertFalse(self._get_thanks(day("03-10")))
        self._pay(claim, day("03-04"))
        self.assertFalse(self._get_thanks(day("03-11")))
        self.assertTrue(self._get_thanks(day("03-12")))

    def test_credit_note_alone_is_not_thanked_for(self):
        """Nobody is thanked for an invoice that was cancelled."""
        claim = self._create_claim(day("02-20"))
        credit = self._create_credit_note(100.0, day("03-01"))
        (claim | credit).reconcile()
        self.assertTrue(claim.reconciled)
        self.assertEqual(self._get_failed(claim, day("03-10")), {"paid"})
        self.assertFalse(self._get_thanks(day("03-10")))

    def test_write_off_alone_is_not_thanked_for(self):
        """The company gave up the invoice: no thanks for that."""
        claim = self._create_claim(day("02-20"))
        move = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "date": day("03-01"),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": claim.account_id.id,
                            "partner_id": self.customer.id,
                            "credit": 100.0,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.company_data[
                                "default_account_expense"
                            ].id,
                            "debit": 100.0,
                        }
                    ),
                ],
            }
        )
        move.action_post()
        (claim | self._get_claims(move)).reconcile()
        self.assertEqual(self._get_failed(claim, day("03-10")), {"paid"})

    def test_credit_note_and_payment_are_thanked_for_on_the_later_day(self):
        """30 were credited on 1 March, 70 paid on 3 March: thanks on 11 March."""
        claim = self._create_claim(day("03-20"))
        credit = self._create_credit_note(30.0, day("03-01"))
        (claim | credit).reconcile()
        self._pay(claim, day("03-03"))
        self.assertFalse(self._get_thanks(day("03-10")))
        self.assertTrue(self._get_thanks(day("03-11")))

    def test_exchange_difference_does_not_move_the_day(self):
        """An invoice in euros paid at another rate: the day is that of the payment."""
        euro = self.setup_other_currency(
            "EUR", rates=[("1900-01-01", 0.5), (day("03-01"), 0.4)]
        )
        claim = self._create_claim(day("02-20"), 100.0, currency_id=euro.id)
        method = self.inbound_payment_method_line
        self._register_payment(
            claim.move_id,
            payment_date=day("03-03"),
            journal_id=method.journal_id.id,
            payment_method_line_id=method.id,
        )
        self.assertTrue(claim.reconciled)
        self.assertTrue(claim.matched_credit_ids.exchange_move_id)
        self.assertFalse(self._get_thanks(day("03-10")))
        self.assertTrue(self._get_thanks(day("03-11")))

    def test_nobody_is_thanked_while_another_claim_is_overdue(self):
        """One invoice paid, another late: thanking would sound like irony. Once both
        are paid, one message for both."""
        first = self._create_claim(day("02-20"))
        second = self._create_claim(day("02-20"))
        self._pay(first, day("03-01"))
        self.assertEqual(self._get_failed(first, day("03-09")), {"all_paid"})
        self.assertFalse(self._get_thanks(day("03-09")))
        self._pay(second, day("03-02"))
        thanks = self._get_thanks(day("03-10"))
        self.assertEqual(len(thanks), 1)
        self.assertEqual(thanks.line_ids.move_line_id, first | second)

    def test_claim_not_yet_due_does_not_stop_the_thanks(self):
        """The next invoice is not due: a good moment to thank (S1-46)."""
        paid = self._create_claim(day("02-20"))
        self._create_claim(day("04-30"))
        self._pay(paid, day("03-01"))
        self.assertTrue(self._get_thanks(day("03-09")))

    def test_scenario_without_thanks(self):
        """The export scenario thanks nobody (S1-35)."""
        self._get_step("thanks").is_enabled = False
        claim = self._create_claim(day("02-20"))
        self._pay(claim, day("03-01"))
        self.assertEqual(self._get_failed(claim, day("03-09")), {"step"})
        self.assertFalse(self._get_thanks(day("03-09")))

    def test_customer_without_scenario_is_not_thanked(self):
        """Follow-up is not set up for this customer."""
        claim = self._create_claim(day("02-20"))
        self._pay(claim, day("03-01"))
        self.customer.dunning_scenario_id = False
        self.assertEqual(self._get_failed(claim, day("03-09")), {"scenario", "step"})

    def test_excluded_invoice_is_not_thanked_for(self):
        """Excluded from follow-up means left alone altogether."""
        claim = self._create_claim(day("02-20"))
        claim.move_id.no_followup = True
        self._pay(claim, day("03-01"))
        self.assertEqual(self._get_failed(claim, day("03-09")), {"no_followup"})
        self.assertFalse(self._get_thanks(day("03-09")))

    def test_invoice_of_before_the_go_live_is_not_thanked_for(self):
        """The former procedure's invoices are not this one's."""
        self.company.dunning_go_live_date = day("03-01")
        claim = self._create_claim(day("02-20"))
        self._pay(claim, day("03-01"))
        self.assertEqual(self._get_failed(claim, day("03-09")), {"go_live"})

    def test_thanks_leave_on_business_days_only(self):
        """Paid on 27 February: they fall on a Saturday and leave on Monday."""
        self.scenario.is_business_days_only = True
        claim = self._create_claim(day("02-20"))
        self._pay(claim, day("02-27"))
        self.assertEqual(self._get_failed(claim, day("03-07")), {"business_day"})
        self.assertFalse(self._get_thanks(day("03-07")))
        self.assertTrue(self._get_thanks(day("03-09")))

    def test_thanks_that_lapsed_are_not_tried_again(self):
        """There was no address to write to: the thanks lapse for good."""
        claim = self._create_claim(day("02-20"))
        self._pay(claim, day("03-01"))
        self._get_thanks(day("03-09")).action_skip()
        self.assertEqual(self._get_failed(claim, day("03-10")), {"thanked"})
        self.assertFalse(self._get_thanks(day("03-10")))

    def test_thanks_do_not_wait_for_the_spacing(self):
        """Called on Monday about an announcement; the thanks of Tuesday leave."""
        self.company.dunning_min_days_between_contacts = 5
        paid = self._create_claim(day("02-20"))
        self._pay(paid, day("03-01"))
        self._create_claim(day("03-16"))
        self.assertEqual(self._plan(day("03-08")).kind, "notice")
        self.assertTrue(self._get_thanks(day("03-09")))

    def test_stop_does_not_concern_thanks(self):
        """A customer in stop who paid is thanked, ticked as usual (S1-54)."""
        self.customer.dunning_is_stopped = True
        claim = self._create_claim(day("02-20"))
        self._pay(claim, day("03-01"))
        thanks = self._get_thanks(day("03-09"))
        self.assertTrue(thanks.is_ticked)
        self.assertFalse(thanks.untick_reason)

    def test_returned_payment_takes_the_thanks_back(self):
        """The direct debit bounced before the thanks left: they are dropped."""
        claim = self._create_claim(day("02-20"))
        self._pay(claim, day("03-01"))
        thanks = self._get_thanks(day("03-09"))
        claim.remove_move_reconcile()
        self._plan(day("03-10"))
        self.assertEqual(thanks.state, "cancelled")

    def test_cash_payment_is_thanked_for(self):
        """Paid at the counter: a bank or cash entry is a payment."""
        claim = self._create_claim(day("02-20"))
        receipt = self._create_receipt(100.0, day("03-01"))
        self.assertEqual(receipt.journal_id.type, "bank")
        (claim | receipt).reconcile()
        self.assertFalse(self._get_failed(claim, day("03-09")))

    # ---- whose money it is -----------------------------------------------------------

    def test_advance_paid_back_is_not_thanked_for(self):
        """W16: we returned an advance: that is no payment of the customer's."""
        refund = self._pay_out(500.0, day("03-02"))
        (self._create_receipt(500.0, day("02-26")) | refund).reconcile()
        self.assertEqual(self._get_failed(refund, day("03-10")), {"open"})
        self.assertFalse(self._get_thanks(day("03-10")))

    def test_returned_debit_is_not_thanked_for(self):
        """W17: the bank took the payment back, and the accountant matched the two."""
        claim = self._create_claim(day("03-20"))
        receipt = self._pay(claim, day("02-26"))
        returned = self._pay_out(100.0, day("03-02"), ref="Return AC04")
        receipt.remove_move_reconcile()
        (receipt | returned).reconcile()
        self.assertFalse(self._get_thanks(day("03-10")))

    def test_payment_that_was_taken_back_is_not_thanked_for(self):
        """The same before anybody has matched the two: the money did not stay."""
        claim = self._create_claim(day("03-20"))
        self._pay(claim, day("02-26"))
        self.assertTrue(self._get_thanks(day("03-06")))
        self._pay_out(100.0, day("03-07"), ref="Return AC04")
        self.assertEqual(self._get_failed(claim, day("03-07")), {"paid", "thanked"})
        self._plan(day("03-08"))
        self.assertEqual(claim.dunning_line_ids.state, "dropped")

    def test_refund_of_something_else_does_not_matter(self):
        """We paid back another amount: the invoice stays paid."""
        claim = self._create_claim(day("03-20"))
        self._pay(claim, day("02-26"))
        self._pay_out(30.0, day("03-01"))
        self.assertTrue(self._get_thanks(day("03-06")))

    def test_transfer_in_a_bank_journal_is_not_thanked_for(self):
        """Booked in the bank's journal, but no money came: another customer's account
        takes the invoice over."""
        claim = self._create_claim(day("02-20"))
        other = self._create_customer("Bosco")
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": day("03-01"),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": claim.account_id.id,
                            "partner_id": partner.id,
                            "balance": balance,
                        }
                    )
                    for partner, balance in ((self.customer, -100.0), (other, 100.0))
                ],
            }
        )
        move.action_post()
        credit = move.line_ids.filtered("credit")
        (claim | credit).reconcile()
        self.assertTrue(claim.reconciled)
        self.assertEqual(self._get_failed(claim, day("03-09")), {"paid"})

    # ---- what we debited -------------------------------------------------------------

    def _register(self, claim, **values):
        method = self.inbound_payment_method_line
        return self._register_payment(
            claim.move_id,
            payment_date=day("03-01"),
            journal_id=method.journal_id.id,
            **{"payment_method_line_id": method.id, **values},
        )

    def _give_transaction(self, payment, operation):
        """Say that a payment was made online, by the customer or by us."""
        methods = self.env["payment.method"].sudo().with_context(active_test=False)
        method = methods.search([], limit=1)
        provider = self.env["payment.provider"].sudo().search([], limit=1)
        payment.sudo().payment_transaction_id = (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": method.id,
                    "reference": f"tx {operation}",
                    "amount": payment.amount,
                    "currency_id": payment.currency_id.id,
                    "partner_id": self.customer.id,
                    "operation": operation,
                }
            )
        )

    def _use_direct_debit(self):
        """Give the bank journal a method that the scenario leaves alone."""
        method = self._create_direct_debit()
        journal = self.company_data["default_journal_bank"]
        return journal.inbound_payment_method_line_ids.filtered(
            lambda line: line.payment_method_id == method
        )[:1]

    def test_what_the_customer_paid_online_is_thanked_for(self):
        claim = self._create_claim(day("02-20"))
        self._give_transaction(self._register(claim), "online_redirect")
        self.assertFalse(self._get_failed(claim, day("03-09")))

    def test_what_we_charged_on_a_saved_card_is_not_thanked_for(self):
        """Unless the scenario says so."""
        claim = self._create_claim(day("02-20"))
        self._give_transaction(self._register(claim), "offline")
        self.assertEqual(self._get_failed(claim, day("03-09")), {"debited"})
        self.assertFalse(self._get_thanks(day("03-09")))
        self.scenario.is_debit_thanked = True
        self.assertTrue(self._get_thanks(day("03-09")))

    def test_what_we_debited_is_not_thanked_for(self):
        """A direct debit that only the bank's entry tells of: the invoice's method
        says whose doing it was."""
        claim = self._create_claim(day("02-20"))
        claim.move_id.preferred_payment_method_line_id = self._use_direct_debit()
        self._pay(claim, day("03-01"))
        self.assertEqual(self._get_failed(claim, day("03-09")), {"debited"})
        self.scenario.payment_methods = "all"
        self.assertFalse(self._get_failed(claim, day("03-09")))

    def test_transfer_after_a_failed_debit_is_thanked_for(self):
        """The debit came back, and the customer paid themselves."""
        claim = self._create_claim(day("02-20"))
        claim.move_id.preferred_payment_method_line_id = self._use_direct_debit()
        claim.sudo().dunning_collection_failed_date = day("02-25")
        self._pay(claim, day("03-01"))
        self.assertFalse(self._get_failed(claim, day("03-09")))
