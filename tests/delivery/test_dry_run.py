from ast import literal_eval
from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import day
from .common import DeliveryCommon

MODULE = "account_dunning_scenario"
OWN = ("dunning_dry_run", "dunning_dry_run_line", "dunning_dry_run_cost", "bus_bus")


@tagged("post_install", "-at_install")
class TestDryRun(DeliveryCommon):
    """What would leave in the next days is played by the real planner and forgotten.

    Azur is due for reminder 1 by e-mail today, for reminder 2 and 3 by phone 8 and 16
    days later.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dunning_is_live = False
        cls.claim = cls._create_late_claim()

    def _start(self, **values):
        run = self.env["dunning.dry.run"].create(
            {"company_id": self.company.id, "day_count": 25, **values}
        )
        self._play_run(run)
        return run

    def _play_run(self, run):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            run.action_run()
        self.env.invalidate_all()

    def _get_rows(self, run):
        return [(line.date, line.channel, line.partner_id) for line in run.line_ids]

    def _count_rows(self):
        """Return the number of rows of every table."""
        self.env.flush_all()
        self.cr.execute(
            """SELECT table_name FROM information_schema.tables
                WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"""
        )
        counts = {}
        for (table,) in self.cr.fetchall():
            if table not in OWN:
                self.cr.execute(f'SELECT COUNT(*) FROM "{table}"')
                counts[table] = self.cr.fetchone()[0]
        return counts

    def test_what_would_leave(self):
        """S0-02: by day, channel and customer, the film as it would be played."""
        run = self._start()
        self.assertEqual(
            self._get_rows(run),
            [
                (day("03-04"), "email", self.customer),
                (day("03-12"), "phone", self.customer),
                (day("03-20"), "phone", self.customer),
            ],
        )
        self.assertEqual(
            (run.state, set(run.line_ids.mapped("amount"))), ("done", {100})
        )
        self.assertIn("All customers and all days", run.bound)

    def test_nothing_is_left(self):
        """No action, mail, note, activity or trigger survives in any table."""
        silent = self._create_customer("Silent", email=False, street=False)
        self._create_late_claim(silent)
        before = self._count_rows()
        with self.mock_mail_gateway():
            self._start(payment_habit="usual")
        self.assertEqual(self._count_rows(), before)
        self.assertFalse(self.claim.dunning_line_ids)
        self.assertEqual(self.claim.amount_residual, 100)
        self.assertFalse(self.company.dunning_is_live)

    def test_costs_and_peak_of_calls(self):
        """S3-17: what the calls cost, and the day on which most are to be made."""
        self._create_late_claim(self._create_customer("Bosco"))
        run = self.env["dunning.dry.run"].create(
            {"company_id": self.company.id, "day_count": 25}
        )
        calls = run.cost_ids.filtered(lambda cost: cost.channel == "phone")
        calls.amount = 6
        self._play_run(run)
        figures = run._get_figures()
        self.assertEqual((figures["contacts"], figures["cost"]), (6, 24))
        self.assertEqual(figures["peak"], (day("03-12"), 2))
        self.assertIn("24.00", run.summary)
        again = self.env["dunning.dry.run"].create({})
        self.assertIn(6, again.cost_ids.mapped("amount"))

    def test_customer_in_stop_waits(self):
        """What nobody would tick is shown as waiting, with the reason."""
        self.customer.dunning_is_stopped = True
        line = self._start().line_ids
        self.assertEqual((line.is_leaving, line.remark), (False, "Customer in “stop”"))

    def test_what_waits_is_not_counted_as_leaving(self):
        """The list, the table and the graph count what the summary counts; what waits
        is behind a button of its own."""
        stopped = self._create_customer("Bosco")
        stopped.dunning_is_stopped = True
        self._create_late_claim(stopped)
        run = self._start()
        self.assertTrue(run.has_waiting)
        self.assertEqual(self._get_shown(run.action_view_waiting()), stopped)
        self.assertEqual(self._get_shown(run.action_view_lines()), self.customer)
        stopped.dunning_is_stopped = False
        self._play_run(run)
        self.assertFalse(run.has_waiting)

    def _get_shown(self, action):
        """Return the customers in the list that an action opens."""
        view = self.env.ref(f"{MODULE}.dunning_dry_run_line_view_search")
        [name] = action["context"]
        [chosen] = etree.fromstring(view.arch).xpath(
            f"//filter[@name='{name.removeprefix('search_default_')}']"
        )
        domain = [*action["domain"], *literal_eval(chosen.get("domain"))]
        return self.env[action["res_model"]].search(domain).partner_id

    def test_nobody_can_be_reached(self):
        self.customer.write({"email": False, "street": False})
        line = self._start().line_ids
        self.assertFalse(line.is_leaving)
        self.assertIn("no working e-mail address", line.remark)

    def test_fallback_is_counted(self):
        """Who has no e-mail address gets a letter, and is counted so."""
        self.customer.email = False
        self.assertEqual(self._start().line_ids[:1].channel, "letter")

    def test_paid_as_late_as_usual(self):
        """A customer who pays 30 days late gets the first reminders only."""
        old = self._create_claim(day("01-05"))
        self._pay(old, day("02-04"))
        recent = self._create_claim(day("03-01"), 50)
        self.claim.no_followup = True
        rows = self._get_rows(self._start(payment_habit="usual"))
        self.assertEqual(
            [row[0] for row in rows],
            [day("03-09"), day("03-17"), day("03-25")],
        )
        recent.invalidate_recordset()
        self.assertEqual(recent.amount_residual, 50)
        self._pay(self._create_claim(day("01-20"), 10), day("01-25"))
        rows = self._get_rows(self._start(payment_habit="usual"))
        self.assertEqual([row[0] for row in rows], [day("03-09"), day("03-17")])

    def test_bounded_in_customers(self):
        """Those who owe most are looked at, and the screen says so."""
        rich = self._create_customer("Bosco")
        self._create_late_claim(rich, amount=900)
        run = self._start(customer_limit=1)
        self.assertEqual(run.line_ids.partner_id, rich)
        self.assertIn("1 of 2 customers", run.bound)

    def test_bounded_in_time(self):
        clock = iter(range(0, 10_000, 7))
        with patch(
            "odoo.addons.account_dunning_scenario.wizard.delivery.dunning_dry_run.monotonic",
            lambda: next(clock),
        ):
            run = self._start(second_limit=30)
        self.assertEqual(run.state, "done")
        self.assertRegex(run.bound, "[45] of 25 days")

    def test_stopped_by_the_user(self):
        """“Stop” ends the run with the day that is being played."""
        run = self.env["dunning.dry.run"].create(
            {"company_id": self.company.id, "day_count": 25}
        )
        report = type(run)._report

        def press_stop(record, progress):
            if progress == 10:
                record._write_apart({"is_stop_wanted": True})
            return report(record, progress)

        with patch.object(type(run), "_report", press_stop):
            self._play_run(run)
        self.assertIn("10 of 25 days", run.bound)
        self.assertEqual(len(run.line_ids), 2)

    def test_progress_is_the_planner_s(self):
        """The web client is told of each day, and of nothing else."""
        seen = []
        with patch.object(
            type(self.env["res.users"]),
            "_bus_send",
            lambda user, kind, payload: seen.append((payload["progress"], kind)),
        ):
            self._start(day_count=3)
        self.assertEqual([progress for progress, _kind in seen], [0, 0, 1, 2, 3])

    def test_failure_is_said(self):
        run = self.env["dunning.dry.run"].create(
            {"company_id": self.company.id, "day_count": 25}
        )
        with (
            patch.object(type(self.planner), "_plan", side_effect=ValueError("broken")),
            suppress(ValueError),
        ):
            self._play_run(run)
        self.env.invalidate_all()
        self.assertEqual(run.state, "failed")
        self._play_run(run)
        self.assertEqual(run.state, "done")

    def test_two_runs_at_once(self):
        run = self.env["dunning.dry.run"].create(
            {"company_id": self.company.id, "day_count": 25}
        )
        run.state = "running"
        self.env.flush_all()
        with self.assertRaisesRegex(UserError, "under way"):
            run.action_run()

    def test_collector_does_not_start_it(self):
        with self.assertRaises(AccessError):
            self.env["dunning.dry.run"].with_user(self.collector).create({})

    def test_what_waits_on_the_desk_leaves_first(self):
        self._plan(self.TODAY - timedelta(days=1))
        rows = self._get_rows(self._start())
        self.assertEqual(rows[0], (day("03-04"), "email", self.customer))
        self.assertEqual(len(rows), 3)
