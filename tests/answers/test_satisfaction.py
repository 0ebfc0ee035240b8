from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged

from ..common import day
from ..delivery.common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestSatisfaction(DeliveryCommon):
    """A call in which the customer also says how satisfied they are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._use_channel("phone")
        cls.claim = cls._create_late_claim()
        cls.call = cls._plan()
        cls.call.with_user(cls.collector).action_confirm()
        cls._send(cls.call)

    def _say(self, score, words=None, action=None, **values):
        """Let the collector note what the customer said in a call."""
        action = (action or self.call).with_user(self.collector)
        return action._register_satisfaction(score, words, **values)

    # ---- the answer ------------------------------------------------------------------

    def test_good_answer_in_a_call(self):
        """S0-27, S2-14: the third field of the report of a call."""
        rating = self._say(5, "Delivered on time")
        self.assertEqual(self.call.satisfaction, 5)
        self.assertEqual(self.call.satisfaction_words, "Delivered on time")
        self.assertEqual(self.call.satisfaction_date, self.TODAY)
        self.assertEqual(self.call.state, "done", "the call was made")
        self.assertFalse(self.call.outcome, "nothing came of it but this")
        self.assertEqual(rating.rating, 5)
        self.assertEqual(rating.feedback, "Delivered on time")
        self.assertEqual(rating.partner_id, self.customer)
        self.assertEqual(rating.rated_partner_id, self.collector.partner_id)
        self.assertEqual(rating.dunning_source, "call")
        self.assertEqual(rating.dunning_action_id, self.call)

    def test_second_answer_corrects_the_first(self):
        first = self._say(4, "Fine")
        with freeze_time("2026-03-05 10:00:00"):
            second = self._say(3, "Not so fine", source="portal")
        self.assertEqual(first, second)
        self.assertEqual(self.call.rating_ids, first)
        self.assertEqual((first.rating, first.feedback), (3, "Not so fine"))
        self.assertEqual(self.call.satisfaction, 3)
        self.assertEqual(self.call.satisfaction_date, day("03-05"))
        self.assertEqual(self.call.rating_avg, 3, "the first one does not count")

    def test_no_such_score(self):
        for score in (0, 6, -1, 2.5, None):
            with self.subTest(score=score), self.assertRaises(UserError):
                self._say(score)
        self.assertFalse(self.call.rating_ids)

    # ---- the bad answer --------------------------------------------------------------

    def _make_automatic(self):
        self._get_step("reminder_2").mode = "auto"

    def _say_badly(self, on="2026-03-10", score=2, **values):
        """Let the customer complain some days after the call."""
        self.call._perform_call_under_way()
        with freeze_time(f"{on} 10:00:00"):
            return self._say(score, "The door is scratched", **values)

    def test_bad_answer_is_the_outcome(self):
        """S2-02: dissatisfaction is not ignored."""
        self._say_badly()
        self.assertEqual(self.call.outcome, "dissatisfied")
        self.assertEqual(self.call.outcome_date, day("03-10"))
        self.assertTrue(self.call.is_dissatisfied)

    def test_mixed_answer_holds_nothing(self):
        self._make_automatic()
        self._say(3)
        self.assertFalse(self.call.outcome)
        self.assertFalse(self.customer.activity_ids)
        (action,) = self.assertDue(self.claim, on=day("03-12"))
        self.assertEqual(action.state, "scheduled")

    def test_automatic_reminders_hold_until_dealt_with(self):
        """S0-11: no machine goes on asking a dissatisfied customer for money."""
        self._make_automatic()
        self._say_badly()
        self.assertNotDue(self.claim, "dissatisfied", on=day("03-12"))
        with freeze_time("2026-03-13 10:00:00"):
            self.call.with_user(self.collector).action_settle_dissatisfaction()
        self.assertEqual(self.call.satisfaction_settled_date, day("03-13"))
        self.assertEqual(self.call.satisfaction_settled_by_id, self.collector)
        (action,) = self.assertDue(self.claim, on=day("03-13"))
        self.assertEqual(action.state, "scheduled")

    def test_hold_ends_after_the_days_of_the_company(self):
        self._make_automatic()
        self.company.dunning_dissatisfied_hold_days = 7
        self._say_badly()
        self.assertNotDue(self.claim, "dissatisfied", on=day("03-16"))
        self.assertDue(self.claim, on=day("03-17"))

    def test_no_hold_where_the_company_wants_none(self):
        self._make_automatic()
        self.company.dunning_dissatisfied_hold_days = 0
        self._say_badly()
        self.assertDue(self.claim, on=day("03-12"))
        self.assertTrue(self.customer.activity_ids, "but the call is asked for")

    def test_explanation_names_the_bad_answer(self):
        self._make_automatic()
        self._say_badly()
        rule = self._get_rules(self.claim, day("03-12"))["dissatisfied"]
        self.assertEqual(rule["value"], "2026-03-10")
        (answer,) = self.planner._explain(self.claim, day("03-12"))
        self.assertIn("Dissatisfied on", self.planner._get_summary(answer))

    def test_step_to_confirm_is_prepared_unticked(self):
        self._say_badly()
        (action,) = self.assertDue(self.claim, on=day("03-12"))
        self.assertFalse(action.is_ticked)
        self.assertEqual(action.untick_reason, "dissatisfied")

    def test_what_the_machine_had_scheduled_goes_back(self):
        self._make_automatic()
        self.call._perform_call_under_way()
        scheduled = self._plan(day("03-12"))
        self.assertEqual(scheduled.state, "scheduled")
        self._say_badly(on="2026-03-12")
        self.assertEqual(scheduled.state, "cancelled")
        self.assertIn("dissatisfied", scheduled.line_ids.reason)

    def test_later_good_answer_does_not_hide_a_bad_one(self):
        self._make_automatic()
        self._say_badly()
        visit = self.call.sudo().copy({"origin": "manual", "state": "done"})
        with freeze_time("2026-03-11 10:00:00"):
            self._say(5, action=visit, source="visit")
        self.assertNotDue(self.claim, "dissatisfied", on=day("03-12"))

    def test_corrected_answer_ends_the_hold(self):
        """The collector had noted the wrong score."""
        self._make_automatic()
        self._say_badly()
        self._say(4, "All is well")
        self.assertFalse(self.call.outcome)
        self.assertFalse(self.customer.activity_ids)
        self.assertDue(self.claim, on=day("03-12"))

    def test_paid_stays_the_outcome(self):
        self.call._perform_call_under_way()
        self._pay(self.claim, day("03-06"))
        self._say_badly()
        self.assertEqual(self.call.outcome, "paid")
        self.assertTrue(self.call.is_dissatisfied)

    def test_undone_payment_leaves_the_bad_answer(self):
        self._say_badly()
        payment = self._pay(self.claim, day("03-11"))
        self.assertEqual(self.call.outcome, "paid")
        payment.remove_move_reconcile()
        self.assertEqual(self.call.outcome, "dissatisfied")
        self.assertEqual(self.call.outcome_date, day("03-10"))

    # ---- who deals with it -----------------------------------------------------------

    def _give_salesperson(self):
        salesperson = new_test_user(
            self.env,
            login="sven",
            name="Sven Sales",
            email="sven@azur.example.com",
            groups="base.group_user,base.group_partner_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.customer.user_id = salesperson
        self.call.sudo().salesperson_id = salesperson
        return salesperson

    def _get_tasks(self):
        tasks = self.customer.activity_ids
        return {task.user_id: task for task in tasks}

    def test_bad_answer_asks_for_a_call_and_tells_the_salesperson(self):
        """S3-29: in a conflict, take the phone; S2-02: not ignored."""
        salesperson = self._give_salesperson()
        self._say_badly(score=1)
        tasks = self._get_tasks()
        self.assertEqual(set(tasks), {self.collector, salesperson})
        call = tasks[self.collector]
        self.assertEqual(call.activity_category, "phonecall")
        self.assertIn("without asking for payment", call.summary)
        self.assertIn(f'data-oe-id="{self.call.id}"', call.note)
        self.assertIn(salesperson.partner_id, self.call.message_partner_ids)
        told = self.call.message_ids.filtered("rating_ids")
        self.assertIn("The door is scratched", told.body)
        self.assertIn(salesperson.partner_id, told.notified_partner_ids)

    def test_salesperson_who_calls_has_dealt_with_it(self):
        self._make_automatic()
        salesperson = self._give_salesperson()
        self._say_badly()
        task = self._get_tasks()[salesperson]
        with freeze_time("2026-03-11 10:00:00"):
            task.with_user(salesperson).action_feedback(feedback="A new door goes out")
        self.assertEqual(self.call.satisfaction_settled_by_id, salesperson)
        self.assertFalse(self.customer.activity_ids, "nobody else has to call")
        self.assertDue(self.claim, on=day("03-12"))

    def test_salesperson_settles_by_the_button(self):
        salesperson = self._give_salesperson()
        self._say_badly()
        self.call.with_user(salesperson).action_settle_dissatisfaction()
        self.assertFalse(self.call.is_dissatisfied)
        self.assertFalse(self.customer.activity_ids)

    def test_others_do_not_settle(self):
        self._say_badly()
        stranger = new_test_user(self.env, login="stranger", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.call.with_user(stranger).action_settle_dissatisfaction()
        self.assertTrue(self.call.is_dissatisfied)

    def test_one_call_for_two_bad_answers(self):
        visit = self.call.sudo().copy({"origin": "manual", "state": "done"})
        self._say_badly()
        self._say_badly(action=visit)
        (task,) = self.customer.activity_ids
        self.call.with_user(self.collector).action_settle_dissatisfaction()
        self.assertTrue(task.exists(), "the other one is not dealt with")
        task.with_user(self.collector).action_feedback()
        self.assertFalse((self.call | visit).filtered("is_dissatisfied"))

    def test_cancelled_task_settles_nothing(self):
        self._say_badly()
        self.customer.activity_ids.unlink()
        self.assertTrue(self.call.is_dissatisfied)

    def test_archived_customer(self):
        self._say_badly(score=4)
        self.customer.active = False
        self._say_badly(score=1)
        self.assertEqual(self.call.satisfaction, 1)
        self.assertEqual(self.call.rating_ids.partner_id, self.customer)

    def test_search_dissatisfied(self):
        self._say_badly()
        Action = self.env["dunning.action"]
        self.assertIn(self.call, Action.search([("is_dissatisfied", "=", True)]))
        self.assertNotIn(self.call, Action.search([("is_dissatisfied", "=", False)]))
