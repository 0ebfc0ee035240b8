from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import day
from ..delivery.common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestSatisfactionQuestions(DeliveryCommon):
    """After every step: has the customer paid (S0-10), and is their satisfaction
    preserved (S0-11)? One call per customer on record."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._use_channel("phone")
        cls.customers = cls.customer
        for number in range(5):
            cls.customers |= cls._create_customer(f"Customer {number}")
        cls.calls = cls._remind(*cls.customers)
        cls.calls._perform_call_under_way()
        cls.claims = {call.partner_id: call.line_ids.move_line_id for call in cls.calls}

    def _get_call(self, customer):
        return self.calls.filtered(lambda call: call.partner_id == customer)

    def _get_answers(self, customer):
        call = self._get_call(customer)
        self.env.invalidate_all()
        return call.paid_answer, call.satisfied_answer

    def _promise(self, customer):
        claim = self.claims[customer]
        return self.env["dunning.promise"].create(
            {
                "partner_id": customer.id,
                "amount": claim.amount_residual,
                "currency_id": claim.currency_id.id,
                "date": day("03-10"),
                "claim_ids": [Command.create({"move_line_id": claim.id})],
            }
        )

    def _dispute(self, customer):
        return self.env["dunning.dispute"].create(
            {
                "partner_id": customer.id,
                "reason_id": self.env["dunning.dispute.reason"].search([], limit=1).id,
                "claim_ids": [
                    Command.create({"move_line_id": self.claims[customer].id})
                ],
            }
        )

    def test_silence(self):
        self.assertEqual(self._get_answers(self.customer), ("no", "unknown"))

    def test_paid(self):
        self._pay(self.claims[self.customer], day("03-06"))
        self.assertEqual(self._get_answers(self.customer)[0], "yes")

    def test_partly_paid(self):
        self._pay(self.claims[self.customer], day("03-06"), 40.0)
        self.assertEqual(self._get_answers(self.customer)[0], "partly")

    def test_promised_until_broken(self):
        promise = self._promise(self.customer)
        self.assertEqual(self._get_answers(self.customer)[0], "promised")
        promise.sudo().state = "broken"
        self.assertEqual(self._get_answers(self.customer)[0], "no")

    def test_scores(self):
        call = self._get_call(self.customer).with_user(self.collector)
        answers = {1: "no", 2: "no", 3: "mixed", 4: "yes", 5: "yes"}
        for score, answer in answers.items():
            with self.subTest(score=score):
                call._register_satisfaction(score)
                self.assertEqual(self._get_answers(self.customer)[1], answer)

    def test_open_dispute_means_not_satisfied(self):
        """S2-18: the questions find the disputes."""
        dispute = self._dispute(self.customer)
        self.assertEqual(self._get_answers(self.customer)[1], "no")
        dispute.sudo().write({"outcome": "unfounded", "state": "settled"})
        self.assertEqual(self._get_answers(self.customer)[1], "unknown")

    def test_thanks_ask_for_nothing(self):
        self._get_call(self.customer).sudo().kind = "thanks"
        self.assertEqual(self._get_answers(self.customer)[0], "not_asked")

    def test_step_not_performed_has_no_answer(self):
        waiting = self._plan(day("03-12"))[0]
        self.assertFalse(waiting.paid_answer)
        self.assertFalse(waiting.satisfied_answer)

    def test_search_by_answer(self):
        paid, promised, disputed, happy, partly, silent = self.customers
        self._pay(self.claims[paid], day("03-06"))
        self._promise(promised)
        self._dispute(disputed)
        self._get_call(happy)._register_satisfaction(5)
        self._pay(self.claims[partly], day("03-06"), 1.0)
        expected = {
            ("paid_answer", "yes"): paid,
            ("paid_answer", "promised"): promised,
            ("paid_answer", "no"): disputed | happy | silent,
            ("paid_answer", "partly"): partly,
            ("satisfied_answer", "yes"): happy,
            ("satisfied_answer", "no"): disputed,
        }
        for (field, answer), customers in expected.items():
            with self.subTest(field=field, answer=answer):
                domain = [("id", "in", self.calls.ids), (field, "=", answer)]
                found = self.env["dunning.action"].search(domain)
                self.assertEqual(found.partner_id, customers)
                others = self.env["dunning.action"].search(["!", *domain[1:]])
                self.assertEqual(others & self.calls, self.calls - found)

    def test_questions_of_many_actions_are_one_query(self):
        """The number of queries does not grow with the number of actions."""
        self.env.flush_all()
        for calls in (self.calls[:1], self.calls):
            self.env.invalidate_all()
            with self.assertQueryCount(2):
                calls.mapped(lambda call: (call.paid_answer, call.satisfied_answer))

    # ---- customer --------------------------------------------------------------------

    def test_customer_tells_last_average_and_count(self):
        call = self._get_call(self.customer)
        earlier = call.sudo().copy({"state": "done"})
        earlier._register_satisfaction(2)
        call._register_satisfaction(5)
        contact = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": self.customer.id}
        )
        for partner in (self.customer, contact):
            self.assertEqual(partner.dunning_satisfaction, 2)
            self.assertEqual(partner.dunning_satisfaction_average, 3.5)
            self.assertEqual(partner.dunning_satisfaction_count, 2)
            self.assertTrue(partner.dunning_is_dissatisfied)
        self.assertEqual(self.customer.dunning_paid_answer, "not_asked")

    def test_customer_settles_all_bad_answers(self):
        self._get_call(self.customer)._register_satisfaction(1)
        self.customer.with_user(self.collector).action_settle_dunning_dissatisfaction()
        self.assertFalse(self.customer.dunning_is_dissatisfied)

    # ---- survey ----------------------------------------------------------------------

    def test_answers_are_counted_by_collector_step_and_salesperson(self):
        """S2-19: the answers are a survey of the perceived quality."""
        sven = new_test_user(self.env, login="sven", groups="base.group_user")
        for customer, score in zip(self.customers[:3], (5, 4, 1), strict=True):
            call = self._get_call(customer)
            call.sudo().salesperson_id = sven if score > 3 else False
            call._register_satisfaction(score)
        Rating = self.env["rating.rating"]
        domain = [("dunning_action_id", "in", self.calls.ids)]
        for field, expected in {
            "dunning_collector_id": [(self.collector, 3, 10 / 3)],
            "dunning_step_id": [(self.calls.step_id, 3, 10 / 3)],
            "dunning_salesperson_id": [(sven, 2, 4.5), (sven.browse(), 1, 1)],
            "rated_on:month": None,
        }.items():
            groups = Rating._read_group(domain, [field], ["__count", "rating:avg"])
            if expected:
                self.assertEqual(groups, expected)
            else:
                self.assertEqual([group[1:] for group in groups], [(3, 10 / 3)])

    def test_salesperson_sees_the_ratings_of_own_customers(self):
        sven = new_test_user(self.env, login="sven", groups="base.group_user")
        own, other = self.calls[:2]
        own.sudo().salesperson_id = sven
        for call in own | other:
            call._register_satisfaction(3)
        Rating = self.env["rating.rating"].with_user(sven)
        domain = [("dunning_action_id", "!=", False)]
        self.assertEqual(Rating.search(domain).dunning_action_id, own)
        with self.assertRaises(AccessError):
            other.rating_ids.with_user(sven).read(["feedback"])

    def test_ratings_are_not_changed_by_hand(self):
        call = self._get_call(self.customer)
        rating = call._register_satisfaction(1).with_user(self.collector)
        self.assertEqual(rating.rating, 1, "the collector reads it")
        with self.assertRaises(AccessError):
            rating.rating = 5
        with self.assertRaises(AccessError):
            rating.create(
                {
                    "res_model_id": self.env["ir.model"]._get_id("dunning.action"),
                    "res_id": self.calls[1].id,
                    "rating": 5,
                    "consumed": True,
                }
            )

    def test_other_companies_do_not_see_the_ratings(self):
        self._get_call(self.customer)._register_satisfaction(3)
        stranger = self.setup_other_company(name="Stranger")["company"]
        user = new_test_user(
            self.env,
            login="colin",
            groups="account_dunning_scenario.dunning_group_collector",
            company_id=stranger.id,
            company_ids=[(6, 0, stranger.ids)],
        )
        domain = [("dunning_action_id", "!=", False)]
        self.assertFalse(self.env["rating.rating"].with_user(user).search(domain))
