from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import format_date

from ...models.planner.pipeline import rules
from ...models.planner.pipeline.reasons import REASONS
from ..common import DunningCommon, day

GROUP_COLLECTOR = "account_dunning_scenario.dunning_group_collector"
GROUP_MANAGER = "account_dunning_scenario.dunning_group_manager"
SETUP_MODELS = ("dunning.segment", "dunning.scenario", "dunning.step")
JOURNAL_MODELS = ("dunning.action", "dunning.action.line", "dunning.delivery")


@tagged("post_install", "-at_install")
class TestAccess(DunningCommon):
    """Who may do what (S3-01): each story is lived by the least privileged user.

    Azur Interior   customer of the salesperson, one call to confirm
    Borel           nobody's customer, one call to confirm
    Hors-Bord       customer of the other company, one call to confirm there
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = cls._create_user("collector", GROUP_COLLECTOR)
        cls.manager = cls._create_user("manager", GROUP_MANAGER)
        cls.salesperson = cls._create_user("sales", "base.group_user")
        cls.accountant = cls._create_user("reader", "account.group_account_readonly")
        cls.portal = cls._create_user("customer", "base.group_portal")
        cls.public = cls.env.ref("base.public_user")

        cls.customer.user_id = cls.salesperson
        cls.borel = cls._create_customer("Borel")
        cls._create_claim(day("02-20"))
        cls._create_claim(day("02-20"), customer=cls.borel)
        actions = cls._plan()
        cls.own = actions.filtered(lambda a: a.partner_id == cls.customer)
        cls.foreign_customer = actions - cls.own
        cls._set_up_other_company()

    @classmethod
    def _create_user(cls, login, group):
        return new_test_user(
            cls.env,
            login=f"dunning_{login}",
            groups=group,
            company_id=cls.env.company.id,
            company_ids=[Command.set(cls.env.company.ids)],
        )

    @classmethod
    def _set_up_other_company(cls):
        """A second company with an action of its own, followed up by its collector."""
        cls.other = cls.setup_other_company()["company"]
        cls.elsewhere = (
            cls.env["dunning.action"]
            .sudo()
            .create(
                {
                    "company_id": cls.other.id,
                    "partner_id": cls._create_customer("Hors-Bord").id,
                    "scenario_id": cls.scenario.id,
                    "step_id": cls._get_step("reminder_1").id,
                    "channel": "phone",
                }
            )
        )
        cls.other_scenario = cls.env["dunning.scenario"].create(
            {"name": "Theirs", "company_id": cls.other.id}
        )

    def _assert_reads_nothing(self, user):
        for model in (*SETUP_MODELS, *JOURNAL_MODELS):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(user).search([]).mapped("display_name")

    # ---- collector -----------------------------------------------------------------

    def test_collector_works_the_desk(self):
        action = self.own.with_user(self.collector)
        action.action_untick()
        self.assertFalse(action.is_ticked)
        action.action_tick()
        action.action_confirm()
        self.assertEqual(action.state, "scheduled")
        self.foreign_customer.with_user(self.collector).action_skip()
        self.assertEqual(self.foreign_customer.state, "skipped")

    def test_collector_postpones_by_the_wizard(self):
        wizard = Form(
            self.env["dunning.action.postpone"]
            .with_user(self.collector)
            .with_context(active_ids=self.own.ids)
        )
        wizard.until = day("03-20")
        wizard.save().action_postpone()
        self.assertEqual(self.own.state, "cancelled")
        self.assertEqual(self.own.line_ids.postponed_until, day("03-20"))

    def test_collector_plans_now(self):
        """Two customers are on the desk; a third one falls due."""
        self._create_claim(day("02-20"), customer=self._create_customer("Cordier"))
        desk = self.env["dunning.action"].with_user(self.collector)
        answer = desk.action_plan_today()
        self.assertIn("1 actions", answer["params"]["message"])
        again = desk.action_plan_today()
        self.assertIn("Nothing new", again["params"]["message"])

    def test_collector_puts_a_customer_on_stop(self):
        customer = self.customer.with_user(self.collector)
        customer.write({"dunning_is_stopped": True, "dunning_stop_reason": "Talks"})
        self.assertTrue(customer.dunning_is_stopped)

    def test_collector_confirms_what_is_ticked(self):
        """The dialog says what leaves; what is not ticked stays on the desk."""
        self.foreign_customer.action_untick()
        wizard = self.env["dunning.action.confirm"].with_user(self.collector).create({})
        self.assertEqual(wizard.action_ids, self.own)
        self.assertIn("Phone", wizard.summary)
        wizard.action_confirm()
        self.assertEqual(self.own.state, "scheduled")
        self.assertEqual(self.foreign_customer.state, "to_confirm")

    def test_confirming_a_selection_leaves_the_rest(self):
        wizard = (
            self.env["dunning.action.confirm"]
            .with_user(self.collector)
            .with_context(active_ids=self.foreign_customer.ids)
            .create({})
        )
        self.assertEqual(wizard.action_ids, self.foreign_customer)

    def test_collector_cannot_write_the_journal_by_hand(self):
        with self.assertRaises(UserError):
            self.own.with_user(self.collector).state = "done"
        with self.assertRaises(AccessError):
            self.own.with_user(self.collector).unlink()
        with self.assertRaises(AccessError):
            self.own.line_ids.with_user(self.collector).state = "skipped"

    def test_collector_does_not_touch_the_set_up(self):
        records = (
            self.scenario,
            self._get_step("notice"),
            self.env["dunning.segment"].search([], limit=1),
        )
        for record in records:
            with self.subTest(model=record._name), self.assertRaises(AccessError):
                record.with_user(self.collector).name = "Mine"

    def test_collector_sees_own_companies_only(self):
        desk = self.env["dunning.action"].with_user(self.collector)
        self.assertNotIn(self.elsewhere, desk.search([]))
        with self.assertRaises(AccessError):
            self.elsewhere.with_user(self.collector).action_confirm()

    def test_collector_of_two_companies_sees_those_switched_on(self):
        self.collector.company_ids |= self.other
        desk = self.env["dunning.action"].with_user(self.collector)
        both = desk.with_context(allowed_company_ids=(self.company | self.other).ids)
        one = desk.with_context(allowed_company_ids=self.company.ids)
        self.assertIn(self.elsewhere, both.search([]))
        self.assertNotIn(self.elsewhere, one.search([]))

    # ---- manager -------------------------------------------------------------------

    def test_manager_sets_up_and_works_the_desk(self):
        """What other companies play too is copied first."""
        scenario = self.scenario.with_user(self.manager).copy()
        self.assertEqual(scenario.company_id, self.company)
        with Form(scenario) as form:
            form.min_days_between_contacts = 7
        scenario.step_ids[0].delay = -9
        segment = self.env["dunning.segment"].with_user(self.manager)
        with Form(segment) as form:
            form.name, form.code, form.scenario_id = "Schools", "schools", scenario
        self.assertEqual(form.record.company_id, self.company)
        self.own.with_user(self.manager).action_confirm()
        self.assertEqual(self.own.state, "scheduled")

    def test_manager_sees_scenarios_of_own_and_all_companies(self):
        scenarios = self.env["dunning.scenario"].with_user(self.manager).search([])
        self.assertIn(self.scenario, scenarios)
        self.assertNotIn(self.other_scenario, scenarios)

    def test_branch_sees_the_scenarios_of_its_parent(self):
        scenario = self.scenario.copy({"company_id": self.company.id})
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.manager.write(
            {"company_ids": [Command.set(branch.ids)], "company_id": branch.id}
        )
        scenarios = self.env["dunning.scenario"].with_user(self.manager).search([])
        self.assertIn(scenario, scenarios)

    # ---- salesperson ---------------------------------------------------------------

    def test_salesperson_reads_and_comments_own_customers(self):
        action = self.own.with_user(self.salesperson)
        with Form(action) as form:  # the whole screen is readable
            self.assertEqual(form.partner_id, self.customer)
        self.assertEqual(action.line_ids.mapped("step_code"), ["reminder_1"])
        action.message_post(body="I see them on Thursday.")
        self.assertIn("Thursday", self.own.message_ids[0].body)

    def test_salesperson_does_not_see_other_customers(self):
        desk = self.env["dunning.action"].with_user(self.salesperson)
        self.assertEqual(desk.search([]), self.own)
        lines = self.env["dunning.action.line"].with_user(self.salesperson)
        self.assertEqual(lines.search([]), self.own.line_ids)
        with self.assertRaises(AccessError):
            self.foreign_customer.with_user(self.salesperson).message_post(body="Hm")

    def test_salesperson_who_takes_a_customer_over(self):
        """Sees what was done before; the former one only the call still to make."""
        heir = self._create_user("heir", "base.group_user")
        self.assertFalse(self.env["dunning.action"].with_user(heir).search([]))
        self.customer.user_id = heir
        for user, seen in ((heir, self.own), (self.salesperson, self.own.browse())):
            self.env.invalidate_all()
            Action = self.env["dunning.action"].with_user(user)
            self.assertEqual(Action.search([]), seen)
        self.own.sudo().state = "in_progress"
        Action = self.env["dunning.action"].with_user(self.salesperson)
        self.assertEqual(Action.search([]), self.own)

    def test_salesperson_does_not_work_the_desk(self):
        action = self.own.with_user(self.salesperson)
        for name in ("action_confirm", "action_tick", "action_skip", "action_deliver"):
            with self.subTest(button=name), self.assertRaises(AccessError):
                getattr(action, name)()
        with self.assertRaises(AccessError):
            action.action_plan_today()
        for model in ("confirm", "postpone"):
            with self.subTest(wizard=model), self.assertRaises(AccessError):
                self.env[f"dunning.action.{model}"].with_user(self.salesperson).create(
                    {}
                )

    # ---- accountant ----------------------------------------------------------------

    def test_accountant_reads_everything_of_the_company(self):
        desk = self.env["dunning.action"].with_user(self.accountant)
        self.assertEqual(desk.search([]), self.own | self.foreign_customer)
        with self.assertRaises(AccessError):
            self.own.with_user(self.accountant).action_confirm()

    def test_accountant_asks_why(self):
        """The dialog shows the planner's rules, passed or failed."""
        claim = self.own.line_ids.move_line_id.with_user(self.accountant)
        action = claim.action_explain_dunning()
        wizard = (
            self.env["dunning.planner.explain"]
            .with_user(self.accountant)
            .with_context(active_ids=action["context"]["active_ids"])
            .create({})
        )
        self.assertIn(claim.move_id.name, wizard.body)
        self.assertIn("fa-check", wizard.body)
        self.assertIn("fa-times", wizard.body)  # it is part of an open action

    def test_open_items_say_why_in_one_line(self):
        """What an accountant reads beside each item is a reason, not a rule."""
        asked = self.own.line_ids.move_line_id
        self.assertEqual(asked.dunning_why, "Already part of an action")
        later = self._create_claim(day("02-28"))
        due = format_date(self.env, day("03-08"))
        self.assertEqual(later.dunning_why, f"The step is due on {due}")
        later.no_followup = True
        later.invalidate_recordset(["dunning_why"])
        self.assertEqual(later.dunning_why, "Excluded from follow-up")

    def test_every_rule_has_its_reason(self):
        listed = [
            *rules.CLAIM_RULES,
            *rules.TIMING_RULES,
            *rules.CUSTOMER_RULES,
            *rules.ACTION_RULES,
            *rules.THANKS_RULES,
        ]
        self.assertFalse({rule.code for rule in listed} - REASONS.keys())

    def test_nothing_to_explain(self):
        wizard = (
            self.env["dunning.planner.explain"].with_user(self.accountant).create({})
        )
        self.assertIn("Nothing to explain", wizard.body)

    # ---- outsiders -----------------------------------------------------------------

    def test_portal_user_reads_nothing(self):
        self._assert_reads_nothing(self.portal)

    def test_public_user_reads_nothing(self):
        self._assert_reads_nothing(self.public)


