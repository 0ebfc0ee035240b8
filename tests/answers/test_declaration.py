from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ...models.answers.declaration.declaration_error import DeclarationError
from ..common import day
from .declaration_common import DeclarationCommon


@tagged("post_install", "-at_install")
class TestDeclarationHold(DeclarationCommon):
    """What is declared holds its claims at once, and for five days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_claim(day("02-20"), 100)

    def test_declared_claim_waits_until_its_last_day(self):
        """Declared on the 4th, held until the 8th; on the 9th the film goes on."""
        self._report_paid(self.claim)
        self.assertNotDue(self.claim, "held", "net", on=day("03-08"))
        self.assertDue(self.claim, on=day("03-09"))

    def test_waiting_action_is_withdrawn_at_once(self):
        action = self._plan()
        self._report_paid(self.claim)
        self.assertEqual(action.state, "cancelled")

    def test_problem_holds_its_amount_only(self):
        self._object(self.claim, amounts={self.claim: 30})
        action = self.assertDue(self.claim)
        self.assertEqual(action.line_ids.amount_chased, 70)
        self.assertIn("are checking it", action.history_text)

    def test_problem_holds_the_whole_claim_without_an_amount(self):
        self._object(self.claim)
        self.assertNotDue(self.claim, "held", "net")

    def test_explanation_names_the_declaration(self):
        self._report_paid(self.claim)
        (answer,) = self.planner._explain(self.claim, self.TODAY)
        self.assertEqual(answer["held_by"], "declaration of the customer")

    def test_company_sets_the_days(self):
        self.company.dunning_declaration_days = 2
        self._report_paid(self.claim)
        self.assertNotDue(self.claim, "held", "net", on=day("03-05"))
        self.assertDue(self.claim, on=day("03-06"))

    def test_four_in_a_row_hold_no_longer_than_one(self):
        """Each replaces the one before; the hold ends five days after the first."""
        for on in ("03-04", "03-05", "03-06", "03-07"):
            last = self._report_paid(self.claim, on=day(on))
        self.assertEqual(last.line_ids.held_until, day("03-08"))
        self.assertEqual(
            self.declarations.search([]).mapped("state"),
            ["new", "replaced", "replaced", "replaced"],
        )
        self.assertDue(self.claim, on=day("03-09"))

    def test_other_kind_gains_no_time(self):
        """A promise after *paid*, a problem after the promise: still five days."""
        self._report_paid(self.claim)
        self._announce(100, day("03-12"), self.claim, on=day("03-06"))
        self._object(self.claim, on=day("03-07"))
        self.assertDue(self.claim, on=day("03-09"))

    def test_expired_one_is_not_repeated(self):
        """Nobody decided; the same again two weeks later holds nothing."""
        self._report_paid(self.claim)
        self._plan(day("03-09"))
        self._report_paid(self.claim, on=day("03-20"))
        self.assertNotIn("held", self._get_failed(self.claim, on=day("03-20")))

    def test_refused_one_is_not_repeated(self):
        self._refuse(self._report_paid(self.claim))
        self._report_paid(self.claim, on=day("03-05"))
        self.assertNotIn("held", self._get_failed(self.claim, on=day("03-05")))

    def test_accepted_one_starts_a_new_row(self):
        """A person believed the customer: the next word counts anew."""
        self._decide(self._report_paid(self.claim))
        later = self._report_paid(self.claim, on=day("03-20"))
        self.assertEqual(later.line_ids.held_until, day("03-24"))

    def test_claim_of_another_customer_is_not_held(self):
        """The invoice moves to another customer meanwhile."""
        declared = self._report_paid(self.claim)
        other = self._create_customer("Brise")
        self.claim.move_id.button_draft()
        self.claim.move_id.partner_id = other
        self.claim.move_id.action_post()
        claim = self._get_claims(self.claim.move_id)
        self.assertNotIn("held", self._get_failed(claim))
        self._plan()
        self.assertEqual(declared.state, "settled")


@tagged("post_install", "-at_install")
class TestDeclarationReplaced(DeclarationCommon):
    """Per claim at most one new declaration about its payment, and one about a
    problem."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_claim(day("02-10"), 100)
        cls.second = cls._create_claim(day("02-20"), 200)

    def test_later_word_replaces_the_earlier(self):
        first = self._report_paid(self.claim)
        second = self._announce(100, day("03-12"), self.claim)
        self.assertEqual((first.state, first.replaced_by_id), ("replaced", second))

    def test_rest_of_an_earlier_one_remains(self):
        """Paid: both. No, the second one will be paid on the 12th."""
        first = self._report_paid(self.claim, self.second)
        self._announce(200, day("03-12"), self.second)
        self.assertEqual(first.state, "new")
        self.assertEqual(first.claim_ids.move_line_id, self.claim)
        self.assertEqual(first.amount, 100)

    def test_promise_for_the_rest_beside_a_problem(self):
        """The dispute takes its amount first, the payment the rest."""
        problem = self._object(self.claim, amounts={self.claim: 30})
        promise = self._announce(70, day("03-12"), self.claim)
        self.assertEqual((problem.state, promise.state), ("new", "new"))
        with self.assertRaisesRegex(DeclarationError, "70.00 is open") as refusal:
            self._announce(100, day("03-12"), self.claim)
        self.assertEqual(refusal.exception.field, "terms")

    def test_later_problem_reduces_the_announced_payment(self):
        promise = self._announce(100, day("03-12"), self.claim)
        self._object(self.claim, amounts={self.claim: 30})
        self.assertEqual((promise.state, promise.amount), ("new", 70))
        self._decide(promise)
        self.assertEqual(promise.promise_ids.amount, 70)

    def test_problem_with_all_of_it_replaces_the_payment(self):
        promise = self._announce(100, day("03-12"), self.claim)
        problem = self._object(self.claim)
        self.assertEqual((promise.state, promise.replaced_by_id), ("replaced", problem))

    def test_question_leaves_a_problem_alone(self):
        problem = self._object(self.claim)
        question = self._declare("question", text="Who is my contact?")
        self.assertEqual((problem.state, question.state), ("new", "new"))
        self.assertFalse(question.line_ids)

    def test_form_sent_twice_counts_once(self):
        first = self._report_paid(self.claim, token="f00")
        again = self._report_paid(self.claim, token="f00")
        self.assertEqual(first, again)

    def test_database_refuses_two_new_ones(self):
        """Two visitors at the very same moment: neither sees the other's word yet."""
        declared = self._report_paid(self.claim)
        other = self._announce(200, day("03-12"), self.second)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            other.line_ids.copy({"declaration_id": declared.id}).flush_recordset()

    def test_two_tabs_with_two_forms(self):
        """The second tab still shows the list from before: the later word counts."""
        first = self._report_paid(self.claim, token="tab 1")
        second = self._announce(100, day("03-12"), self.claim, token="tab 2")
        self.assertEqual((first.state, second.state), ("replaced", "new"))


