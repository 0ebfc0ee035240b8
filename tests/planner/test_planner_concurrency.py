from contextlib import contextmanager
from unittest.mock import patch

from psycopg2 import errors

from odoo import SUPERUSER_ID, Command, api
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.account_dunning_scenario.models.planner.dunning_planner import (
    LOCK_CLASS,
    RETRIES,
)

from ..common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestPlannerLock(DunningCommon):
    """Two planners of a company never work at the same time."""

    def _create_line(self, claim, **values):
        # sudo: the journal of actions is written by methods only
        return (
            self.env["dunning.action.line"]
            .sudo()
            .create(
                {
                    "action_id": claim.dunning_line_ids.action_id[:1].id,
                    "company_id": self.company.id,
                    "partner_id": self.customer.id,
                    "move_line_id": claim.id,
                    "step_id": self._get_step("reminder_1").id,
                    "cycle": 0,
                    **values,
                }
            )
        )

    def test_second_planner_plans_nothing(self):
        """Another server is planning this company: nothing to do here, the other one
        does it. Once it is through, planning goes on."""
        claim = self._create_claim(day("02-20"))
        with self.registry.cursor() as other:
            other.execute(
                "SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_CLASS, self.company.id]
            )
            self.assertFalse(self._plan())
        self.assertDue(claim)

    def test_planner_of_another_company_does_not_wait(self):
        """Companies are planned side by side."""
        claim = self._create_claim(day("02-20"))
        with self.registry.cursor() as other:
            other.execute(
                "SELECT pg_advisory_xact_lock(%s, %s)",
                [LOCK_CLASS, self.company.id + 1],
            )
            self.assertDue(claim)

    def test_claim_is_in_one_open_action_only(self):
        """The database itself refuses a second open line of a claim."""
        claim = self._create_claim(day("02-20"))
        self._plan()
        second = self._get_step("reminder_2")
        with mute_logger("odoo.sql_db"), self.assertRaises(errors.UniqueViolation):
            self._create_line(claim, step_id=second.id)

    def test_step_is_played_once_in_a_cycle(self):
        """The database itself refuses to play a step twice, until a fresh start."""
        claim = self._create_claim(day("02-20"))
        self._play(day("03-04"))
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self._create_line(claim, state="skipped")
        self._create_line(claim, state="dropped")
        self._create_line(claim, state="done", cycle=1)

    @contextmanager
    def _failing(self, error):
        """Make planning fail; give the list of the attempts."""
        attempts = []

        def fail(planner, company, date):
            attempts.append((company, date))
            raise error

        with (
            patch.object(self.registry["dunning.planner"], "_plan", fail),
            patch.object(self.cr, "rollback", lambda: None),
        ):
            yield attempts

    def test_concurrent_change_is_tried_again_a_few_times(self):
        """A payment was booked meanwhile: the planning starts again, not for ever."""
        for error in (errors.SerializationFailure, errors.UniqueViolation):
            with self.subTest(error=error), self._failing(error()) as attempts:
                self.planner._plan_with_retry(self.company)
                self.assertEqual(len(attempts), RETRIES)
                self.assertEqual(attempts[0], (self.company, self.TODAY))

    def test_planning_succeeds_at_the_second_attempt(self):
        """The first attempt met a concurrent change, the second one finds calm."""
        claim = self._create_claim(day("02-20"))
        plan = type(self.planner)._plan
        attempts = []

        def fail_once(planner, company, date):
            attempts.append(date)
            if len(attempts) == 1:
                raise errors.SerializationFailure
            return plan(planner, company, date)

        with (
            patch.object(self.registry["dunning.planner"], "_plan", fail_once),
            patch.object(self.cr, "rollback", lambda: None),
        ):
            self.planner._plan_with_retry(self.company)
        self.assertEqual(len(attempts), 2)
        self.assertEqual(claim.dunning_line_ids.state, "open")

    def test_company_that_cannot_be_planned_stops_no_other(self):
        """Broken data of one company is logged; it is not tried over and over."""
        with (
            mute_logger(
                "odoo.addons.account_dunning_scenario.models.planner.dunning_planner"
            ),
            self._failing(ValueError("broken")) as attempts,
        ):
            self.planner._plan_with_retry(self.company)
            self.assertEqual(len(attempts), 1)