@tagged("post_install", "-at_install")
class TestPersonalise(DunningCommon):
    """A step to be personalised waits for a person's words (S1-05, S1-45)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        template = cls.env["mail.template"].create(
            {
                "name": "Second reminder",
                "model_id": cls.env.ref(
                    "account_dunning_scenario.model_dunning_action"
                ).id,
                "subject": "Your account, {{ object.partner_id.name }}",
                "body_html": "<p>Dear <t t-out='object.partner_id.name'/></p>",
            }
        )
        cls._get_step("reminder_1").write(
            {"mode": "personalise", "channel": "email", "mail_template_id": template.id}
        )
        cls._create_claim(day("02-20"))
        cls.action = cls._plan()

    def test_message_starts_from_the_text_of_the_step(self):
        self.action.action_write_message()
        self.assertEqual(self.action.mail_subject, "Your account, Azur Interior")
        self.assertIn("Dear Azur Interior", self.action.mail_body)

    def test_saving_own_words_ticks(self):
        self.action.sudo().write({"is_ticked": False, "untick_reason": "personalise"})
        self.action.action_write_message()
        self.assertFalse(self.action.is_ticked, "the draft is not the user's words yet")
        with Form(self.action) as form:
            form.mail_body = "<p>Dear Jeanne, shall we have lunch?</p>"
        self.assertTrue(self.action.is_ticked)
        self.assertFalse(self.action.untick_reason)

    def test_step_without_text_has_nothing_to_start_from(self):
        self.action.step_id.mail_template_id = False
        with self.assertRaisesRegex(UserError, "no e-mail text"):
            self.action.action_write_message()

    def test_message_that_left_is_not_rewritten(self):
        self.action.action_confirm()
        with self.assertRaisesRegex(UserError, "cannot be edited"):
            self.action.action_write_message()
