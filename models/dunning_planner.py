import logging

from psycopg2 import errors

from odoo import api, models
from odoo.tools import SQL

from .planner import rules
from .planner.insertion import Insertion
from .planner.pipeline import Pipeline
from .planner.scope import Scope
from .planner.settings import Settings
from .planner.thanks import ThanksPipeline

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
    def _plan(self, company, date):
        """Prepare the actions that are due for one company on one day.

        Takes the journal items of exactly that company; net balances and the days
        between contacts count over its root and all its branches. Waiting lines that
        are no longer to be chased are dropped first, optional ones whose next step
        falls due lapse. Plans nothing while another transaction plans this company.

        :param company: res.company
        :param date: the company's day to plan
        :return: the `dunning.action` records created
        """
        actions = self.env["dunning.action"]
        if not self._lock_company(company):
            return actions
        settings = self._prepare(company, date)
        if self._has_open_lines(company):
            waiting = self._get_waiting_scope(company)
            self._drop_stale(settings, self._get_stale(settings, waiting))
            self._get_lapsed(settings, waiting)._lapse()
            self._flush()
        created = actions.browse(
            self._insert_thanks(settings) + self._insert_due(settings)
        )
        self.env.invalidate_all(flush=False)
        self._request_declarations(company)
        return created

    @api.model
    def _explain(self, move_lines, date):
        """Tell for each journal item what comes next, and which rule decides it.

        The items are looked at in their own company, all of one company. Read-only:
        says what `_plan` would do for them on that day.

        :param move_lines: account.move.line, readable by the user
        :param date: the company's day
        :return: one dict per item, in order: `move_line_id`, `scenario_id`,
            `scenario_source` (entry, customer, segment, company or None),
            `position_step_id`, `next_step_id`, `trigger_date`, and `rules`, an ordered
            list of dicts `code`, `passed` (None: not looked at), `value`, `text`
        """
        move_lines.check_access("read")
        if not move_lines:
            return []
        settings = self._prepare(move_lines.company_id, date)
        settled = move_lines.filtered("reconciled")
        answers = {
            **self._explain_open(settings, move_lines - settled),
            **self._explain_settled(settings, settled),
        }
        return [answers[item.id] for item in move_lines]

    @api.model
    def _get_summary(self, answer):
        """Say an answer of `_explain` in one line: the first rule that fails, if any.

        :return: text in the user's language
        """
        failed = [rule for rule in answer["rules"] if rule["passed"] is False]
        if failed:
            return self.env._("Not now: %(rule)s", rule=failed[0]["text"])
        return self.env._("Due")

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
        scope = self._get_scope(settings, lines.partner_id)
        stale = self._get_stale(settings, scope, lines.ids)
        return self._drop_stale(settings, stale)

    @api.model
    def _cron_plan(self):
        """Plan every company for its day, one transaction each."""
        companies = self.env["res.company"].search([])
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

    # ---- preparation -----------------------------------------------------------------

    def _plan_with_retry(self, company):
        """Plan a company; a concurrent change makes it start again, a few times."""
        for attempt in range(1, RETRIES + 1):
            try:
                self._plan(company, company._dunning_today())
                self.env.flush_all()
            except (errors.SerializationFailure, errors.UniqueViolation):
                self.env.cr.rollback()
                _logger.info("planning of %s met a concurrent change", company.id)
                if attempt == RETRIES:
                    raise
            else:
                return

    def _lock_company(self, company):
        self.env.cr.execute(
            SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", LOCK_CLASS, company.id)
        )
        return self.env.cr.fetchone()[0]

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
            "account.payment.method.line",
            "dunning.action",
            "dunning.action.line",
            "dunning.step",
            "res.partner",
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

    def _insert_due(self, settings):
        pipeline = Pipeline(settings)
        tables = [*pipeline.ledger(), *pipeline.film(), *pipeline.actions()]
        grouped = SQL(
            "SELECT g.* FROM grouped g WHERE NOT %s",
            rules.any_failed(rules.action_rules()),
        )
        return self._insert(settings, tables, grouped, settings.film.has_jump())

    def _insert_thanks(self, settings):
        if not settings.film.get_thanks_rows():
            return []
        pipeline = ThanksPipeline(settings)
        tables = [*pipeline.film(), *pipeline.actions()]
        grouped = SQL(
            """SELECT partner_id, MIN(scenario_id) AS scenario_id, kind, is_optional,
                      split, MAX(rank) AS rank, 0 AS amount
                 FROM due GROUP BY partner_id, kind, is_optional, split"""
        )
        return self._insert(settings, tables, grouped, overtaken=False)

    def _insert(self, settings, tables, grouped, overtaken):
        query = Insertion(settings).get_query(tables, grouped, overtaken)
        return [row["id"] for row in self._execute(query)]

    # ---- checking again --------------------------------------------------------------

    def _has_open_lines(self, company):
        lines = self.env["dunning.action.line"].sudo()  # sudo: see _prepare
        return lines.search_count(
            [("state", "=", "open"), ("company_id", "=", company.id)], limit=1
        )

    def _get_waiting_scope(self, company):
        """Return the scope of the customers that have open lines."""
        waiting = SQL(
            """SELECT partner_id FROM dunning_action_line
                WHERE state = 'open' AND company_id = %s""",
            company.id,
        )
        return Scope({"contact.commercial_partner_id": waiting})

    def _get_scope(self, settings, customers):
        """Return the scope of a few customers, see `Scope`."""
        conditions = settings.env["account.move.line"]._dunning_open_item_conditions(
            settings.tree.ids, settings.day
        )
        return Scope.of_customers(self.env, customers, conditions)

    def _get_stale(self, settings, scope, line_ids=None):
        """Return the open lines that have to be dropped, with the code of the reason.

        :param scope: the `Scope` of customers looked at
        :param line_ids: only these lines; all open ones of the company by default
        :return: {line id: code}
        """
        pipeline = Pipeline(settings, scope)
        tables = [*pipeline.ledger(), *pipeline.film()]
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
                       LEFT JOIN film f ON f.id = line.move_line_id
                       LEFT JOIN balance b ON b.partner_id = line.partner_id
                       LEFT JOIN step ON step.id = line.step_id
                      WHERE line.state = 'open' AND line.company_id = %(company)s
                        AND %(lines)s) checked
                   WHERE code IS NOT NULL""",
                undone=thanks.failed,
                undone_code=thanks.code,
                code=rules.first_failed(rules.rechecks()),
                company=settings.company.id,
                lines=SQL("line.id = ANY(%s)", line_ids) if line_ids else SQL("TRUE"),
            ),
        )
        return {row["id"]: row["code"] for row in rows}

    def _drop_stale(self, settings, stale):
        lines = settings.env["dunning.action.line"].browse(stale)
        labels = {
            check.code: check.label
            for check in [*rules.rechecks(), rules.THANKS_UNDONE]
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
        as if the optional step stood at its own trigger."""
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
                      AND own_step.mode = 'optional'
                      AND f.trigger_date <= f.day AND f.is_open_day
                      AND (f.kind = 'notice' OR f.is_overdue)""",
                company=settings.company.id,
                stale=list(stale_lines),
            ),
        )
        ids = [row["id"] for row in rows]
        return settings.env["dunning.action.line"].browse(ids)

    # ---- explaining ------------------------------------------------------------------

    def _explain_open(self, settings, items):
        if not items:
            return {}
        scope = self._get_scope(settings, items.partner_id.commercial_partner_id)
        stale = list(self._get_stale(settings, scope))
        lapsed = self._get_lapsed(settings, scope, stale).ids
        pipeline = Pipeline(settings, scope, stale, lapsed)
        checks = [
            *rules.claim_rules(),
            *rules.timing_rules(),
            *rules.customer_rules(),
            *rules.action_rules(),
        ]
        rows = self._fetch(
            [*pipeline.ledger(), *pipeline.film(), *pipeline.actions()],
            SQL(
                """SELECT item.id AS move_line_id, f.id IS NOT NULL AS is_open,
                          f.scenario_id, f.scenario_source, f.step_id, f.trigger_date,
                          at.id AS position_step_id, g.partner_id IS NOT NULL AS has_group,
                          %(checks)s
                     FROM account_move_line item
                     LEFT JOIN film f ON f.id = item.id
                     LEFT JOIN step at ON at.scenario_id = f.scenario_id
                           AND at.rank = f.position
                     LEFT JOIN balance b ON b.partner_id = f.partner_id
                     LEFT JOIN contact k ON k.partner_id = f.partner_id
                     LEFT JOIN due d ON d.id = f.id
                     LEFT JOIN grouped g ON g.partner_id = d.partner_id
                           AND g.scenario_id = d.scenario_id AND g.kind = d.kind
                           AND g.is_optional = d.is_optional AND g.split = d.split
                    WHERE item.id = ANY(%(items)s)""",
                checks=self._select_checks(checks),
                items=items.ids,
            ),
        )
        return {row["move_line_id"]: self._get_answer(row, checks) for row in rows}

    def _explain_settled(self, settings, items):
        if not items:
            return {}
        pipeline = ThanksPipeline(
            settings, items=SQL("item.id = ANY(%s)", items.ids)
        )
        checks = rules.thanks_rules()
        rows = self._fetch(
            pipeline.film(),
            SQL(
                """SELECT item.id AS move_line_id, f.id IS NOT NULL AS is_open,
                          f.scenario_id, f.scenario_source, f.step_id, f.trigger_date,
                          NULL AS position_step_id, FALSE AS has_group, %(checks)s
                     FROM account_move_line item
                     LEFT JOIN film f ON f.id = item.id
                     LEFT JOIN balance b ON b.partner_id = f.partner_id
                    WHERE item.id = ANY(%(items)s)""",
                checks=self._select_checks(checks),
                items=items.ids,
            ),
        )
        return {row["move_line_id"]: self._get_answer(row, checks) for row in rows}

    def _select_checks(self, checks):
        return SQL(", ").join(
            SQL(
                "(%(failed)s) IS TRUE AS %(failed_name)s, %(value)s AS %(value_name)s",
                failed=check.failed,
                failed_name=SQL.identifier(f"{check.code}_failed"),
                value=check.value,
                value_name=SQL.identifier(f"{check.code}_value"),
            )
            for check in checks
        )

    def _get_answer(self, row, checks):
        """Turn a row of the pipeline into an answer of `_explain`."""
        opened = {
            "code": "open",
            "passed": row["is_open"],
            "value": None,
            "text": self._get_label(rules.LABEL_OPEN),
        }
        asked = [check for check in checks if row["is_open"]]
        return {
            "move_line_id": row["move_line_id"],
            "scenario_id": row["scenario_id"],
            "scenario_source": row["scenario_source"],
            "position_step_id": row["position_step_id"],
            "next_step_id": row["step_id"],
            "trigger_date": row["trigger_date"],
            "rules": [opened, *(self._get_rule(row, check) for check in asked)],
        }

    def _get_rule(self, row, check):
        is_asked = check.scope != "action" or row["has_group"]
        return {
            "code": check.code,
            "passed": not row[f"{check.code}_failed"] if is_asked else None,
            "value": row[f"{check.code}_value"] if is_asked else None,
            "text": self._get_label(check.label),
        }

    def _get_label(self, label):
        return label._translate(self.env.lang or "en_US")

    # ---- insolvency ------------------------------------------------------------------

    def _request_declarations(self, company):
        """Ask the collector, once per insolvency, to declare the claims that are older
        than the judgment."""
        xmlid = "account_dunning_scenario.mail_activity_type_declare_claim"
        # sudo: the task is made whoever plans
        insolvent_sudo = self.env["res.partner"].sudo()
        insolvent_sudo = insolvent_sudo.search(
            [("dunning_insolvent_since", "!=", False), ("parent_id", "=", False)]
        )
        customers = insolvent_sudo._dunning_filtered_to_declare(company)
        asked = self.env["mail.activity"].sudo().with_context(active_test=False)
        known = asked.search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "in", customers.ids),
                ("activity_type_id", "=", self.env.ref(xmlid).id),
            ]
        )
        missing = customers - customers.browse(known.mapped("res_id"))
        default = Settings(company.sudo(), None).default_collector
        for user, group in missing.with_company(company).grouped(
            lambda customer: customer.dunning_collector_id or default
        ).items():
            group.with_context(mail_activity_quick_update=True).activity_schedule(
                xmlid, user_id=user.id or self.env.uid
            )
