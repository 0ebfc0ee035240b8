from unittest.mock import patch

from psycopg2 import errors

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.account_dunning_scenario.models.planner.dunning_planner import (
    LOCK_CLASS,
)

from ..common import day
from ..delivery.common import DeliveryCommon

MODELS = "odoo.addons.account_dunning_scenario.models"
PLANNER = f"{MODELS}.planner.dunning_planner"
TROUBLE = f"{MODELS}.setup.trouble.dunning_trouble"
JUDGE = f"{MODELS}.answers.promise.dunning_promise_judge"
LOGGERS = {"plan": PLANNER, "promise": JUDGE, "reminder": JUDGE}
# Each job that works company by company, and what it does for one.
BY_COMPANY = {
    "plan": ("plan_actions", "dunning.planner", "_plan"),
    "team": ("give_customers", "dunning.team", "_give_customers"),
    "promise": ("judge_promises", "dunning.promise", "_get_due"),
    "reminder": ("judge_promises", "dunning.promise", "_remind_before"),
    "limitation": (
        "warn_of_limitation",
        "account.move.line",
        "_warn_of_limitation",
    ),
}
FOR_ALL = {
    "absence": ("apply_absences", "dunning.absence", "_apply"),
    "abandoned": ("deliver_actions", "dunning.delivery", "_return_abandoned"),
}