@tagged("post_install", "-at_install")
class TestTwoPlanners(TransactionCase):
    """Two planners in transactions of their own, on invoices that really are in the
    database: each action is made once."""

    def setUp(self):
        super().setUp()
        with self._transaction() as env:
            self.ids = self._create_world(env)
        self.addCleanup(self._remove_world)

    @contextmanager
    def _transaction(self):
        """Open a transaction of its own, committed at the end."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _create_world(self, env):
        """Commit a company with one late claim of one customer."""
        company = env["res.company"].create({"name": "Two planners"})
        env = env(context={"allowed_company_ids": company.ids})
        scenario = env["dunning.scenario"].create({"name": "Two planners"})
        step = env["dunning.step"].create(
            {
                "scenario_id": scenario.id,
                "code": "reminder_1",
                "name": "Call",
                "channel": "phone",
            }
        )
        company.write({"dunning_scenario_id": scenario.id, "dunning_books_max_age": 0})
        receivable, revenue = env["account.account"].create(
            [
                {
                    "name": "Customers",
                    "code": "D411",
                    "account_type": "asset_receivable",
                    "reconcile": True,
                },
                {"name": "Sales", "code": "D700", "account_type": "income"},
            ]
        )
        journal = env["account.journal"].create(
            {"name": "Opening", "code": "DOPE", "type": "general"}
        )
        customer = env["res.partner"].create({"name": "Twice Called"})
        move = env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": day("02-01"),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable.id,
                            "partner_id": customer.id,
                            "debit": 100.0,
                            "date_maturity": day("02-01"),
                            "no_followup": False,
                        }
                    ),
                    Command.create({"account_id": revenue.id, "credit": 100.0}),
                ],
            }
        )
        move.action_post()
        records = (company, scenario, step, receivable | revenue, journal, customer)
        return {record._name: record.ids for record in (*records, move)}

    def _remove_world(self):
        with self._transaction() as env:
            records = {name: env[name].browse(ids) for name, ids in self.ids.items()}
            company = records["res.company"]
            env["dunning.action"].search([("company_id", "=", company.id)]).unlink()
            records["account.move"].button_draft()
            for name in (
                "account.move",
                "account.journal",
                "account.account",
                "res.partner",
            ):
                records[name].unlink()
            company.dunning_scenario_id = False
            records["dunning.scenario"].unlink()
            partner = company.partner_id
            company.unlink()
            partner.unlink()

    def _plan(self, env):
        company = env["res.company"].browse(self.ids["res.company"])
        return env["dunning.planner"]._plan(company, day("03-04"))

    def test_each_action_is_made_once(self):
        """While the first planner works the second makes nothing; when the first is
        through, the second, which looks at the ledger as it was, is refused by the
        database; started anew it finds the work done."""
        with (
            self.registry.cursor() as first,
            self.registry.cursor() as second,
        ):
            envs = [api.Environment(cr, SUPERUSER_ID, {}) for cr in (first, second)]
            self.assertEqual(len(self._plan(envs[0])), 1)
            self.assertFalse(self._plan(envs[1]))
            first.commit()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(errors.UniqueViolation),
            ):
                self._plan(envs[1])
            second.rollback()
            self.assertFalse(self._plan(envs[1]))
        with self._transaction() as env:
            actions = env["dunning.action"].search(
                [("company_id", "in", self.ids["res.company"])]
            )
            self.assertEqual(len(actions), 1)
            self.assertEqual(len(actions.line_ids), 1)
