import logging

from odoo import models
from odoo.tools import SQL

from ..setup.trouble.concurrency import is_lost_race
from .pipeline import rules
from .pipeline.action_tables import Pipeline
from .pipeline.insertion import Insertion
from .pipeline.scope import EVERYTHING
from .pipeline.settings import Settings
from .pipeline.thanks_tables import ThanksPipeline

_logger = logging.getLogger(__name__)

# First key of the advisory locks that allow one planner per company at a time.
LOCK_CLASS = 19_041_900
RETRIES = 3


class DunningPlanner(models.AbstractModel):
    """Compute the due steps from the ledger, and prepare their actions.

    The result depends only on the ledger, the actions on record and the set-up:
    planning twice creates nothing the second time. One SQL pipeline, built from one
    list of rules, serves planning, explaining and re-checking.
    """

    _name = "dunning.planner"
    _description = "Follow-Up Planner"

    # ---- entry points ----------------------------------------------------------------

    def _plan(self, company, date, customers=None):
        """Prepare the actions due for one company on one day.

        Takes the journal items of exactly that company; net balances and the days
        between contacts count over its root and all its branches. Waiting lines that
        are no longer chased are dropped first, and optional ones whose next step falls
        due lapse. Plans nothing while another transaction plans this company.

        :param company: res.company
        :param date: the company's day to plan
        :param customers: commercial partners whose waiting lines are re-checked, and
            for whom reminders and notices are prepared; by default all
        :return: the `dunning.action` records created
        """
        actions = self.env["dunning.action"]
        if not self._lock_company(company):
            return actions
        settings = self._prepare(company, date)
        open_ids = self._get_open_line_ids(company, customers)
        if open_ids:
            waiting = self._get_waiting_scope(company)
            if customers is not None:
                waiting = self._get_scope(settings, customers)
            stale = self._get_stale(settings, waiting, open_ids)
            self._drop_stale(settings, stale)
            self._get_lapsed(settings, waiting, stale)._lapse()
            self._flush()
        created = actions.browse(
            self._insert_thanks(settings) + self._insert_due(settings, customers)
        )
        settings.film.steps._register_filters(company, settings.film.broken)
        self.env.invalidate_all()
        created._after_plan()
        company._dunning_after_plan()
        return created

    def _explain(self, move_lines, date):
        """Explain the next step of each journal item, and the rule that decides it.

        :param move_lines: account.move.line, readable by the user
        :param date: the company's day
        :return: one dict per item, see `dunning.explainer`
        """
        return self.env["dunning.explainer"]._explain(move_lines, date)

    def _tell(self, items, date):
        """Return a sentence or two on each journal item: its next step and day, or the
        reason for none.

        :param items: account.move.line, readable by the user
        :param date: the company's day
        :return: {item: text in the user's language}
        """
        return self.env["dunning.explainer"]._tell(items, date)

    def _get_summary(self, answer):
        """Return a one-line summary of an explanation, in the user's language."""
        return self.env["dunning.explainer"]._get_summary(answer)

    def _is_due(self, answer):
        """Return whether the next step of an explanation is due."""
        return all(rule["passed"] is not False for rule in answer["rules"])

    def _cron_plan(self):
        """Plan every live company for its day, each in its own transaction."""
        companies = (
            self.env["res.company"].search([("active", "=", True)])._dunning_live()
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(companies))
        for company in companies:
            self._plan_with_retry(company)
            if not cron._commit_progress(1):
                break

    def _get_hold_queries(self, company_ids, date):
        """Return the queries of the holds: hook for promises, disputes and the like.

        :param company_ids: ids of the claims' companies
        :param date: day of the company
        :return: SQL queries, each selecting four columns: id of the journal item, kind
            (word for the user), amount in company currency (NULL: whole claim) and last
            day of the hold (NULL: open-ended)
        """
        return []

    def _get_scope_tables(self):
        """Return the tables restricted by a scope of few customers, those read by
        `_get_hold_queries` included: {"customer": names of tables with a `partner_id`,
        "item": names of tables with a `move_line_id`}."""
        return {
            "customer": self.env["dunning.action"]._get_customer_tables(),
            "item": set(),
        }

    def _get_setup_rows(self, company_ids, field):
        """Return SQL rows of company id and a number from its set-up.

        :param field: name of a field of res.company, inherited from the parent
        """
        companies = self.env["res.company"].browse(company_ids)
        return SQL(", ").join(
            SQL("(%s, %s)", company.id, company._dunning_setup_company()[field])
            for company in companies
        )

    # ---- preparation -----------------------------------------------------------------

    def _plan_with_retry(self, company):
        """Plan a company, and retry a few times after a concurrent change.

        A failure stops no other company: it is logged, shown on the desk and in an
        activity, and retried by the next run. A company locked by another process is
        planned again soon: that process may have died.
        """
        for _attempt in range(RETRIES):
            try:
                if not self._lock_company(company):
                    _logger.info("Company %s is being planned elsewhere", company)
                    return self._plan_soon()
                self._plan(company, company._dunning_today())
                self.env.flush_all()
            except Exception as error:
                self.env.cr.rollback()
                if not is_lost_race(error):
                    _logger.exception("Company %s could not be planned", company)
                    return self.env["dunning.trouble"]._note("plan", company, error)
                _logger.info(
                    "Planning of company %s met a concurrent change",
                    company,
                    exc_info=True,
                )
            else:
                return self.env["dunning.trouble"]._settle("plan", company)
        _logger.warning("Company %s changes all the time, it is planned later", company)
        return self._plan_soon()

    def _prepare(self, company, date):
        self._flush()
        # sudo: due steps do not depend on the user
        return Settings(company.sudo(), date)

    def _flush(self):
        """Flush the models whose columns the pipeline reads."""
        for model in (
            "account.journal",
            "account.move",
            "account.move.line",
            "account.partial.reconcile",
            "account.payment",
            "account.payment.method",
            "account.payment.method.line",
            "dunning.action",
            "dunning.action.line",
            "dunning.step",
            "payment.transaction",
            "res.partner",
            "res.users",
        ):
            self.env[model].flush_model()

    def _execute(self, query):
        """Run a query of the pipeline.

        PostgreSQL cannot estimate the size of common tables: nested loops between them
        would cost the square of the ledger, and JIT compiling costs more than it saves.
        """
        self.env.cr.execute(
            "SET LOCAL enable_nestloop = off; SET LOCAL jit = off;"
            "SET LOCAL work_mem = '64MB'"
        )
        self.env.cr.execute(query)
        rows = self.env.cr.dictfetchall()
        self.env.cr.execute(
            "SET LOCAL enable_nestloop TO DEFAULT; SET LOCAL jit TO DEFAULT;"
            "SET LOCAL work_mem TO DEFAULT"
        )
        return rows

    def _fetch(self, tables, select):
        return self._execute(
            SQL(
                "WITH %(tables)s %(select)s",
                tables=SQL(",\n").join(tables),
                select=select,
            )
        )

    # ---- planning --------------------------------------------------------------------

    def _insert_due(self, settings, customers=None):
        scope = EVERYTHING
        if customers is not None:
            scope = self._get_scope(settings, customers)
        pipeline = Pipeline(settings, scope)
        tables = [*pipeline.ledger(), *pipeline.film(), *pipeline.actions()]
        grouped = SQL(
            "SELECT g.* FROM grouped g WHERE NOT %s",
            rules.any_failed(rules.ACTION_RULES),
        )
        return self._insert(settings, tables, grouped, settings.film.has_jump())

    def _insert_thanks(self, settings):
        if not settings.film.get_thanks_rows():
            return []
        pipeline = ThanksPipeline(settings)
        tables = [*pipeline.film(), *pipeline.actions()]
        grouped = SQL(
            """SELECT partner_id, MIN(scenario_id) AS scenario_id, kind, is_optional,
                      split, MAX(rank) AS rank, 0 AS amount,
                      NULL::date AS reply_date, NULL::date AS dissatisfied_date
                 FROM due GROUP BY partner_id, kind, is_optional, split"""
        )
        return self._insert(settings, tables, grouped, overtaken=False)

    def _insert(self, settings, tables, grouped, overtaken):
        query = Insertion(settings).get_query(tables, grouped, overtaken)
        return [row["id"] for row in self._execute(query)]
