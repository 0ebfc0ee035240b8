import logging

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..setup.trouble.concurrency import is_lost_race
from .pipeline import rules
from .pipeline.action_tables import Pipeline
from .pipeline.insertion import Insertion
from .pipeline.scope import EVERYTHING, Scope
from .pipeline.settings import Settings
from .pipeline.thanks_tables import ThanksPipeline

_logger = logging.getLogger(__name__)

# First number of the advisory locks that keep two planners of a company apart.
LOCK_CLASS = 19_041_900
RETRIES = 3


class DunningPlanner(models.AbstractModel):
    """Work out from the ledger which steps are due, and prepare the actions.

    A pure function of the ledger as it stands, of the actions on record and of the
    set-up: planning twice creates nothing the second time. One SQL pipeline, made of
    one list of rules, serves planning, explaining and checking again.
    """

    _name = "dunning.planner"
    _description = "Dunning Planner"

    # ---- entry points ----------------------------------------------------------------

    @api.model
    def _plan(self, company, date, customers=None):
        """Prepare the actions that are due for one company on one day.

        Takes the journal items of exactly that company; net balances and the days
        between contacts count over its root and all its branches. Waiting lines that
        are no longer to be chased are dropped first, optional ones whose next step
        falls due lapse. Plans nothing while another transaction plans this company.

        :param company: res.company
        :param date: the company's day to plan
        :param customers: commercial partners whose waiting lines are looked at, and to
            prepare reminders and notices for; by default all
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

    @api.model
    def _explain(self, move_lines, date):
        """Tell for each journal item what comes next, and which rule decides it.

        :param move_lines: account.move.line, readable by the user
        :param date: the company's day
        :return: one dict per item, see `dunning.explainer`
        """
        return self.env["dunning.explainer"]._explain(move_lines, date)

    @api.model
    def _tell(self, items, date):
        """Say for each journal item, in a sentence or two, what comes next and when, or
        why nothing does.

        :param items: account.move.line, readable by the user
        :param date: the company's day
        :return: {item: text in the user's language}
        """
        return self.env["dunning.explainer"]._tell(items, date)

    @api.model
    def _get_summary(self, answer):
        """Say an answer of `_explain` in one line, in the user's language."""
        return self.env["dunning.explainer"]._get_summary(answer)

    @api.model
    def _is_due(self, answer):
        """Tell whether an answer of `_explain` says that the next step is due."""
        return all(rule["passed"] is not False for rule in answer["rules"])

    @api.model
    def _drop_obsolete(self, company, date, lines):
        """Take out of their actions the open lines that are no longer to be chased:
        paid, promised, disputed, excluded, expired.

        :param company: res.company of all the lines
        :param date: the company's day
        :param lines: dunning.action.line
        :return: the lines dropped
        """
        if not lines:
            return lines
        settings = self._prepare(company, date)
        scope = self._get_scope(settings, lines.partner_id, lines.move_line_id)
        stale = self._get_stale(settings, scope, lines.ids)
        return self._drop_stale(settings, stale)

    @api.model
    def _cron_plan(self):
        """Plan every company that is switched on for its day, one transaction each."""
        companies = (
            self.env["res.company"].search([("active", "=", True)])._dunning_live()
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(companies))
        for company in companies:
            self._plan_with_retry(company)
            if not cron._commit_progress(1):
                break

    @api.model
    def _get_hold_queries(self, company_ids, date):
        """Return what holds claims back: the hook for promises, disputes and the like.

        :param company_ids: companies whose claims are looked at
        :param date: day of the company
        :return: SQL queries, each selecting four columns: id of the journal item, kind
            (word for the user), amount in company currency (NULL: all of it) and last
            day of the hold (NULL: no end)
        """
        return []

    @api.model
    def _get_setup_rows(self, company_ids, field):
        """Return rows for SQL: each company, and a number of its set-up.

        :param field: name of a field of res.company, inherited from the parent
        """
        companies = self.env["res.company"].browse(company_ids)
        return SQL(", ").join(
            SQL("(%s, %s)", company.id, company._dunning_setup_company()[field])
            for company in companies
        )

    # ---- preparation -----------------------------------------------------------------

    def _plan_with_retry(self, company):
        """Plan a company; a concurrent change makes it start again, a few times.

        A company that cannot be planned stops no other: it is logged, told on the desk
        and by a task, and tried again by the next run. One that another process is
        planning is looked at again soon: that process may have died.
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
        # sudo: what is due does not depend on who asks
        return Settings(company.sudo(), date)

    def _flush(self):
        """Write what the pipeline reads by column names."""
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
            "dunning.handover",
            "dunning.step",
            "res.partner",
            "res.users",
        ):
            self.env[model].flush_model()

    def _execute(self, query):
        """Run a query of the pipeline.

        PostgreSQL cannot guess the size of common tables: nested loops between them
        would cost the square of the ledger, and compiling costs more than it saves.
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

    # ---- checking again --------------------------------------------------------------

    def _get_open_line_ids(self, company, customers=None):
        """Return the ids of the lines that wait in a company.

        :param customers: commercial partners; by default all
        """
        lines = self.env["dunning.action.line"].sudo()  # sudo: see _prepare
        domain = Domain([("state", "=", "open"), ("company_id", "=", company.id)])
        if customers is not None:
            domain &= Domain("partner_id", "in", customers.ids)
        return lines.search(domain).ids

    def _get_waiting_scope(self, company):
        """Return the scope of the customers that have open lines."""
        waiting = SQL(
            """SELECT partner_id FROM dunning_action_line
                WHERE state = 'open' AND company_id = %s""",
            company.id,
        )
        return Scope({"contact.commercial_partner_id": waiting})

    def _get_scope(self, settings, customers, items=()):
        """Return the scope of a few customers, see `Scope`.

        :param items: account.move.line to be looked at even if not open
        """
        conditions = settings.env["account.move.line"]._dunning_open_item_conditions(
            settings.tree.ids, settings.day
        )
        item_ids = items.ids if items else ()
        return Scope.of_customers(self.env, customers, conditions, item_ids)

    def _get_stale(self, settings, scope, line_ids=None):
        """Return the open lines that have to be dropped, with the code of the reason.

        Their history and their next step do not matter, nor do the filters of steps.

        :param scope: the `Scope` of customers looked at
        :param line_ids: only these lines; all open ones of the company by default
        :return: {line id: code}
        """
        pipeline = Pipeline(settings, scope)
        tables = [*pipeline.ledger(), pipeline.playing(), *pipeline.steps()]
        thanks = rules.THANKS_UNDONE
        rows = self._fetch(
            tables,
            SQL(
                """SELECT * FROM (
                     SELECT line.id, CASE WHEN line.kind = 'thanks'
                            THEN CASE WHEN %(undone)s THEN %(undone_code)s END
                            ELSE %(code)s END AS code
                       FROM dunning_action_line line
                       JOIN dunning_action action ON action.id = line.action_id
                       LEFT JOIN account_move_line item ON item.id = line.move_line_id
                       LEFT JOIN playing f ON f.id = line.move_line_id
                       LEFT JOIN balance b ON b.partner_id = line.partner_id
                       LEFT JOIN step ON step.id = line.step_id
                      WHERE line.state = 'open' AND line.company_id = %(company)s
                        AND %(lines)s) checked
                   WHERE code IS NOT NULL""",
                undone=thanks.failed,
                undone_code=thanks.code,
                code=rules.first_failed(rules.RECHECKS),
                company=settings.company.id,
                lines=SQL("line.id = ANY(%s)", line_ids) if line_ids else SQL("TRUE"),
            ),
        )
        return {row["id"]: row["code"] for row in rows}

    def _drop_stale(self, settings, stale):
        lines = settings.env["dunning.action.line"].browse(stale)
        labels = {
            check.code: check.label for check in [*rules.RECHECKS, rules.THANKS_UNDONE]
        }
        # The company's language: the reason is read by its users, whoever triggers it.
        lang = settings.company.partner_id.lang
        reasons = {
            line_id: labels[code]._translate(lang or "en_US")
            for line_id, code in stale.items()
        }
        if lines:
            lines._drop(reasons)
        return lines

    def _get_lapsed(self, settings, scope, stale_lines=()):
        """Return the optional lines nobody ticked whose next step falls due, computed
        as if the optional step stood at its own trigger.

        Not those planned that day: a late claim's optional step has one day on the
        desk, and planning twice creates nothing the second time. Nor those before a
        last resort that the claim may not jump to yet, or a step whose filter cannot
        be used: it would be chased no more.
        """
        pipeline = Pipeline(settings, scope, stale_lines, is_lapsing=True)
        rows = self._fetch(
            [*pipeline.ledger(), *pipeline.film()],
            SQL(
                """SELECT line.id
                     FROM dunning_action_line line
                     JOIN dunning_action action ON action.id = line.action_id
                     JOIN dunning_step own_step ON own_step.id = line.step_id
                     JOIN film f ON f.id = line.move_line_id
                    WHERE line.state = 'open' AND line.company_id = %(company)s
                      AND line.id <> ALL(%(stale)s)
                      AND action.state = 'to_confirm' AND NOT action.is_ticked
                      AND action.planned_date < %(day)s
                      AND own_step.mode = 'optional'
                      AND f.trigger_date <= f.day AND f.is_open_day
                      AND (f.kind = 'notice' OR f.is_overdue)
                      AND NOT (f.is_jump AND f.is_last_resort AND NOT f.has_reminder)
                      AND NOT f.is_broken
                """,
                company=settings.company.id,
                day=settings.day,
                stale=list(stale_lines),
            ),
        )
        ids = [row["id"] for row in rows]
        return settings.env["dunning.action.line"].browse(ids)
