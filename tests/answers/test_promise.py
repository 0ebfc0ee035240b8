from datetime import datetime, timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import DunningCommon, day

CRON = "account_dunning_scenario.ir_cron_judge_promises"
JUDGE = "account_dunning_scenario.models.answers.promise.dunning_promise_judge"


class PromiseCommon(DunningCommon):
    """Grace of 3 days, tolerance of 1 %, promises up to 30 days ahead."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = new_test_user(
            cls.env,
            login="camille",
            name="Camille Durand",
            email="camille@azur.example.com",
            groups="account_dunning_scenario.dunning_group_collector",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.company.dunning_collector_id = cls.collector

    @classmethod
    def _promise(cls, amount, by, claims=None, **values):
        """Take a promise as the collector."""
        return (
            cls.env["dunning.promise"]
            .with_user(values.pop("user", cls.collector))
            .create(
                {
                    "partner_id": cls.customer.id,
                    "amount": amount,
                    "date": by,
                    "claim_ids": [
                        Command.create({"move_line_id": claim.id})
                        for claim in claims or ()
                    ],
                    **values,
                }
            )
        )

    @classmethod
    def _judge(cls, on):
        cls.env["dunning.promise"].sudo()._judge_due(cls.company, on)


@tagged("post_install", "-at_install")
class TestPromise(PromiseCommon):
    """A customer gives their word on the telephone (S0-25)."""

    def test_promised_claim_is_left_in_peace(self):
        """S0-06, S0-25: no reminder about what is promised, until the grace is over."""
        claim = self._create_claim(day("02-20"))
        self._promise(100, day("03-12"), claim)
        self.assertNotDue(claim, "held", "net", on=day("03-15"))
        self.assertDue(claim, on=day("03-16"))

    def test_rest_of_the_claim_goes_on(self):
        claim = self._create_claim(day("02-20"), 100)
        self._promise(60, day("03-12"), claim)
        action = self.assertDue(claim)
        self.assertEqual(action.line_ids.amount_chased, 40)

    def test_payment_reduces_what_is_held(self):
        """Half of the promised amount came: the part never promised stays asked for."""
        claim = self._create_claim(day("02-20"), 100)
        self._promise(60, day("03-12"), claim)
        self._pay(claim, day("03-04"), amount=30)
        action = self.assertDue(claim)
        self.assertEqual(action.line_ids.amount_chased, 40)

    def test_round_sum_goes_to_the_oldest_first(self):
        newest = self._create_claim(day("02-20"), 100)
        oldest = self._create_claim(day("02-10"), 100)
        promise = self._promise(150, day("03-12"))
        shares = {claim.move_line_id: claim.share for claim in promise.claim_ids}
        self.assertEqual(shares, {oldest: 100, newest: 50})

    def test_explanation_names_the_promise(self):
        claim = self._create_claim(day("02-20"))
        self._promise(100, day("03-12"), claim)
        rule = self._get_rules(claim)["held"]
        self.assertFalse(rule["passed"])

    def test_new_promise_replaces_the_one_on_its_claims(self):
        claim = self._create_claim(day("02-20"))
        first = self._promise(100, day("03-06"), claim)
        second = self._promise(100, day("03-12"), claim)
        self.assertEqual(first.state, "replaced")
        self.assertEqual(first.replaced_by_id, second)
        self.assertEqual(second.state, "open")

    def test_promise_is_the_outcome_of_the_call(self):
        claim = self._create_claim(day("02-20"))
        call = self._play(day("03-04"))
        self._promise(100, day("03-12"), claim, action_id=call.id)
        self.assertEqual((call.outcome, call.outcome_date), ("promise", self.TODAY))


@tagged("post_install", "-at_install")
class TestPromiseJudged(PromiseCommon):
    """Whether the word is kept, by the accounting date of the money."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_claim(day("02-20"), 100)
        cls.call = cls._play(day("03-04"))
        cls.promise = cls._promise(100, day("03-10"), cls.claim, action_id=cls.call.id)

    def test_kept(self):
        self._pay(self.claim, day("03-10"))
        self.assertEqual(self.promise.state, "kept")
        self.assertEqual(self.promise.amount_paid, 100)

    def test_kept_within_the_grace(self):
        self._pay(self.claim, day("03-13"))
        self.assertEqual(self.promise.state, "kept")

    def test_paid_after_the_grace(self):
        with freeze_time("2026-03-14 10:00:00"):
            self._pay(self.claim, day("03-14"))
        self.assertEqual(self.promise.state, "broken")

    def test_bank_fees_do_not_break_it(self):
        self._pay(self.claim, day("03-10"), amount=99)
        self.assertEqual(self.promise.state, "kept")

    def test_one_cent_beyond_the_tolerance_breaks_it(self):
        self._pay(self.claim, day("03-10"), amount=98.99)
        self._judge(day("03-14"))
        self.assertEqual(self.promise.state, "partly_kept")

    def test_open_until_its_last_day_is_over(self):
        self._judge(day("03-13"))
        self.assertEqual(self.promise.state, "open")
        self._judge(day("03-14"))
        self.assertEqual(self.promise.state, "broken")

    def test_payment_booked_late_shows_that_it_was_kept(self):
        """The bank statement of the 10th is reconciled on the 20th."""
        self._judge(day("03-14"))
        self.assertTrue(self.promise.activity_ids)
        with freeze_time("2026-03-20 10:00:00"):
            self._pay(self.claim, day("03-10"))
        self.assertEqual(self.promise.state, "kept")
        self.assertFalse(self.promise.activity_ids)

    def test_credit_note_voids_it(self):
        credit = self._create_credit_note(100, day("03-06"))
        (self.claim | credit).reconcile()
        self.assertEqual(self.promise.state, "cancelled")

    def test_credited_part_is_promised_no_more(self):
        credit = self._create_credit_note(40, day("03-06"))
        (self.claim | credit).reconcile()
        self.assertEqual(self.promise.state, "open")
        self._pay(self.claim, day("03-10"), amount=60)
        self.assertEqual(self.promise.state, "kept")

    def test_payment_that_is_undone_opens_it_again(self):
        self._pay(self.claim, day("03-10"))
        self.claim.remove_move_reconcile()
        self.assertEqual(self.promise.state, "open")

    def test_money_from_before_the_promise_does_not_count(self):
        claim = self._create_claim(day("02-20"), 100)
        self._pay(claim, day("03-02"), amount=50)
        promise = self._promise(50, day("03-10"), claim)
        self._judge(day("03-14"))
        self.assertEqual(promise.state, "broken")

    def test_broken_promise_is_a_task_and_an_outcome(self):
        self._judge(day("03-14"))
        self.assertEqual(self.promise.activity_ids.user_id, self.collector)
        self.assertEqual(self.call.outcome, "promise_broken")
        self.assertEqual(self.call.outcome_date, day("03-14"))
        self.assertIn("broken", self.customer.message_ids[0].body)

    def test_scenario_resumes_but_not_too_soon(self):
        """It goes on where it stood, and leaves the customer the days of the company
        since the last contact."""
        self._judge(day("03-14"))
        self.assertDue(self.claim, on=day("03-14"))

    def test_spacing_counts_after_a_broken_promise(self):
        self.company.dunning_min_days_between_contacts = 5
        self.call.sudo().performed_date = day("03-12")
        self._judge(day("03-14"))
        self.assertNotDue(self.claim, "spacing", on=day("03-14"))
        self.assertDue(self.claim, on=day("03-20"))

    def test_judged_in_one_go(self):
        """The judge asks the database as often for eight promises as for two, whether
        they are still running or broken."""
        for on in (day("03-05"), day("03-14")):  # what is read only once
            self._count(self._promise_each(1), on)
        few, many = self._promise_each(2), self._promise_each(8)
        self.assertEqual(
            self._count(few, day("03-05")), self._count(many, day("03-05"))
        )
        self.assertEqual(
            self._count(few, day("03-14")), self._count(many, day("03-14"))
        )
        self.assertEqual(set((few | many).mapped("state")), {"broken"})

    def test_company_that_cannot_be_judged_stops_no_other(self):
        """Something is wrong in the books of one company: the others are judged."""
        ill = self.env["res.company"].create({"name": "Ill", "sequence": 0})
        promise = self._promise_each(1)
        judge = self.env.registry["dunning.promise"]._judge_due

        def judge_due(promises, company, on):
            if company == ill:
                raise ValueError("No books")
            return judge(promises, company, on)

        with (
            freeze_time("2026-03-20 10:00:00"),
            patch.object(self.env.registry["dunning.promise"], "_judge_due", judge_due),
            self.enter_registry_test_mode(),
            self.assertLogs(f"odoo.addons.{JUDGE}", "ERROR"),
        ):
            self.env.flush_all()
            self.env.ref(CRON).sudo().method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(promise.state, "broken")

    def _promise_each(self, number):
        promises = self.env["dunning.promise"]
        for n in range(number):
            customer = self._create_customer(f"Client {n}")
            claim = self._create_claim(day("02-20"), customer=customer)
            promises |= self._promise(100, day("03-10"), claim, partner_id=customer.id)
        return promises.sudo()

    def _count(self, promises, on):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        promises._judge(on)
        self.env.flush_all()
        self.env.cr.precommit.run()
        return self.env.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestPromiseRefused(PromiseCommon):
    """What cannot be promised is refused with what to do instead."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_claim(day("02-20"), 100)

    def test_more_than_is_owed(self):
        with self.assertRaisesRegex(ValidationError, "owes .*100.00"):
            self._promise(120, day("03-10"))

    def test_in_the_past(self):
        with self.assertRaisesRegex(ValidationError, "past"):
            self._promise(100, day("03-03"), self.claim)

    def test_nothing(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._promise(0, day("03-10"), self.claim)

    def test_two_years_ahead_needs_a_manager(self):
        by = day("03-04") + timedelta(days=730)
        with self.assertRaisesRegex(UserError, "manager"):
            self._promise(100, by, self.claim)
        promise = self._promise(100, by, self.claim, user=self.env.user)
        self.assertEqual(promise.state, "open")

    def test_later_day_of_a_promise_needs_a_manager_too(self):
        promise = self._promise(100, day("03-10"), self.claim)
        later = day("03-04") + timedelta(days=730)
        for record in (promise, promise.term_ids):
            with self.assertRaisesRegex(UserError, "manager"):
                record.with_user(self.collector).date = later

    def test_promise_of_tomorrow(self):
        """The days ahead count from the day of the promise: that has come."""
        with self.assertRaisesRegex(ValidationError, "is in the future"):
            self._promise(100, day("03-20"), self.claim, taken_date=day("03-05"))

    def test_third_broken_promise_in_a_row_calls_for_a_manager(self):
        self.company.dunning_promise_max_broken = 1
        for _time in range(2):
            self._promise(100, day("03-04"), self.claim)
            self._judge(day("03-08"))
        with self.assertRaisesRegex(UserError, "broke the last 2 promises"):
            self._promise(100, day("03-10"), self.claim)

    def test_claim_of_another_customer(self):
        other = self._create_claim(
            day("02-20"), customer=self._create_customer("Brun Frères")
        )
        with self.assertRaisesRegex(ValidationError, "not owed by"):
            self._promise(100, day("03-10"), other)

    def test_paid_claim(self):
        self._pay(self.claim, day("03-04"))
        with self.assertRaisesRegex(ValidationError, "owes"):
            self._promise(100, day("03-10"), self.claim)


@tagged("post_install", "-at_install")
class TestPromisePlan(PromiseCommon):
    """Several dated amounts over what is open, in one promise."""

    def test_plan_is_kept_payment_by_payment(self):
        claim = self._create_claim(day("02-20"), 300)
        plan = self._plan_payments(claim, day("03-10"), day("03-20"), day("03-30"))
        self._pay(claim, day("03-10"), amount=100)
        self.assertEqual(plan.term_ids.mapped("state"), ["kept", "open", "open"])
        self.assertEqual(plan.state, "open")
        self._pay(claim, day("03-20"), amount=200)
        self.assertEqual(plan.state, "kept")

    def test_plan_is_broken_as_a_whole(self):
        claim = self._create_claim(day("02-20"), 300)
        plan = self._plan_payments(claim, day("03-10"), day("03-20"), day("03-30"))
        self._judge(day("03-14"))
        self.assertEqual(plan.state, "broken")
        self.assertDue(claim, on=day("03-14"))

    def test_plan_tolerates_as_many_misses_as_the_company(self):
        self.company.dunning_promise_tolerated_misses = 1
        claim = self._create_claim(day("02-20"), 300)
        plan = self._plan_payments(claim, day("03-10"), day("03-20"), day("03-30"))
        self._judge(day("03-14"))
        self.assertEqual(plan.state, "open")
        self._judge(day("03-24"))
        self.assertEqual(plan.state, "broken")

    def _plan_payments(self, claim, *days):
        amount = claim.amount_residual / len(days)
        return (
            self.env["dunning.promise"]
            .with_user(self.collector)
            .create(
                {
                    "partner_id": self.customer.id,
                    "claim_ids": [Command.create({"move_line_id": claim.id})],
                    "term_ids": [
                        Command.create({"date": on, "amount": amount}) for on in days
                    ],
                }
            )
        )


@tagged("post_install", "-at_install")
class TestPromiseContact(PromiseCommon):
    """What a promise tells about the contact and the customer."""

    def test_call_under_way_has_taken_place(self):
        """The customer promises on the telephone: the call is made, its step played."""
        claim = self._create_claim(day("02-20"), 100)
        call = self._plan()
        call.with_user(self.collector).action_confirm()
        call.with_user(self.collector)._deliver(datetime(2026, 3, 4, 12))
        self.assertEqual(call.state, "in_progress")
        self._promise(100, day("03-10"), claim, action_id=call.id)
        self.assertEqual((call.state, call.outcome), ("done", "promise"))
        self.assertEqual(claim.dunning_line_ids.state, "done")

    def test_kept_rate_of_the_customer(self):
        kept, broken = (self._create_claim(day("02-20")) for _n in range(2))
        self._promise(100, day("03-04"), kept)
        self._promise(100, day("03-04"), broken)
        self._pay(kept, day("03-04"))
        self._judge(day("03-08"))
        self.assertEqual(self.customer.dunning_promise_count, 2)
        self.assertEqual(self.customer.dunning_kept_rate, 0.5)


@tagged("post_install", "-at_install")
class TestPromiseMail(PromiseCommon):
    """The customer is written what was agreed, in the tone of an agreement."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_claim(day("02-20"), 100)

    def _get_mails(self, promise):
        return self.env["mail.mail"].search(
            [("model", "=", promise._name), ("res_id", "=", promise.id)]
        )

    def test_confirmation(self):
        """S4-23: the promise is confirmed in writing."""
        promise = self._promise(100, day("03-10"), self.claim)
        promise.action_confirm_by_email()
        (mail,) = self._get_mails(promise)
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertIn("10\u00a0March 2026", mail.body_html)
        self.assertIn(self.claim.move_id.name, mail.body_html)

    def test_confirmation_without_address(self):
        self.customer.email = False
        promise = self._promise(100, day("03-10"), self.claim)
        with self.assertRaisesRegex(UserError, "no working e-mail address"):
            promise.action_confirm_by_email()

    def test_reminded_one_working_day_before(self):
        """Promised for Monday the 9th: the word comes on Friday the 6th, once."""
        promise = self._promise(100, day("03-09"), self.claim, is_reminder_wanted=True)
        for number, expected in (
            ("03-05", 0),
            ("03-06", 1),
            ("03-07", 1),
            ("03-08", 1),
        ):
            promise.sudo()._remind_before(self.company, day(number))
            self.assertEqual(len(self._get_mails(promise)), expected, number)

    def test_nobody_is_reminded_who_did_not_wish_it(self):
        promise = self._promise(100, day("03-05"), self.claim)
        promise.sudo()._remind_before(self.company, day("03-04"))
        self.assertFalse(self._get_mails(promise))


@tagged("post_install", "-at_install")
class TestPromiseAccess(PromiseCommon):
    """Promises are read by who follows the customer up in their company, and by the
    customer's salesperson, who takes them through the dialog only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.promise = cls._promise(100, day("03-10"), [cls._create_claim(day("02-20"))])

    @classmethod
    def _create_user(cls, login, group, company):
        return new_test_user(
            cls.env,
            login=login,
            groups=group,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def assertReads(self, user, is_reader):
        for record in (self.promise, self.promise.term_ids, self.promise.claim_ids):
            self.assertEqual(record.with_user(user).has_access("read"), is_reader)

    def test_salesperson_reads_those_of_own_customers(self):
        sarah, sven = (
            self._create_user(login, "base.group_user", self.company)
            for login in ("sarah", "sven")
        )
        self.customer.user_id = sarah
        self.assertReads(sarah, True)
        self.assertReads(sven, False)
        self.assertFalse(self.promise.with_user(sarah).has_access("write"))
        self.assertFalse(self.promise.with_user(sarah).has_access("create"))

    def test_collector_of_another_company_reads_none(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        group = "account_dunning_scenario.dunning_group_collector"
        self.assertReads(self.collector, True)
        self.assertReads(self._create_user("otto", group, other), False)
