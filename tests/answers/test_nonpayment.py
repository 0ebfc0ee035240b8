from datetime import datetime
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, new_test_user, tagged

from ..common import day
from .test_dispute import DisputeCommon


class NonpaymentCommon(DisputeCommon):
    """Camille asks on the telephone why invoices are not paid."""

    @classmethod
    def _note(cls, claims, reason, **values):
        """Note a reason as the collector."""
        reasons = cls.env["dunning.nonpayment"].with_user(cls.collector)
        return reasons._note(claims.with_user(cls.collector), reason, values)

    def _rewrite(self, invoice):
        """Enter an invoice of 100 anew; return its claim, another journal item."""
        invoice.button_draft()
        invoice.invoice_line_ids.unlink()
        invoice.invoice_line_ids = [
            self._prepare_invoice_line(price_unit=100.0, tax_ids=[])
        ]
        invoice.action_post()
        return self._get_claims(invoice)

    def _get_task(self, move, name):
        """Return the open task of a type on an entry."""
        xmlid = f"account_dunning_scenario.mail_activity_type_{name}"
        return move.activity_search([xmlid])


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
        rewritten = self._rewrite(claim.move_id)
        self.assertEqual(noted.move_line_id, rewritten)

    def test_paid_claim_needs_no_reason(self):
        claim = self._create_claim(day("02-20"))
        self._pay(claim, day("03-02"))
        with self.assertRaisesRegex(UserError, "Nothing is open on"):
            self._note(claim, "forgotten")

    def test_salesperson_sees_own_customers_only(self):
        noted = self._note(self._create_claim(day("02-20")), "forgotten")
        access = [
            noted.with_user(user).has_access("read") for user in (self.sarah, self.paul)
        ]
        self.assertEqual(access, [True, False])
        self.assertFalse(noted.with_user(self.sarah).has_access("write"))

    def test_reasons_of_another_company_are_not_seen(self):
        noted = self._note(self._create_claim(day("02-20")), "forgotten")
        other = self.setup_other_company(name="Elsewhere")["company"]
        stranger = new_test_user(
            self.env,
            login="otto",
            groups="account_dunning_scenario.dunning_group_collector",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(noted.with_user(stranger).has_access("read"))


@tagged("post_install", "-at_install")
class TestPaidAlready(NonpaymentCommon):
    """The customer says that the invoice is paid: on which day, how?"""

    def test_day_of_payment_is_asked_for(self):
        with self.assertRaisesRegex(ValidationError, "Ask on which day"):
            self._note(self._create_claim(day("02-20")), "paid")

    def test_day_of_payment_has_not_come(self):
        with self.assertRaisesRegex(ValidationError, "is in the future"):
            claim = self._create_claim(day("02-20"))
            self._note(claim, "paid", paid_date=day("03-05"))

    def test_paid_before_it_was_invoiced(self):
        claim = self._create_claim(day("02-20"))  # invoiced on 21 January
        with self.assertRaisesRegex(ValidationError, "cannot have been paid on"):
            self._note(claim, "paid", paid_date=day("01-20"))

    def test_no_reminder_while_the_payment_is_looked_for(self):
        """S0-06: no contradictory message for the five days that the company leaves."""
        claim = self._create_claim(day("02-20"))
        self._note(claim, "paid", paid_date=day("03-02"))
        self.assertNotDue(claim, "held", "net", on=day("03-08"))
        self.assertDue(claim, on=day("03-09"))

    def test_company_may_leave_no_time(self):
        self.company.dunning_paid_hold_days = 0
        claim = self._create_claim(day("02-20"))
        self._note(claim, "paid", paid_date=day("03-02"))
        self.assertDue(claim)

    def test_explanation_names_what_holds(self):
        claim = self._create_claim(day("02-20"))
        self._note(claim, "paid", paid_date=day("03-02"))
        (answer,) = self.planner._explain(claim, self.TODAY)
        summary = self.planner._get_summary(answer)
        self.assertEqual(summary, "Held: paid according to the customer")

    def test_what_waits_is_taken_back_at_once(self):
        claim = self._create_claim(day("02-20"))
        action = self._plan()
        self._note(claim, "paid", paid_date=day("03-02"))
        self.assertEqual(action.state, "cancelled")

    def test_somebody_is_asked_to_match_the_payment(self):
        claim = self._create_claim(day("02-20"))
        self._note(claim, "paid", paid_date=day("03-02"), payment_reference="VIR 88")
        task = self._get_task(claim.move_id, "match_payment")
        self.assertEqual(task.user_id, self.collector)
        self.assertIn("VIR 88", task.note)

    def test_the_customers_own_collector_is_asked(self):
        self.customer.dunning_collector_id = self.sarah
        claim = self._create_claim(day("02-20"))
        self._note(claim, "paid", paid_date=day("03-02"))
        self.assertEqual(
            self._get_task(claim.move_id, "match_payment").user_id, self.sarah
        )

    def test_task_is_done_by_the_reconciliation(self):
        claim = self._create_claim(day("02-20"))
        self._note(claim, "paid", paid_date=day("03-02"))
        self._pay(claim, day("03-02"))
        self.assertFalse(self._get_task(claim.move_id, "match_payment"))

    def test_task_stays_while_a_part_is_open(self):
        claim = self._create_claim(day("02-20"), 100)
        self._note(claim, "paid", paid_date=day("03-02"))
        self._pay(claim, day("03-02"), amount=60)
        self.assertEqual(len(self._get_task(claim.move_id, "match_payment")), 1)

    def test_asked_again_the_task_is_brought_up_to_date(self):
        """Both instalments, then a better reference: one task, with the last word."""
        first, second = self._create_instalments(day("01-01"), 30, 45)
        self._note(first, "paid", paid_date=day("03-02"), payment_reference="VIR 88")
        self._note(second, "paid", paid_date=day("03-03"), payment_reference="VIR 99")
        task = self._get_task(first.move_id, "match_payment")
        self.assertEqual(len(task), 1)
        self.assertIn("VIR 99", task.note)

    def test_claim_of_another_customer_is_not_held(self):
        claim = self._create_claim(day("02-20"))
        self._note(claim, "paid", paid_date=day("03-02"))
        invoice = claim.move_id
        invoice.button_draft()
        invoice.partner_id = self._create_customer("Brun Frères")
        invoice.action_post()
        self.assertDue(self._get_claims(invoice))


@tagged("post_install", "-at_install")
class TestInvoiceNotReceived(NonpaymentCommon):
    """ "Did you receive the invoice?" – "No": it is sent again at once (S2-15)."""

    def _note_missing(self, claims, **values):
        with self.mock_mail_gateway():
            return self._note(claims, "not_received", **values)

    def test_invoice_is_sent_again_at_once(self):
        claim = self._create_claim(day("02-20"))
        noted = self._note_missing(claim)
        mail = self._new_mails
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertIn(
            claim.move_id._get_invoice_report_filename(),
            mail.attachment_ids.mapped("name"),
        )
        self.assertEqual(noted.resent_date, self.TODAY)

    def test_it_goes_to_whom_messages_go(self):
        """An invoice contact is there; the address of the company sends mails back."""
        accounts = self._create_customer(
            "Accounts", parent_id=self.customer.id, is_company=False, type="invoice"
        )
        self._note_missing(self._create_claim(day("02-20")))
        self.assertEqual(self._new_mails.recipient_ids, accounts)

    def test_it_is_told_in_both_chatters(self):
        claim = self._create_claim(day("02-20"))
        self._note_missing(claim)
        for record in (claim.move_id, self.customer):
            self.assertIn("Sent again to azur@example.com", record.message_ids[0].body)

    def test_film_counts_from_there(self):
        """The first reminder was played; the invoice is sent again on 4 March: the
        first reminder comes eight days later, although the claim stays overdue."""
        claim = self._create_claim(day("02-10"))
        self._play(day("02-20"))
        self._note_missing(claim)
        self.assertEqual(self._get_next(claim), ("reminder_1", day("03-12")))
        self.assertNotDue(claim, "trigger", on=day("03-11"))
        self.assertDue(claim, on=day("03-12"))

    def test_film_goes_on_from_there(self):
        claim = self._create_claim(day("02-20"))
        self._note_missing(claim)
        self._play(day("03-12"))
        self.assertEqual(self._get_next(claim), ("reminder_2", day("03-20")))

    def test_later_due_date_remains(self):
        """Sent again before it is due: the notice and the due date do not move."""
        claim = self._create_claim(day("03-20"))
        self._note_missing(claim)
        self.assertEqual(self._get_next(claim), ("notice", day("03-12")))

    def test_invoice_date_counts_from_there_too(self):
        steps = self._step("first", anchor="invoice_date", delay=40)
        self.customer.dunning_scenario_id = self._create_scenario(steps)
        claim = self._create_claim(day("02-20"))  # invoiced on 21 January
        self._note_missing(claim)
        self.assertEqual(self._get_next(claim), ("first", day("04-13")))

    def test_explanation_says_so(self):
        claim = self._create_claim(day("02-20"))
        self._note_missing(claim)
        (answer,) = self.planner._explain(claim, self.TODAY)
        self.assertEqual(
            self.planner._get_summary(answer),
            "The step is due on 03/12/2026, "
            "counted from 03/04/2026: the invoice was sent again",
        )

    def test_what_waits_is_taken_back_at_once(self):
        claim = self._create_claim(day("02-20"))
        action = self._plan()
        self._note_missing(claim)
        self.assertEqual(action.state, "cancelled")
        self.assertIn("afresh", action.line_ids.reason)

    def test_call_in_which_it_was_said_took_place(self):
        claim = self._create_claim(day("02-20"))
        call = self._plan()
        call.action_confirm()
        call._deliver(datetime(2026, 3, 4, 12))
        self._note_missing(claim, action_id=call.id)
        self.assertEqual(call.state, "done")
        self.assertEqual(self._get_next(claim), ("reminder_1", day("03-12")))

    def test_instalments_of_one_invoice_are_one_mail(self):
        claims = self._create_instalments(day("01-01"), 30, 45)
        self._note_missing(claims)
        self.assertEqual(len(self._new_mails), 1)

    def test_without_address_the_collector_sends_it(self):
        self.customer.email = False
        claim = self._create_claim(day("02-20"))
        noted = self._note_missing(claim)
        task = self._get_task(claim.move_id, "send_invoice")
        self.assertEqual(task.user_id, self.collector)
        self.assertFalse(self._new_mails)
        with freeze_time("2026-03-06 10:00:00"):
            task.with_user(self.collector).action_done()
        self.assertEqual(noted.resent_date, day("03-06"))
        self.assertEqual(self._get_next(claim), ("reminder_1", day("03-14")))

    def test_document_that_cannot_be_made(self):
        """The platform of electronic invoices refuses it: the reason is kept all the
        same, the collector is asked to send it."""
        claim = self._create_claim(day("02-20"))
        with patch.object(
            type(self.env["account.move.send"]),
            "_generate_and_send_invoices",
            side_effect=UserError("The platform does not answer."),
        ):
            noted = self._note_missing(claim)
        self.assertFalse(noted.resent_date)
        self.assertEqual(len(self._get_task(claim.move_id, "send_invoice")), 1)

    def test_opening_balance_has_no_invoice_to_send(self):
        claim = self._create_entry(100, day("02-20"), no_followup=False)
        self._note_missing(claim)
        self.assertEqual(len(self._get_task(claim.move_id, "send_invoice")), 1)

    def test_it_survives_the_editing_of_the_invoice(self):
        claim = self._create_claim(day("02-20"))
        self._note_missing(claim)
        self._play(day("03-12"))
        rewritten = self._rewrite(claim.move_id)
        self.assertNotEqual(rewritten, claim)
        self.assertEqual(self._get_next(rewritten), ("reminder_2", day("03-20")))


@tagged("post_install", "-at_install")
class TestDisputeAsReason(NonpaymentCommon):
    """A dispute is a reason for not paying, kept and counted with the others."""

    def _get_reasons(self, claim):
        return self.env["dunning.nonpayment"].search([("move_line_id", "=", claim.id)])

    def test_dispute_notes_the_reason(self):
        claim = self._create_claim(day("02-20"))
        self._dispute(claim, description="The paint peels off")
        reason = self._get_reasons(claim)
        self.assertEqual(reason.mapped("reason"), ["dispute"])
        self.assertEqual(reason.note, "The paint peels off")
        self.assertEqual(reason.user_id, self.collector)

    def test_noted_once_whoever_comes_first(self):
        claims = self._create_claim(day("01-20")) + self._create_claim(day("02-20"))
        self._note(claims[0], "dispute")
        self._dispute(*claims)
        noted = self._note(claims, "dispute")
        self.assertEqual(self._get_reasons(claims[0]) + noted[1], noted)

    def test_part_of_an_invoice(self):
        """30 of 100 are disputed: no more is counted as unpaid for that reason."""
        claim = self._create_claim(day("02-20"), 100)
        self._dispute(claim, amount=30)
        self.assertEqual(self._get_reasons(claim).amount, 30)

    def test_noted_again_when_disputed_again(self):
        claim = self._create_claim(day("02-20"))
        self._settle(self._dispute(claim))
        with freeze_time("2026-03-10 10:00:00"):
            self._dispute(claim)
        self.assertEqual(len(self._get_reasons(claim)), 2)