@tagged("post_install", "-at_install")
class TestDeclarationExpiry(DeclarationCommon):
    """Undecided at its end: expired, a task, and the film goes on and says so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_claim(day("02-20"), 100)

    def test_collector_is_reminded_the_day_before(self):
        declared = self._report_paid(self.claim)
        self._plan(day("03-06"))
        self.assertFalse(declared.activity_ids)
        self._plan(day("03-07"))
        (task,) = declared.activity_ids
        self.assertEqual(task.user_id, self.collector)
        self.assertEqual(task.date_deadline, day("03-08"))
        self._plan(day("03-08"))
        self.assertEqual(declared.activity_ids, task)

    def test_nobody_decided(self):
        declared = self._report_paid(self.claim)
        self._plan(day("03-08"))
        self.assertEqual(declared.state, "new")
        action = self.assertDue(self.claim, on=day("03-09"))
        self.assertEqual(declared.state, "expired")
        (task,) = declared.activity_ids
        self.assertIn("Expired without a decision", task.summary)
        self.assertIn("we have not found this payment yet", action.history_text)

    def test_decision_ends_the_task(self):
        declared = self._report_paid(self.claim)
        self._plan(day("03-09"))
        self._decide(declared, on=day("03-09"))
        self.assertEqual(declared.state, "accepted")
        self.assertFalse(declared.activity_ids)

    def test_many_cost_no_more_than_one(self):
        """Expiry and reminders take as many statements for five customers as for
        one."""

        def expire(count, on):
            for number in range(count):
                customer = self._create_customer(f"Customer {on} {number}")
                owed = self._create_claim(day("02-20"), 100, customer)
                self._object(owed, customer=customer, on=on)
            due = on + timedelta(days=5)
            return self._count_queries(
                lambda: self.declarations._expire_due(self.company, due)
            )

        expire(1, day("03-04"))  # what is read once
        one, five = expire(1, day("03-14")), expire(5, day("03-24"))
        self.assertEqual(five, one)

    def test_question_does_not_expire(self):
        question = self._declare("question", text="Which account?")
        self._plan(day("04-20"))
        self.assertEqual(question.state, "new")

    def test_night_in_auckland(self):
        """Planned at 12:30 UTC, when it is already the next day there: expired by the
        day of the company, not of the server."""
        self.company.partner_id.tz = "Pacific/Auckland"
        with freeze_time("2026-03-04 12:30:00"):
            declared = self.declarations._declare(
                self.env["dunning.delivery"],
                "paid",
                {
                    "company": self.company,
                    "customer": self.customer,
                    "items": self.claim,
                    "paid_date": day("03-02"),
                },
            )
        self.assertEqual(declared.declared_date, day("03-05"))
        with freeze_time("2026-03-09 10:30:00"):
            self._plan(self.company._dunning_today())
        self.assertEqual(declared.state, "new")
        with freeze_time("2026-03-09 12:30:00"):
            self._plan(self.company._dunning_today())
        self.assertEqual(declared.state, "expired")


@tagged("post_install", "-at_install")
class TestDeclarationSettled(DeclarationCommon):
    """A claim of which nothing is open leaves the declaration."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_claim(day("02-20"), 100)
        cls.second = cls._create_claim(day("02-21"), 50)

    def test_money_came(self):
        """Neither accepted nor refused: it is simply settled."""
        declared = self._report_paid(self.claim)
        self._pay(self.claim, day("03-05"))
        self.assertEqual(declared.state, "settled")
        self.assertFalse(declared.user_id)
        with self.assertRaisesRegex(UserError, "is settled already"):
            self._decide(declared)

    def test_one_of_two_was_paid(self):
        declared = self._report_paid(self.claim, self.second)
        self._pay(self.claim, day("03-05"))
        self.assertEqual((declared.state, declared.amount), ("new", 50))
        self._decide(declared)
        self.assertEqual(declared.nonpayment_ids.move_line_id, self.second)

    def test_invoice_was_credited(self):
        declared = self._object(self.claim)
        credit = self._create_credit_note(100, day("03-05"))
        (self.claim | credit).reconcile()
        self.assertEqual(declared.state, "settled")

    def test_invoice_is_being_edited(self):
        """Reset to draft: it waits, cannot be accepted, and follows the new item."""
        declared = self._report_paid(self.claim)
        invoice = self.claim.move_id
        invoice.button_draft()
        self._plan()
        self.assertEqual(declared.state, "new")
        with self.assertRaisesRegex(UserError, "is being edited"):
            self._decide(declared)
        invoice.action_post()
        claim = self._rewrite(invoice)
        self.assertEqual(declared.line_ids.move_line_id, claim)
        self._decide(declared)
        self.assertEqual(declared.nonpayment_ids.move_line_id, claim)

    def test_invoice_was_cancelled(self):
        declared = self._report_paid(self.claim)
        self.claim.move_id.button_draft()
        self.claim.move_id.button_cancel()
        self._plan()
        self.assertEqual(declared.state, "settled")

    def test_customers_were_merged(self):
        declared = self._report_paid(self.claim)
        other = self._create_customer("Azur Paris")
        merge = self.env["base.partner.merge.automatic.wizard"].sudo()
        merge._merge([self.customer.id, other.id], other)
        self.assertEqual(declared.partner_id, other)
        self._decide(declared)
        self.assertEqual(declared.nonpayment_ids.partner_id, other)
