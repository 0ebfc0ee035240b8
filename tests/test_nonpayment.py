from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import day
from .test_promise import PromiseCommon


class NonpaymentCommon(PromiseCommon):
    """Camille asks on the telephone why invoices are not paid."""

    @classmethod
    def _note(cls, claims, reason, **values):
        """Note a reason as the collector."""
        reasons = cls.env["dunning.nonpayment"].with_user(cls.collector)
        return reasons._note(claims.with_user(cls.collector), reason, values)


@tagged("post_install", "-at_install")
class TestNonpayment(NonpaymentCommon):
    """Each call identifies a reason for not paying (S0-26)."""

    def test_temporary_difficulty_is_kept_per_claim(self):
        """S1-28: the customer tells of a passing difficulty, about two invoices."""
        claims = self._create_claim(day("01-20"), 80)
        claims += self._create_claim(day("02-20"), 100)
        noted = self._note(claims, "difficulty", note="A large customer of theirs")
        self.assertEqual(noted.move_line_id, claims)
        self.assertEqual(noted.mapped("amount"), [80, 100])
        self.assertEqual(noted.user_id, self.collector)
        self.assertEqual(set(noted.mapped("noted_date")), {self.TODAY})

    def test_reason_is_told_where_people_look(self):
        claim = self._create_claim(day("02-20"))
        self._note(claim, "approval", note="Mrs Martin has to sign")
        for record in (claim.move_id, self.customer):
            self.assertIn("waiting for approval", record.message_ids[0].body)
            self.assertIn("Mrs Martin has to sign", record.message_ids[0].body)

    def test_reason_alone_holds_nothing(self):
        claim = self._create_claim(day("02-20"))
        self._note(claim, "forgotten")
        self.assertDue(claim)

    def test_reason_is_the_outcome_of_the_call(self):
        self._create_claim(day("02-20"))
        call = self._play(day("03-04"))
        self._note(call.line_ids.move_line_id, "forgotten", action_id=call.id)
        self.assertEqual((call.outcome, call.outcome_date), ("reply", self.TODAY))

    def test_promise_says_more_than_a_reason(self):
        claim = self._create_claim(day("02-20"))
        call = self._play(day("03-04"))
        self._promise(100, day("03-12"), claim, action_id=call.id)
        self._note(claim, "difficulty", action_id=call.id)
        self.assertEqual(call.outcome, "promise")

    def test_reason_outlives_the_editing_of_the_invoice(self):
        claim = self._create_claim(day("02-20"))
        noted = self._note(claim, "approval")
        invoice = claim.move_id
        invoice.button_draft()
        invoice.invoice_line_ids.unlink()
        invoice.invoice_line_ids = [
            self._prepare_invoice_line(price_unit=100.0, tax_ids=[])
        ]
        invoice.action_post()
        self.assertEqual(noted.move_line_id, self._get_claims(invoice))

    def test_paid_claim_needs_no_reason(self):
        claim = self._create_claim(day("02-20"))
        self._pay(claim, day("03-02"))
        with self.assertRaisesRegex(UserError, "Nothing is open on"):
            self._note(claim, "forgotten")

    def test_salesperson_sees_own_customers_only(self):
        noted = self._note(self._create_claim(day("02-20")), "forgotten")
        users = [self._create_user(name) for name in ("sarah", "victor")]
        self.customer.user_id = users[0]
        access = [noted.with_user(user).has_access("read") for user in users]
        self.assertEqual(access, [True, False])
        self.assertFalse(noted.with_user(users[0]).has_access("write"))

    def test_reasons_of_another_company_are_not_seen(self):
        noted = self._note(self._create_claim(day("02-20")), "forgotten")
        other = self.setup_other_company(name="Elsewhere")["company"]
        stranger = self._create_user(
            "otto",
            groups="account_dunning_scenario.dunning_group_collector",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(noted.with_user(stranger).has_access("read"))

    def _create_user(self, login, groups="base.group_user", **values):
        company = {
            "company_id": self.company.id,
            "company_ids": [Command.set(self.company.ids)],
        }
        return new_test_user(self.env, login, groups, **{**company, **values})


@tagged("post_install", "-at_install")
class TestPaidAlready(NonpaymentCommon):
    """The customer says that the invoice is paid: on which day, how?"""

    def test_day_of_payment_is_asked_for(self):
        with self.assertRaisesRegex(ValidationError, "Ask on which day"):
            self._note(self._create_claim(day("02-20")), "paid")

    def test_day_of_payment_has_not_come(self):
        with self.assertRaisesRegex(ValidationError, "has not come yet"):
            claim = self._create_claim(day("02-20"))
            self._note(claim, "paid", paid_date=day("03-05"))

    def test_paid_before_it_was_invoiced(self):
        claim = self._create_claim(day("02-20"))  # invoiced on 21 January
        with self.assertRaisesRegex(ValidationError, "cannot be paid since"):
            self._note(claim, "paid", paid_date=day("01-20"))
