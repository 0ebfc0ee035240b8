from odoo.tests import tagged

from ..common import DunningCommon, day

OPEN_RULES = [
    "open",
    "no_followup",
    "go_live",
    "insolvent",
    "handed_over",
    "held",
    "scenario",
    "payment_method",
    "partial",
    "postponed",
    "in_action",
    "step",
    "filter",
    "last_resort",
    "overdue",
    "trigger",
    "business_day",
    "same_day",
    "net",
    "spacing",
    "reply",
    "dissatisfied",
    "minimum",
    "ceiling",
    "merged",
]
THANKS_RULES = [
    "open",
    "paid",
    "no_followup",
    "go_live",
    "handed_over",
    "scenario",
    "step",
    "debited",
    "trigger",
    "too_late",
    "business_day",
    "thanked",
    "all_paid",
]


@tagged("post_install", "-at_install")
class TestPlannerExplain(DunningCommon):
    """Why, and why not: the answer for an invoice."""

    def _explain(self, claim, on=None, lang="en_US"):
        planner = self.planner.with_context(lang=lang)
        (answer,) = planner._explain(claim, on or self.TODAY)
        return answer

    def test_answer_tells_scenario_position_next_step_and_date(self):
        """After the first reminder: where the film stands and how it goes on."""
        claim = self._create_claim(day("02-24"))
        self._play(day("03-04"))
        answer = self._explain(claim)
        self.assertEqual(answer["move_line_id"], claim.id)
        self.assertEqual(answer["scenario_id"], self.scenario.id)
        self.assertEqual(answer["scenario_source"], "customer")
        self.assertEqual(answer["position_step_id"], self._get_step("reminder_1").id)
        self.assertEqual(answer["next_step_id"], self._get_step("reminder_2").id)
        self.assertEqual(answer["trigger_date"], day("03-12"))

    def test_all_rules_are_told_in_their_order(self):
        """From the claim to the customer to the action, always in the same order, each
        with a text."""
        rules = self._explain(self._create_claim(day("02-20")))["rules"]
        self.assertEqual([rule["code"] for rule in rules], OPEN_RULES)
        self.assertTrue(all(rule["text"] for rule in rules))
        self.assertTrue(all(rule["passed"] for rule in rules))

    def test_rules_of_thanks_are_told_in_their_order(self):
        """A paid invoice is asked other questions."""
        claim = self._create_claim(day("02-20"))
        self._pay(claim, day("03-01"))
        rules = self._explain(claim)["rules"]
        self.assertEqual([rule["code"] for rule in rules], THANKS_RULES)

    def test_what_is_no_claim_answers_one_question(self):
        """A draft is not open: nothing else is asked."""
        answer = self._explain(self._create_claim(day("02-20"), post=False))
        self.assertEqual(
            [(rule["code"], rule["passed"]) for rule in answer["rules"]],
            [("open", False)],
        )
        self.assertFalse(answer["next_step_id"])

    def test_values_tell_what_decided(self):
        """The figures behind the rules, ready to be shown."""
        claim = self._create_claim(day("02-20"), 100.0)
        self._create_credit_note(30.0, day("03-01"))
        rules = {r["code"]: r["value"] for r in self._explain(claim)["rules"]}
        self.assertEqual(float(rules["held"]), 100.0)
        self.assertEqual(float(rules["net"]), 70.0)
        self.assertEqual(rules["trigger"], "2026-02-28")
        self.assertEqual(rules["step"], "reminder_1")

    def test_amounts_are_told_with_their_currency(self):
        """What decided is read as any amount: in the company's currency."""
        self.scenario.amount_minimum = 500.0
        claim = self._create_claim(day("02-20"), 100.0)
        amount = self.company.currency_id.format(100)
        self.assertEqual(
            self.planner._get_summary(self._explain(claim)),
            f"Below the minimum of the scenario: {amount}",
        )

    def test_question_about_the_action_waits_for_a_claim_that_is_due(self):
        """A claim that is not due joins no action: its minimum is not looked at."""
        claim = self._create_claim(day("03-01"))
        rules = {r["code"]: r["passed"] for r in self._explain(claim)["rules"]}
        self.assertIs(rules["trigger"], False)
        self.assertIs(rules["minimum"], None)

    def test_past_and_coming_days_can_be_asked(self):
        """Why not yesterday, and when it will be."""
        claim = self._create_claim(day("02-24"))
        self.assertEqual(self._get_failed(claim, day("03-03")), {"trigger"})
        self.assertFalse(self._get_failed(claim, day("03-04")))

    def test_explaining_changes_nothing(self):
        """A waiting action whose claim was promised elsewhere, an optional one whose
        next step is due: the answer says what planning would do, and does nothing."""
        self._get_step("reminder_1").mode = "optional"
        claim = self._create_claim(day("02-20"))
        action = self._plan()
        self.assertEqual(self._get_next(claim, day("03-08"))[0], "reminder_2")
        self.assertFalse(self._get_failed(claim, day("03-08")))
        self.assertEqual(action.state, "to_confirm")
        self.assertEqual(action.line_ids.state, "open")

    def test_texts_are_french_for_a_french_user(self):
        """Every question is asked in the reader's language."""
        self.env["res.lang"].sudo()._activate_lang("fr_FR")
        claim = self._create_claim(day("02-20"))
        english = self._explain(claim)["rules"]
        french = self._explain(claim, lang="fr_FR")["rules"]
        for rule, translated in zip(english, french, strict=True):
            with self.subTest(rule=rule["code"]):
                self.assertNotEqual(rule["text"], translated["text"])

    def test_summary_names_the_first_rule_that_fails(self):
        """One line for the invoice's tab."""
        planner = self.planner.with_context(lang="en_US")
        claim = self._create_claim(day("02-20"))
        self.assertEqual(planner._get_summary(self._explain(claim)), "Due")
        claim.move_id.no_followup = True
        self.assertEqual(
            planner._get_summary(self._explain(claim)), "Excluded from follow-up"
        )

    def test_several_items_are_answered_in_their_order(self):
        """The answers come in the order of the items, whatever their dates."""
        claims = self._create_claim(day("02-20")) | self._create_claim(day("02-10"))
        for items in (claims, claims[::-1]):
            answers = self.planner._explain(items, self.TODAY)
            self.assertEqual([a["move_line_id"] for a in answers], items.ids)

    def test_nothing_asked_nothing_answered(self):
        self.assertEqual(
            self.planner._explain(self.env["account.move.line"], self.TODAY), []
        )

    def test_next_step_is_shown_on_the_item(self):
        """The invoice shows its next step and the day."""
        claim = self._create_claim(day("03-01"))
        self.assertEqual(claim.dunning_next_step_id, self._get_step("reminder_1"))
        self.assertEqual(claim.dunning_next_date, day("03-09"))
        self.assertTrue(claim.dunning_why)
