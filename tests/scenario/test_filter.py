from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ...models.planner.pipeline import film_tables
from ...models.scenario.filters.stored_filter import FilterError, search_filter
from ..collectors.test_team_customers import TeamCommon
from ..common import DunningCommon, day

MODULE = "account_dunning_scenario"
# Accepted by nobody today, but in a database since before: by the kind of mistake.
UNUSABLE = (
    "[('x_gone', '=', 'A')]",  # a field that is deleted
    "[('amount_residual', '>', 'abc')]",  # a value that no column takes
    "[('date', '>', 'soon')]",
    "[('id', '=', 'x')]",
    "[('name', 'ilike', '\\x00')]",  # characters that no text has
    "[('dunning_why', 'ilike', 'x')]",  # computed, and cannot be searched
    "[('move_id.dunning_blocked_text', '!=', False)]",
    "[('partner_id.dunning_gap', '=', 'step')]",  # asks the planner itself
    "[('name', '=like', '\\\\')]",  # fails on the rows that it looks at
    "[('name', '=', 'A'",  # no filter at all
    "(" * 300,
    "5",
)


class FilterCommon(DunningCommon):
    """Emma manages the follow-up; Azur Interior plays the broken scenario, Borel a
    scenario without filters."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.emma, cls.carl = (
            new_test_user(
                cls.env,
                login=login,
                groups=f"{MODULE}.dunning_group_{role}",
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for login, role in (("emma", "manager"), ("carl", "collector"))
        )
        cls.step = cls._get_step("reminder_1")
        cls.sound = cls._create_scenario(cls._step("reminder_1", delay=8))
        cls.borel = cls._create_customer("Borel", dunning_scenario_id=cls.sound.id)
        cls.claim = cls._create_claim(day("02-20"))
        cls.other_claim = cls._create_claim(day("02-20"), customer=cls.borel)

    def _break(self, text, record=None):
        """Store a filter as it stands in a database where it could once be used."""
        record = record or self.step
        self.env.flush_all()
        self.env.cr.execute(
            f"UPDATE {record._table} SET domain = %s WHERE id = %s", [text, record.id]
        )
        self.env.invalidate_all()

    def _get_tasks(self, user):
        return self.env["mail.activity"].search(
            [
                ("user_id", "=", user.id),
                (
                    "activity_type_id",
                    "=",
                    self.env.ref(f"{MODULE}.mail_activity_type_mend_filter").id,
                ),
            ]
        )


@tagged("post_install", "-at_install")
class TestUnusableFilter(FilterCommon):
    """A filter that cannot be used stops its own step, and nothing else."""

    def test_whoever_else_is_planned(self):
        """Whatever is wrong with it: the others get their reminder."""
        for text in UNUSABLE:
            with self.subTest(filter=text), self.env.cr.savepoint() as savepoint:
                self._break(text)
                self.assertDue(self.other_claim)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_claims_wait_and_say_why(self):
        """Not played, and not passed over: nobody knows for whom the step is."""
        self._break(UNUSABLE[1])
        self.assertEqual(self._get_failed(self.claim), {"filter"})
        self.assertEqual(self._get_next(self.claim), ("reminder_1", day("02-28")))
        self.assertEqual(self._get_next(self.claim, day("05-20"))[0], "reminder_1")
        self.assertIn("filter of the step cannot be used", self.claim.dunning_why)
        told = self.planner._tell(self.claim, self.TODAY)[self.claim]
        self.assertIn("until a manager corrects it", told)

    def test_steps_before_it_are_played(self):
        self._break(UNUSABLE[1], self._get_step("reminder_2"))
        self._play(self.TODAY)
        self.assertEqual(self._get_failed(self.claim, day("03-20")), {"filter"})

    def test_nothing_is_foreseen_beyond_it(self):
        """Who talks to the customer promises no reminder that may not come."""
        self._break(UNUSABLE[1], self._get_step("reminder_2"))
        foreseen = self.env["dunning.explainer"]._get_remaining_steps(
            self.claim, self.TODAY
        )
        codes = [step.code for step, _day in foreseen[self.claim]]
        self.assertEqual(codes, ["reminder_1"])

    def test_step_that_is_not_played_needs_no_filter(self):
        for values in ({"is_enabled": False}, {"active": False}):
            with self.subTest(values=values), self.env.cr.savepoint() as savepoint:
                step = self.sound.step_ids
                step.write(values)
                self._break(UNUSABLE[1], step)
                self.assertEqual(self._get_failed(self.other_claim), {"step"})
                savepoint.rollback()
                self.env.invalidate_all()

    def test_scenario_that_jumps(self):
        """It lands on no step that may be for others, and skips none in silence."""
        self.scenario.catch_up = "jump"
        self._break(UNUSABLE[1], self._get_step("reminder_2"))
        late = self._create_claim(day("02-10"))  # reminder_2 is due, reminder_3 is not
        self.assertEqual(self._get_failed(late, day("02-27")), {"filter"})
        actions = self._plan(day("03-08")).filtered(
            lambda action: action.partner_id == self.customer
        )
        lines = actions.line_ids.filtered(lambda line: line.move_line_id == late)
        states = {line.step_code: line.state for line in lines}
        self.assertEqual(states, {"reminder_1": "skipped", "reminder_3": "open"})

    def test_optional_step_does_not_lapse_for_nothing(self):
        self.step.mode = "optional"
        self._break(UNUSABLE[1], self._get_step("reminder_2"))
        actions = self._plan().filtered(lambda a: a.partner_id == self.customer)
        self._plan(day("03-20"))
        self.assertEqual(actions.state, "to_confirm")

    def test_field_that_is_deleted(self):
        """An administrator deletes a field of their own that a filter names: payments
        are registered, invoices reset, forms opened, the desk planned."""
        model = self.env["ir.model"].sudo()._get("account.move.line")
        field = (
            self.env["ir.model.fields"]
            .sudo()
            .create(
                {
                    "name": "x_kind",
                    "field_description": "Kind",
                    "model_id": model.id,
                    "ttype": "char",
                }
            )
        )
        self.step.domain = "[('x_kind', '=', 'A')]"
        self.claim.x_kind = "A"
        self.assertDue(self.claim | self.other_claim)
        field.unlink()
        self.env.invalidate_all()
        second = self._create_claim(day("02-20"))
        self.assertEqual(self._get_failed(second), {"filter"})
        self._register_payment(second.move_id, payment_date=self.TODAY)
        self._pay(self.claim, self.TODAY, 40)
        self.other_claim.move_id.button_draft()
        with Form(self.customer), Form(self.claim.move_id):
            pass
        self.customer.get_dunning_glance()
        self.env["dunning.action"].with_user(self.carl).action_plan_today()
        with self.assertRaisesRegex(UserError, "Reminder 1"):
            self.scenario.action_export()

    def test_desk_tells(self):
        self._break(UNUSABLE[1])
        self._plan()
        desk = self.env["dunning.action"].with_user(self.carl)
        summary = desk.get_desk_summary([])
        (problem,) = summary["troubles"]
        self.assertIn("“Reminder 1” of the scenario “Story” is not played", problem)
        gaps = {gap["code"]: gap["count"] for gap in summary["coverage"]["gaps"]}
        self.assertEqual(gaps, {"filter": 1})
        self.assertIn("Reminder 1", self.scenario.warnings)

    def test_managers_get_one_task(self):
        """Not one an hour; and none any more once the filter is mended."""
        self._break(UNUSABLE[1])
        for on in (self.TODAY, self.TODAY, day("03-05")):
            self._plan(on)
        task = self._get_tasks(self.emma)
        self.assertEqual(len(task), 1)
        self.assertFalse(self._get_tasks(self.carl))
        self.assertIn("Reminder 1", task.note)
        self.assertEqual(
            (task.res_model, task.res_id), ("dunning.scenario", self.scenario.id)
        )
        task.action_done()
        self._plan(day("03-06"))
        self.assertFalse(self._get_tasks(self.emma))
        self._break(UNUSABLE[2], self._get_step("reminder_2"))
        self._plan(day("03-06"))
        self.assertIn("Reminder 2", self._get_tasks(self.emma).note)
        self._get_step("reminder_2").with_user(self.emma).domain = False
        self.step.with_user(self.emma).domain = "[('amount_residual', '>', 5)]"
        self.assertFalse(self._get_tasks(self.emma))
        self.assertFalse(self.scenario.step_ids.filtered("filter_problem"))
        self.assertDue(self.claim, day("03-06"))

    def test_filter_that_heals_by_itself(self):
        """A module that had been removed is back."""
        self._break(UNUSABLE[1])
        self._plan()
        self._break("[('amount_residual', '>', 5)]")
        self.assertDue(self.claim)
        self.assertFalse(self._get_tasks(self.emma))

    def test_companies_do_not_contradict_each_other(self):
        """It fails on the rows of one company: the planning of another one takes back
        nothing, or there would be a new task every hour."""
        other = self.setup_other_company()["company"]
        self._break("[('name', '=like', '\\\\')]")
        self._plan()
        self._plan(company=other)
        self.assertTrue(self.step.filter_problem)
        self._plan()
        self.assertEqual(len(self._get_tasks(self.emma)), 1)

    def test_nothing_of_the_transaction_is_lost(self):
        """What was written and not saved yet survives a filter that fails."""
        self._break(UNUSABLE[1])
        self.customer.ref = "kept"
        made_up = self.env["res.partner"].new({"name": "In a form"})
        self._get_failed(self.claim)
        self.assertEqual(made_up.name, "In a form")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.customer.ref, "kept")

    def test_cost(self):
        """Nothing without filters; a few queries with them, whatever their number."""

        def count():
            return self._count_queries(
                lambda: self.planner._explain(self.claim, self.TODAY)
            )

        count()  # fills the caches
        without = count()
        self.step.domain = "[]"
        with patch.object(film_tables, "search_items", side_effect=AssertionError):
            self.assertEqual(count(), without)
        self.step.domain = "[('amount_residual', '>', 5)]"
        self.assertLessEqual(count(), without + 20)

    def test_filter_decides_still(self):
        self.step.domain = "[('partner_id.name', 'ilike', 'azur')]"
        self.assertDue(self.claim | self.other_claim)
        self.step.domain = "[('amount_residual', '>', 100.5)]"
        large = self._create_claim(day("02-20"), 200)
        self.assertEqual(self._get_next(large)[0], "reminder_1")
        second = self._create_claim(day("02-20"))
        self.assertEqual(self._get_next(second)[0], "reminder_2")


@tagged("post_install", "-at_install")
class TestFilterSaved(FilterCommon):
    """A filter is tried by whoever writes it, before it is kept."""

    def test_refused_with_the_reason(self):
        for text in UNUSABLE:
            with (
                self.subTest(filter=text),
                self.assertRaisesRegex(ValidationError, "“Reminder 1”: the filter"),
                self.env.cr.savepoint(),
            ):
                self.step.with_user(self.emma).domain = text

    def test_what_the_writer_may_not_read(self):
        """The planner reads everything: who is chased would tell Emma the secret."""
        secrets = ("partner_id.user_ids.totp_secret", "partner_id.user_ids.password")
        for name in secrets:
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.step.with_user(self.emma).domain = f"[('{name}', 'like', 'A')]"

    def test_too_long(self):
        with self.assertRaisesRegex(ValidationError, "too long"):
            self.step.domain = f"[('id', 'in', {[1] * 20_000})]"

    def test_too_slow(self):
        """A filter has so many seconds, whatever it asks."""
        items = self.env["account.move.line"]

        def sleep(self, domain, **options):
            self.env.cr.execute("SET LOCAL statement_timeout = 20; SELECT pg_sleep(1)")

        self.patch(type(items), "_search", sleep)
        with (
            self.assertRaisesRegex(FilterError, "too long"),
            mute_logger("odoo.sql_db"),
        ):
            search_filter(items, "[('name', '=', 'x')]")


@tagged("post_install", "-at_install")
class TestUnusableRule(TeamCommon):
    """A rule of a team that cannot be applied keeps its customers waiting, nobody
    else's."""

    _break = FilterCommon._break
    _get_tasks = FilterCommon._get_tasks

    def test_others_are_given(self):
        """The next rule is not for those whom the broken one may be for."""
        emma = new_test_user(
            self.env,
            login="emma",
            groups=f"{MODULE}.dunning_group_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        belgian = self._create_debtors(2, country_id=self.env.ref("base.be").id)
        french = self._create_debtors(2, amount=50)
        rule = self.north.rule_ids
        rule.country_ids = self.env.ref("base.be")
        self.north.sequence = 1
        self._create_team("Rest", self.bruno)
        for text in (
            "[('name', 'ilike', '\\x00')]",
            "[('x_gone', '=', 1)]",
            "[('dunning_gap_amount', '>', 5)]",
        ):
            self._break(text, rule)
            with self.subTest(filter=text):
                self.assertEqual(self._give(is_all=True), french)
                self.assertFalse(belgian.dunning_collector_id)
                self.assertEqual(len(self._get_tasks(emma)), 1)
                self.assertIn("“North”", self.north.filter_problems)
                french.dunning_collector_id = False
        rule.with_user(emma).domain = "[('name', 'ilike', 'debtor')]"
        self.assertFalse(self._get_tasks(emma))
        self.assertEqual(self._give(), belgian | french)

    def test_refused_when_saved(self):
        for text in (
            "[('name', 'ilike', '\\x00')]",
            "(" * 300,
            "[('dunning_gap_amount', '=', 1)]",
        ):
            with (
                self.subTest(filter=text),
                self.assertRaisesRegex(ValidationError, "North"),
                self.env.cr.savepoint(),
            ):
                self.north.rule_ids.domain = text
