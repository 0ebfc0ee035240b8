from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, new_test_user, tagged

from ..common import day
from .test_promise import PromiseCommon


class DisputeCommon(PromiseCommon):
    """Disputes about quality are settled by Paul of production within a week."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paul, cls.sarah = (
            new_test_user(
                cls.env,
                login=name.lower(),
                name=name,
                email=f"{name.lower()}@azur.example.com",
                groups="base.group_user",
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for name in ("Paul", "Sarah")
        )
        cls.customer.user_id = cls.sarah
        cls.reason = cls.env["dunning.dispute.reason"].create(
            {
                "name": "Quality",
                "nature": "production",
                "owner_id": cls.paul.id,
                "days_to_settle": 7,
            }
        )

    @classmethod
    def _dispute(cls, *claims, amount=None, **values):
        """Open a dispute as the collector, about all of the claims or a part."""
        part = {"amount": amount} if amount else {}
        return (
            cls.env["dunning.dispute"]
            .with_user(cls.collector)
            .create(
                {
                    "partner_id": cls.customer.id,
                    "reason_id": cls.reason.id,
                    "claim_ids": [
                        Command.create({"move_line_id": claim.id, **part})
                        for claim in claims
                    ],
                    **values,
                }
            )
        )

    def _settle(self, dispute, **values):
        dispute.write({"outcome": "unfounded", "resolution": "explanation", **values})
        dispute.action_settle()


@tagged("post_install", "-at_install")
class TestDispute(DisputeCommon):
    """More than half of late payments come from disputes (S2-05)."""

    def test_disputed_claim_is_left_in_peace(self):
        """S0-06: no reminder about what is disputed, until it is settled."""
        claim = self._create_claim(day("02-20"))
        dispute = self._dispute(claim)
        self.assertNotDue(claim, "held", "net", on=day("05-01"))
        self._settle(dispute)
        self.assertDue(claim, on=day("05-01"))

    def test_rest_of_the_claim_goes_on(self):
        claim = self._create_claim(day("02-20"), 100)
        self._dispute(claim, amount=30)
        action = self.assertDue(claim)
        self.assertEqual(action.line_ids.amount_chased, 70)

    def test_two_disputes_on_one_claim_add_up(self):
        claim = self._create_claim(day("02-20"), 100)
        self._dispute(claim, amount=30)
        self._dispute(claim, amount=20)
        action = self.assertDue(claim)
        self.assertEqual(action.line_ids.amount_chased, 50)

    def test_two_disputes_hold_no_more_than_the_claim(self):
        claim = self._create_claim(day("02-20"), 100)
        other = self._create_claim(day("02-20"), 100)
        self._dispute(claim, amount=80)
        self._dispute(claim, amount=80)
        action = self.assertDue(other)
        self.assertEqual(action.amount_total, 100)

    def test_scenario_holds_the_whole_claim(self):
        self.scenario.dispute_hold = "claim"
        claim = self._create_claim(day("02-20"), 100)
        self._dispute(claim, amount=30)
        self.assertNotDue(claim, "held", "net")

    def test_scenario_holds_everything_of_the_customer(self):
        self.scenario.dispute_hold = "customer"
        claim = self._create_claim(day("02-20"), 100)
        other = self._create_claim(day("02-20"), 100)
        self._dispute(claim, amount=30)
        self.assertNotDue(other, "held", "net")

    def test_what_waits_is_taken_back_at_once(self):
        claim = self._create_claim(day("02-20"))
        action = self._plan()
        self._dispute(claim)
        self.assertEqual(action.state, "cancelled")

    def test_what_is_held_with_it_is_taken_back_at_once(self):
        """First only a part is disputed, then everything of the customer waits."""
        claim = self._create_claim(day("02-20"), 100)
        other = self._create_claim(day("02-20"), 100)
        action = self._plan()
        dispute = self._dispute(claim, amount=30)
        self.assertNotEqual(action.state, "cancelled")
        dispute.with_user(self.paul).hold = "customer"
        self.assertEqual(action.state, "cancelled")
        self.assertEqual(action.line_ids.move_line_id, claim | other)

    def test_settled_claim_goes_on_where_it_stood(self):
        claim = self._create_claim(day("02-20"))
        self._play(day("03-04"))
        self._settle(self._dispute(claim))
        self.assertEqual(self._get_next(claim)[0], "reminder_2")

    def test_settled_claim_starts_afresh_where_the_scenario_says_so(self):
        self.scenario.after_dispute = "restart"
        claim = self._create_claim(day("02-20"))
        self._play(day("03-04"))
        self._settle(self._dispute(claim))
        self.assertEqual(self._get_next(claim)[0], "reminder_1")

    def test_salesperson_and_other_departments_are_told(self):
        """S2-29, S2-30: several departments have a part, the salesperson always."""
        self.reason.participant_ids = self.env.user
        dispute = self._dispute(self._create_claim(day("02-20")))
        followers = dispute.message_partner_ids
        for user in (self.paul, self.sarah, self.env.user):
            self.assertIn(user.partner_id, followers)

    def test_owner_has_a_task_with_its_day(self):
        """S2-23, S2-25: somebody answers, within a delay."""
        dispute = self._dispute(self._create_claim(day("02-20")))
        self.assertEqual(dispute.activity_ids.user_id, self.paul)
        self.assertEqual(dispute.activity_ids.date_deadline, day("03-11"))

    def test_target_is_before_the_due_date_when_known_before(self):
        """S2-22: the problem is solved when the due date comes."""
        dispute = self._dispute(self._create_claim(day("03-07")))
        self.assertEqual(dispute.target_date, day("03-07"))

    def test_those_concerned_see_it_and_no_others(self):
        dispute = self._dispute(self._create_claim(day("02-20")))
        for user in (self.paul, self.sarah):
            self.assertTrue(dispute.with_user(user).has_access("read"))
        stranger = new_test_user(
            self.env,
            login="victor",
            groups="base.group_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.assertFalse(dispute.with_user(stranger).has_access("read"))

    def test_credit_note_made_from_the_dispute(self):
        claim = self._create_claim(day("02-20"))
        dispute = self._dispute(claim)
        action = dispute.action_credit()
        wizard = (
            self.env["account.move.reversal"]
            .with_context(**action["context"])
            .create({"journal_id": claim.move_id.journal_id.id, "date": self.TODAY})
        )
        wizard.refund_moves()
        self.assertEqual(dispute.credit_note_ids.reversed_entry_id, claim.move_id)
        # Not asked for what is granted: the credit note counts once it is posted.
        with self.assertRaisesRegex(UserError, "still a draft"):
            self._settle(dispute, outcome="founded", resolution="credit_note")
        dispute.credit_note_ids.action_post()
        self._settle(dispute)
        self.assertEqual(dispute.state, "settled")

    def test_dispute_is_the_outcome_of_the_call(self):
        """S2-18: the questions of the call identify the dispute."""
        claim = self._create_claim(day("02-20"))
        call = self._play(day("03-04"))
        self._dispute(claim, action_id=call.id)
        self.assertEqual((call.outcome, call.outcome_date), ("dispute", self.TODAY))

    def test_time_to_settle(self):
        dispute = self._dispute(self._create_claim(day("02-20")))
        with freeze_time("2026-03-10 10:00:00"):
            self._settle(dispute)
        self.assertEqual(dispute.days_to_settle, 6)


@tagged("post_install", "-at_install")
class TestDisputeRefused(DisputeCommon):
    """What makes no sense is refused, with what to do instead."""

    def test_settled_twice(self):
        dispute = self._dispute(self._create_claim(day("02-20")))
        self._settle(dispute)
        with self.assertRaisesRegex(UserError, "was settled on"):
            dispute.action_settle()

    def test_settled_without_outcome(self):
        dispute = self._dispute(self._create_claim(day("02-20")))
        with self.assertRaisesRegex(ValidationError, "Enter the outcome"):
            dispute.action_settle()

    def test_more_than_the_invoice(self):
        with self.assertRaisesRegex(ValidationError, "at most"):
            self._dispute(self._create_claim(day("02-20"), 100), amount=120)

    def test_paid_claim(self):
        claim = self._create_claim(day("02-20"), 100)
        self._pay(claim, day("03-02"))
        with self.assertRaisesRegex(ValidationError, "already paid"):
            self._dispute(claim)

    def test_claim_of_another_customer(self):
        other = self._create_customer("Brun Frères")
        with self.assertRaisesRegex(ValidationError, "not owed by"):
            self._dispute(self._create_claim(day("02-20"), customer=other))
