from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..common import day
from .test_dispute import DisputeCommon


@tagged("post_install", "-at_install")
class TestDisputeStress(DisputeCommon):
    """The ledger moves while a dispute is open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_claim(day("02-20"), 100)
        cls.invoice = cls.claim.move_id
        cls.dispute = cls._dispute(cls.claim)

    def _split(self, *days):
        """Give the invoice other terms: equal instalments, so many days after it."""
        lines = [
            Command.create(
                {
                    "value": "percent",
                    "value_amount": 100 / len(days),
                    "nb_days": number,
                }
            )
            for number in days
        ]
        self.invoice.button_draft()
        self.invoice.invoice_payment_term_id = self.env["account.payment.term"].create(
            {"name": "Other terms", "line_ids": lines}
        )
        self.invoice.action_post()
        return self._get_claims(self.invoice)

    def test_paid_while_disputed(self):
        """The customer pays all the same: they are still to be answered, nothing is
        disputed in money any more."""
        self._pay(self.claim, day("03-05"))
        self.assertEqual((self.dispute.state, self.dispute.amount_open), ("new", 0))
        self.assertEqual(self.dispute.amount, 100)
        self._settle(self.dispute)
        self.assertEqual(self.dispute.state, "settled")

    def test_credited_in_part_while_disputed(self):
        """What was credited is no longer open; the rest stays held."""
        credit = self._create_credit_note(30, day("03-04"))
        (self.claim | credit).reconcile()
        self.assertEqual(self.dispute.amount_open, 70)
        self.assertNotDue(self.claim, "held", "net")

    def test_payment_on_a_partly_disputed_claim(self):
        """40 of 100 are disputed, the customer pays what they accept: nothing is
        asked for."""
        claim = self._create_claim(day("02-20"), 100)
        dispute = self._dispute(claim, amount=40)
        self._pay(claim, day("03-04"), amount=60)
        self.assertEqual(dispute.amount_open, 40)
        self.assertNotDue(claim, "held", "net")

    def test_split_while_disputed(self):
        """The invoice is split into two instalments: both are disputed."""
        first, second = self._split(0, 8)
        self.assertEqual(self.dispute.claim_ids.move_line_id, first | second)
        self.assertEqual(self.dispute.claim_ids.mapped("amount"), [50, 50])
        self.assertEqual(self.dispute.amount, 100)
        self.assertNotDue(second, "held", "net")

    def test_part_stays_disputed_when_the_invoice_is_split(self):
        """60 of 100 are disputed: all of one instalment, 10 of the other."""
        self._settle(self.dispute)
        claim = self._create_claim(day("02-20"), 100)
        self.invoice, dispute = claim.move_id, self._dispute(claim, amount=60)
        self._split(0, 8)
        self.assertEqual(sorted(dispute.claim_ids.mapped("amount")), [10, 50])

    def test_invoice_lowered_while_disputed(self):
        """The price was corrected to 70: no more than that is disputed."""
        self.invoice.button_draft()
        self.invoice.invoice_line_ids.price_unit = 70
        self.invoice.action_post()
        self.assertEqual(self.dispute.amount, 70)
        self.assertNotDue(self._get_claims(self.invoice), "held", "net")

    def test_reset_to_draft_and_posted_again(self):
        self.invoice.button_draft()
        self.assertEqual(self.dispute.state, "new")
        self.invoice.action_post()
        claim = self._get_claims(self.invoice)
        self.assertEqual(self.dispute.claim_ids.move_line_id, claim)
        self.assertNotDue(claim, "held", "net")

    def test_moved_to_another_customer(self):
        """Invoiced to the wrong company: the other one is not in dispute."""
        self.invoice.button_draft()
        self.invoice.partner_id = self._create_customer("Brun Frères")
        self.invoice.action_post()
        self.assertEqual(self.dispute.amount_open, 0)
        self.assertDue(self._get_claims(self.invoice))

    def test_rewritten_for_another_customer(self):
        """The invoice is entered anew for another company: it is posted, and the
        dispute stays with the one that raised it."""
        self.invoice.button_draft()
        self.invoice.invoice_line_ids.unlink()
        self.invoice.partner_id = self._create_customer("Brun Frères")
        self.invoice.invoice_line_ids = [
            self._prepare_invoice_line(price_unit=100.0, tax_ids=[])
        ]
        self.invoice.action_post()
        self.assertFalse(self.dispute.claim_ids.move_line_id)
        self.assertDue(self._get_claims(self.invoice))

    def test_two_disputes_capped_at_what_is_open(self):
        """80 and 80 of 100: 100 are held; 30 paid, 70 are."""
        other = self._create_claim(day("02-20"), 100)
        self._dispute(self.claim, amount=80)
        self._pay(self.claim, day("03-04"), amount=30)
        action = self.assertDue(other)
        self.assertEqual(action.amount_total, 100)

    def test_more_than_is_still_open(self):
        """30 of 100 are paid: 70 can be disputed, not 80."""
        claim = self._create_claim(day("02-20"), 100)
        self._pay(claim, day("03-04"), amount=30)
        with self.assertRaisesRegex(ValidationError, "at most .*70.00"):
            self._dispute(claim, amount=80)

    def test_settled_twice(self):
        self._settle(self.dispute)
        with self.assertRaisesRegex(UserError, "was settled on"):
            self.dispute.action_settle()

    def test_opened_again_twice(self):
        """The second press changes nothing: work has begun meanwhile."""
        self._settle(self.dispute)
        self.dispute.action_reopen()
        self.dispute.write({"outcome": "founded"})
        self.dispute.action_reopen()
        self.assertEqual(self.dispute.outcome, "founded")
        self.assertEqual(len(self.dispute.activity_ids), 1)

    def test_owner_archived_before(self):
        """A colleague who left gets no new dispute: the collector does."""
        self.paul.active = False
        dispute = self._dispute(self._create_claim(day("02-20")))
        self.assertEqual(dispute.owner_id, self.collector)

    def test_owner_archived_after(self):
        """Who leaves hands over: dispute and task go to the collector, with its day."""
        self.assertEqual(self.dispute.activity_ids.user_id, self.paul)
        self.paul.action_archive()
        self.assertEqual(self.dispute.owner_id, self.collector)
        self.assertEqual(self.dispute.activity_ids.user_id, self.collector)
        self.assertEqual(
            self.dispute.activity_ids.date_deadline, self.dispute.target_date
        )

    def test_everybody_has_left(self):
        """Neither owner nor collector is there: whoever notes it sees to it."""
        self.company.dunning_collector_id = False
        self.paul.active = False
        dispute = self._dispute(self._create_claim(day("02-20")), state="new")
        self.assertEqual(dispute.owner_id, self.collector)

    def test_promise_on_a_disputed_claim(self):
        """The customer pays what they accept: the rest stays in dispute."""
        claim = self._create_claim(day("02-20"), 100)
        other = self._create_claim(day("02-20"), 100)
        self._dispute(claim, amount=40)
        self._promise(60, day("03-12"), claim)
        action = self.assertDue(other)
        self.assertEqual(action.amount_total, 100)

    def test_promise_of_all_of_a_disputed_claim(self):
        """Promise and dispute together hold no more than the claim; when the dispute
        is settled the promise still holds it."""
        self._promise(100, day("03-12"), self.claim)
        other = self._create_claim(day("02-20"), 70)
        self._settle(self.dispute)
        action = self.assertDue(other)
        self.assertEqual(action.amount_total, 70)


@tagged("post_install", "-at_install")
class TestDisputesComeFirst(DisputeCommon):
    """S2-20: disputes are dealt with before all else, then broken promises."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = ("Quiet", "Promised", "Disputed")
        cls.customers = [cls._create_customer(name) for name in names]
        cls.quiet, cls.promised, cls.disputed = cls.customers
        for customer in cls.customers:
            cls._create_claim(day("02-20"), customer=customer)
        cls.actions = cls._plan()

    def _get_desk(self, *domain):
        Action = self.env["dunning.action"].with_user(self.collector)
        order = "first_reason desc, planned_date desc, id desc"
        found = Action.search([("id", "in", self.actions.ids), *domain], order=order)
        return found.partner_id.mapped("name")

    def _break_promise(self):
        claim = self._create_claim(day("02-10"), customer=self.promised)
        promise = self._promise(100, day("03-04"), claim, partner_id=self.promised.id)
        self._judge(day("03-08"))
        return promise

    def _raise_dispute(self):
        claim = self._create_claim(day("02-10"), customer=self.disputed)
        return self._dispute(claim, partner_id=self.disputed.id)

    def test_order_of_the_desk(self):
        self._break_promise()
        self._raise_dispute()
        names = ["Disputed", "Promised", "Quiet"]
        self.assertEqual(self._get_desk(), names)
        self.assertEqual(self._get_desk(("first_reason", "!=", False)), names[:2])
        reasons = {a.partner_id.name: a.first_reason for a in self.actions}
        self.assertEqual(
            reasons, {"Disputed": "dispute", "Promised": "promise", "Quiet": False}
        )

    def test_dealt_with_is_no_longer_first(self):
        self._break_promise().activity_ids.action_feedback()
        self._settle(self._raise_dispute())
        self.assertFalse(self._get_desk(("first_reason", "!=", False)))

    def test_done_actions_stay_in_their_place(self):
        """History is not reordered."""
        self._raise_dispute()
        self.actions._perform(self.TODAY, "2026-03-04 10:00:00")
        self.assertFalse(self._get_desk(("first_reason", "!=", False)))

    def test_dispute_in_another_company_does_not_count(self):
        dispute = self._raise_dispute()
        dispute.sudo().claim_ids.unlink()
        dispute.sudo().company_id = self.env["res.company"].create({"name": "Other"})
        self.assertFalse(self._get_desk(("first_reason", "=", "dispute")))