@tagged("post_install", "-at_install")
class TestTrouble(DeliveryCommon):
    """A night in which something does not work is told where people look: on the desk,
    and by one task; it stops nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env,
            login="marc",
            groups="account_dunning_scenario.dunning_group_manager",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.other = cls.env["res.company"].create(
            {"name": "Zinc", "dunning_is_live": True}
        )

    def _run(self, name):
        job = self.env.ref(f"account_dunning_scenario.ir_cron_{name}").sudo()
        self.env.flush_all()
        with self.enter_registry_test_mode():
            job.method_direct_trigger()
        self.env.invalidate_all()

    def _fail_for(self, model, method, company, error=None):
        """Make what a job does for one company fail."""
        owner = self.registry[model]
        original = getattr(owner, method)
        done = self.done = []

        def fail(records, *args, **options):
            if company and args and args[0] != company:
                done.append(args[0])
                return original(records, *args, **options)
            raise error or ZeroDivisionError("oops")

        return patch.object(owner, method, fail)

    def _get_troubles(self):
        return self.env["dunning.trouble"].sudo().search([])

    def _get_tasks(self):
        return (
            self.env["mail.activity"]
            .sudo()
            .search([("res_model", "=", "dunning.trouble")])
        )

    def _get_desk_texts(self):
        desk = self.env["dunning.action"].with_user(self.collector)
        desk = desk.with_context(allowed_company_ids=self.company.ids)
        return desk.get_desk_summary([])["troubles"]

    def test_each_job_tells_and_goes_on(self):
        """What fails for one company is told once, however often it is tried; the other
        companies are served; once it works again nothing is told any more."""
        for job, (name, model, method) in BY_COMPANY.items():
            with self.subTest(job=job):
                for _hour in range(2):
                    with (
                        self._fail_for(model, method, self.company),
                        self.assertLogs(LOGGERS.get(job, TROUBLE), "ERROR") as logs,
                    ):
                        self._run(name)
                    self.assertIn("Traceback", logs.output[0])
                    self.assertIn(self.other, self.done)
                trouble = self._get_troubles()
                self.assertEqual(
                    (trouble.job, trouble.company_id, trouble.try_count),
                    (job, self.company, 2),
                )
                task = self._get_tasks()
                self.assertEqual(len(task), 1)
                manager = "account_dunning_scenario.dunning_group_manager"
                self.assertTrue(task.user_id.has_group(manager))
                self.assertIn("oops", task.summary)
                self.assertIn("oops", " ".join(self._get_desk_texts()))
                self._run(name)
                self.assertFalse(self._get_troubles())
                self.assertFalse(self._get_tasks())
                self.assertFalse(self._get_desk_texts())

    def test_jobs_for_all_companies_tell_too(self):
        for job, (name, model, method) in FOR_ALL.items():
            with self.subTest(job=job):
                with (
                    self._fail_for(model, method, None),
                    mute_logger(TROUBLE),
                ):
                    self._run(name)
                self.assertEqual(self._get_troubles().job, job)
                self.assertEqual(len(self._get_tasks()), 1)
                self.assertTrue(self._get_desk_texts())
                self._run(name)
                self.assertFalse(self._get_troubles())

    def test_another_company_is_not_told(self):
        """Who does not work in a company hears nothing of its troubles."""
        with (
            self._fail_for("dunning.planner", "_plan", self.other),
            mute_logger(PLANNER),
        ):
            self._run("plan_actions")
        self.assertEqual(self._get_troubles().company_id, self.other)
        self.assertFalse(self._get_desk_texts())
        troubles = self.env["dunning.trouble"].with_user(self.collector)
        self.assertFalse(troubles.search([]))

    def test_a_concurrent_change_is_no_trouble(self):
        """Somebody booked a payment at that moment: nothing is wrong, the job comes
        back soon."""
        with (
            self._fail_for(
                "dunning.planner", "_plan", self.company, errors.DeadlockDetected()
            ),
            mute_logger(PLANNER),
            self.capture_triggers("plan_actions") as triggers,
        ):
            self._run("plan_actions")
        self.assertFalse(self._get_troubles())
        self.assertTrue(triggers())

    def capture_triggers(self, name):
        """Give a function that tells how often a job was woken meanwhile."""
        job = self.env.ref(f"account_dunning_scenario.ir_cron_{name}")
        domain = [("cron_id", "=", job.id)]
        triggers = self.env["ir.cron.trigger"].sudo()
        return _Count(lambda: triggers.search_count(domain))

    # ---- another planner at work -----------------------------------------------------

    def _plan_elsewhere(self):
        """Let another process plan the company: return its cursor."""
        other = self.registry.cursor()
        self.addCleanup(other.close)
        other.execute(
            "SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_CLASS, self.company.id]
        )
        return other

    def test_plan_while_another_planner_works(self):
        """The button does not say that nothing is due, the desk says what goes on."""
        claim = self._create_claim(day("02-20"))
        other = self._plan_elsewhere()
        button = self.env["dunning.action"].with_user(self.collector)
        button = button.with_context(allowed_company_ids=self.company.ids)
        answer = button.action_plan_today()["params"]
        self.assertEqual(answer["type"], "warning")
        self.assertIn(f"{self.company.name} are being prepared", answer["message"])
        self.assertNotIn("Nothing new", answer["message"])
        self.assertIn("being prepared", " ".join(self._get_desk_texts()))
        other.rollback()
        self.assertFalse(self._get_desk_texts())
        answer = button.action_plan_today()["params"]
        self.assertIn("1 actions were prepared", answer["message"])
        self.assertTrue(claim.dunning_line_ids)

    def test_job_comes_back_soon(self):
        """A planner that died may hold the company for a while: the job says so in the
        log, and comes back in minutes, not in an hour."""
        self._plan_elsewhere()
        with (
            patch(f"{PLANNER}._logger.info") as log,
            self.capture_triggers("plan_actions") as triggers,
        ):
            self.planner._plan_with_retry(self.company)
        self.assertIn("is being planned elsewhere", log.call_args.args[0])
        self.assertEqual(triggers(), 1)

    def test_dry_run_while_another_planner_works(self):
        """It would play sixty empty days: it says why it does not."""
        self._plan_elsewhere()
        stage = self.env["dunning.dry.run"]
        with self.assertRaisesRegex(Exception, "being prepared right now"):
            stage._play(
                self.company.id,
                {"start": self.TODAY, "days": 1, "limit": 9, "habit": "", "costs": {}},
                lambda _played: True,
            )

    def test_dry_run_looks_at_its_customers_only(self):
        """What waits for others is neither read nor dropped."""
        mine, theirs = self._create_customer("Mine"), self._create_customer("Theirs")
        claims = [self._create_claim(day("02-20"), 100.0, c) for c in (mine, theirs)]
        self._plan()
        for claim in claims:
            claim.no_followup = True
        lines = claims[0].dunning_line_ids | claims[1].dunning_line_ids
        # sudo: the journal is written by methods only
        lines.sudo().write({"state": "open"})
        self.env.flush_all()
        self.planner._plan(self.company, self.TODAY, mine)
        self.assertEqual(claims[0].dunning_line_ids.state, "dropped")
        self.assertEqual(claims[1].dunning_line_ids.state, "open")


class _Count:
    """Counts what is added while it is open."""

    def __init__(self, count):
        self._count = count

    def __enter__(self):
        before = self._count()
        return lambda: self._count() - before

    def __exit__(self, *_error):
        return False
