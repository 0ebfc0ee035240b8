from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestPlannerCompanies(DunningCommon):
    """Several companies apart, branches of a company together."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create(
            {
                "name": "North branch",
                "parent_id": cls.company.id,
                "dunning_scenario_id": False,
                "dunning_books_max_age": 0,
                "dunning_min_days_between_contacts": 0,
            }
        )
        cls.sister_data = cls.setup_other_company(name="Sister")
        cls.sister = cls.sister_data["company"]
        cls.sister.write(
            {
                "dunning_scenario_id": False,
                "dunning_books_max_age": 0,
                "dunning_min_days_between_contacts": 0,
            }
        )
        companies = cls.company | cls.branch | cls.sister
        cls.env.user.company_ids = [Command.link(c.id) for c in companies]
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": companies.ids}
        )
        for name in ("company", "branch", "sister", "customer", "scenario", "planner"):
            setattr(cls, name, getattr(cls, name).with_env(cls.env))

    def _create_branch_claim(self, due, amount=100.0, **values):
        return self._create_claim(due, amount, company_id=self.branch.id, **values)

    def _create_sister_claim(self, due, amount=100.0):
        journal = self.sister_data["default_journal_sale"]
        return self._create_claim(due, amount, journal_id=journal.id)

    # ---- branches ------------------------------------------------------------------

    def test_branch_plans_for_itself(self):
        """Planning the parent takes the parent's invoices, the branch's wait for the
        branch's own planning."""
        parent_claim = self._create_claim(day("02-20"))
        branch_claim = self._create_branch_claim(day("02-20"))
        action = self._plan()
        self.assertEqual(action.line_ids.move_line_id, parent_claim)
        action = self._plan(company=self.branch)
        self.assertEqual(action.company_id, self.branch)
        self.assertEqual(action.line_ids.move_line_id, branch_claim)

    def test_branch_inherits_the_set_up(self):
        """Scenario, segment, collector and default of the parent apply to the branch
        as long as it has none of its own."""
        claim = self._create_branch_claim(day("02-20"))
        self.assertEqual(self._get_scenario(claim), (self.scenario, "customer"))
        self.customer.dunning_scenario_id = False
        self.company.dunning_scenario_id = self.scenario
        self.assertEqual(self._get_scenario(claim), (self.scenario, "company"))
        action = self._plan(company=self.branch)
        self.assertEqual(action.collector_id, self.company.dunning_collector_id)

    def test_branch_s_own_set_up_comes_first(self):
        """The branch plays its own film with the same customer."""
        own = self._create_scenario(self._step("reminder_1", delay=1))
        self.customer.with_company(self.branch).dunning_scenario_id = own
        branch_claim = self._create_branch_claim(day("02-20"))
        parent_claim = self._create_claim(day("02-20"))
        self.assertEqual(self._get_scenario(branch_claim)[0], own)
        self.assertEqual(self._get_scenario(parent_claim)[0], self.scenario)

    def test_branch_inherits_the_numbers_unless_it_has_its_own(self):
        """5 days between contacts at the parent: they hold for the branch too, until it
        has settings of its own."""
        self.company.dunning_min_days_between_contacts = 5
        self._create_claim(day("02-20"))
        claim = self._create_branch_claim(day("02-20"))
        self._play(day("03-03"))
        self.assertEqual(self._get_failed(claim), {"spacing"})
        self.branch.dunning_is_own_setup = True
        self.assertFalse(self._get_failed(claim))

    def test_spacing_counts_over_the_tree(self):
        """A call of the branch keeps the parent's reminder waiting (S0-12)."""
        self.company.dunning_min_days_between_contacts = 5
        self._create_branch_claim(day("02-20"))
        claim = self._create_claim(day("02-20"))
        self._plan(company=self.branch)
        self.assertEqual(self._get_failed(claim), {"spacing"})
        self.assertFalse(self._plan())

    def test_net_counts_over_the_tree(self):
        """A credit note of the branch covers what the customer owes the parent."""
        claim = self._create_claim(day("02-20"), 100.0)
        self._create_credit_note(150.0, day("03-01"), company_id=self.branch.id)
        self.assertEqual(self._get_failed(claim), {"net"})
        self.assertFalse(self._plan())

    def test_debt_towards_the_branch_counts_in_the_net(self):
        """Credit of 150 and debts of 100 here and 100 there: the customer owes 50."""
        claim = self._create_claim(day("02-20"), 100.0)
        self._create_branch_claim(day("02-20"), 100.0)
        self._create_credit_note(150.0, day("03-01"))
        self.assertFalse(self._get_failed(claim))

    def test_stop_at_the_parent_holds_for_the_branch(self):
        """The parent stopped the customer: the branch's actions wait too."""
        self.customer.dunning_is_stopped = True
        self._create_branch_claim(day("02-20"))
        action = self._plan(company=self.branch)
        self.assertEqual(action.untick_reason, "stop")

    def test_stop_at_the_parent_is_told_wherever_the_branch_is_looked_at(self):
        """On the desk, in the dialog before sending, when somebody ticks all the same,
        at a glance; with the parent's reason, to who works in the branch only."""
        self.customer.write(
            {"dunning_is_stopped": True, "dunning_stop_reason": "Merger under way"}
        )
        self._create_branch_claim(day("02-20"))
        collector = new_test_user(
            self.env,
            login="bruno",
            groups="account_dunning_scenario.dunning_group_collector",
            company_id=self.branch.id,
            company_ids=[Command.set(self.branch.ids)],
        )
        env = self.env(user=collector, context={})
        action = self._plan(company=self.branch).with_env(env)
        self.assertIn("Merger under way", action.untick_text)
        action.action_tick()
        self.assertIn("Merger under way", action.message_ids[:1].body)
        dialog = env["dunning.action.confirm"].create({})
        self.assertIn("but ticked: Azur", dialog.summary)
        situation = self.customer.with_env(env).get_dunning_glance()["situation"]
        self.assertTrue(situation["is_stopped"])
        self.assertEqual(situation["stop_reason"], "Merger under way")
        with self.assertRaisesRegex(UserError, "ask somebody who works there"):
            self.customer.with_env(env).action_lift_dunning_stop()
        self.customer.dunning_stop_until = day("03-03")
        self.assertNotIn("but ticked", env["dunning.action.confirm"].create({}).summary)

    def test_stop_at_the_parent_is_lifted_by_who_works_in_both(self):
        self.customer.write({"dunning_is_stopped": True})
        branch_customer = self.customer.with_company(self.branch)
        branch_customer.action_lift_dunning_stop()
        self.assertFalse(self.customer.dunning_is_stopped)
        self.assertFalse(branch_customer._dunning_get_stop(self.branch))

    def test_preview_of_a_branch_proposes_what_the_planner_would_play(self):
        """The scenario that the parent chose for the customer, else for everybody; one
        that is archived is none."""
        previews = self.env["dunning.step.preview"]
        values = {"company_id": self.branch.id, "partner_id": self.customer.id}
        self.assertEqual(previews.create(values).scenario_id, self.scenario)
        self.customer.dunning_scenario_id = False
        self.company.dunning_scenario_id = other = self.scenario.copy()
        self.assertEqual(previews.create(values).scenario_id, other)
        other.active = False
        self.assertFalse(previews.create(values).scenario_id)

    def test_go_live_of_the_parent_holds_for_the_branch(self):
        """Follow-up started in the whole company on 1 March."""
        self.company.dunning_go_live_date = day("03-01")
        claim = self._create_branch_claim(day("02-20"))
        self.assertEqual(self._get_failed(claim), {"go_live", "net"})

    # ---- companies without relation ------------------------------------------------

    def test_companies_have_their_own_set_up(self):
        """The sister company chases nobody before its own scenario is set."""
        claim = self._create_sister_claim(day("02-20"))
        self.assertEqual(claim.company_id, self.sister)
        self.assertEqual(self._get_failed(claim), {"scenario", "step"})
        self.customer.with_company(self.sister).dunning_scenario_id = self.scenario
        action = self._plan(company=self.sister)
        self.assertEqual(action.line_ids.move_line_id, claim)
        self.assertEqual(action.company_id, self.sister)

    def test_credit_of_another_company_covers_nothing(self):
        """Money at the sister company is not money here."""
        claim = self._create_claim(day("02-20"), 100.0)
        journal = self.sister_data["default_journal_sale"]
        self._create_credit_note(500.0, day("03-01"), journal_id=journal.id)
        self.assertDue(claim)

    def test_contact_of_another_company_does_not_count(self):
        """Each company may speak to the customer on the same day."""
        for company in (self.company, self.sister):
            company.dunning_min_days_between_contacts = 5
        self.customer.with_company(self.sister).dunning_scenario_id = self.scenario
        self._create_sister_claim(day("02-20"))
        claim = self._create_claim(day("02-20"))
        self.assertTrue(self._plan(company=self.sister))
        self.assertDue(claim)

    def test_run_of_one_company_forbids_no_run_of_another(self):
        """The sister planned up to next week; this company plans today (case C20)."""
        self.customer.with_company(self.sister).dunning_scenario_id = self.scenario
        self._create_sister_claim(day("02-20"))
        self._plan(day("03-11"), company=self.sister)
        self.assertDue(self._create_claim(day("02-20")))

    def test_planning_names_its_company_whatever_the_current_one(self):
        """The company planned is the one asked for, not the user's current one."""
        claim = self._create_claim(day("02-20"))
        planner = self.planner.with_company(self.sister)
        action = planner._plan(self.company, self.TODAY)
        self.assertEqual(action.line_ids.move_line_id, claim)
        self.assertEqual(action.company_id, self.company)

    def test_explanation_looks_at_each_item_in_its_own_company(self):
        """Items of two companies are explained side by side."""
        mine = self._create_claim(day("02-20"))
        theirs = self._create_sister_claim(day("02-20"))
        answers = self.planner._explain(mine | theirs, self.TODAY)
        sources = [answer["scenario_source"] for answer in answers]
        self.assertEqual(sources, ["customer", None])

    def test_job_plans_every_company(self):
        """The nightly job plans all companies, each for its own day."""
        self.customer.with_company(self.sister).dunning_scenario_id = self.scenario
        claims = (
            self._create_claim(day("02-20"))
            | self._create_branch_claim(day("02-20"))
            | self._create_sister_claim(day("02-20"))
        )
        with self.enter_registry_test_mode():
            self.env.ref(
                "account_dunning_scenario.ir_cron_plan_actions"
            ).sudo().method_direct_trigger()
        self.assertEqual(claims.dunning_line_ids.move_line_id, claims)
        self.assertEqual(
            claims.dunning_line_ids.action_id.company_id,
            self.company | self.branch | self.sister,
        )
