from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from .pipeline import rules
from .pipeline.action_tables import Pipeline
from .pipeline.scope import Scope
from .pipeline.settings import Settings
from .pipeline.thanks_tables import ThanksPipeline


class DunningPlanner(models.AbstractModel):
    """Extend the planner with the re-check of waiting lines: lines no longer chased are
    dropped, overtaken optional steps lapse."""

    _inherit = "dunning.planner"

    def _drop_obsolete(self, company, date, lines):
        """Drop the open lines that are no longer chased: paid, promised, disputed,
        excluded, expired.

        :param company: res.company of all the lines
        :param date: the company's day
        :param lines: dunning.action.line
        :return: the lines dropped
        """
        if not lines:
            return lines
        # sudo: due steps do not depend on the user
        settings = Settings(company.sudo(), date)
        stale = self._get_settled(lines.sudo())
        if rest := lines.filtered(lambda line: line.id not in stale):
            self._flush()
            scope = self._get_scope(settings, rest.partner_id, rest.move_line_id)
            stale |= self._get_stale(settings, scope, rest.ids)
        return self._drop_stale(settings, stale)

    def _get_open_line_ids(self, company, customers=None):
        """Return the ids of the waiting lines of a company.

        :param customers: commercial partners; by default all
        """
        lines = self.env["dunning.action.line"].sudo()  # sudo: see _prepare
        domain = Domain([("state", "=", "open"), ("company_id", "=", company.id)])
        if customers is not None:
            domain &= Domain("partner_id", "in", customers.ids)
        return lines.search(domain).ids

    def _get_waiting_scope(self, company):
        """Return the scope of the customers with open lines."""
        waiting = SQL(
            """SELECT partner_id FROM dunning_action_line
                WHERE state = 'open' AND company_id = %s""",
            company.id,
        )
        return Scope({"contact.commercial_partner_id": waiting})

    def _get_scope(self, settings, customers, items=()):
        """Return the scope of a few customers, see `Scope`.

        :param items: account.move.line to include even if not open
        """
        conditions = settings.env["account.move.line"]._dunning_open_item_conditions(
            settings.tree.ids, settings.day
        )
        item_ids = items.ids if items else ()
        return Scope.of_customers(self.env, customers, conditions, item_ids)

    def _get_settled(self, lines):
        """Return the open lines of reminders and notices whose items are settled: the
        first check of `_get_stale`, at the cost of reading an item. A payment usually
        needs no other check.

        :param lines: dunning.action.line, readable
        :return: {line id: code}
        """
        return {
            line.id: rules.SETTLED
            for line in lines
            if line.state == "open"
            and line.kind != "thanks"
            and line.move_line_id.amount_residual <= 0
        }

    def _get_stale(self, settings, scope, line_ids=None):
        """Return the open lines to drop, with the code of the reason. Their history,
        their next step and the filters of steps do not matter.

        :param scope: `Scope` of the customers
        :param line_ids: ids of the lines to check, by default all open ones of the
            company
        :return: {line id: code}
        """
        pipeline = Pipeline(settings, scope)
        tables = [*pipeline.ledger(), pipeline.playing(), *pipeline.steps()]
        thanks = rules.THANKS_UNDONE
        rows = self._fetch(
            tables,
            SQL(
                """SELECT * FROM (
                     SELECT line.id, line.kind, line.move_line_id,
                            CASE WHEN line.kind = 'thanks'
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
                   WHERE code IS NOT NULL OR kind = 'thanks'""",
                undone=thanks.failed,
                undone_code=thanks.code,
                code=rules.first_failed(rules.RECHECKS),
                company=settings.company.id,
                lines=SQL("line.id = ANY(%s)", line_ids) if line_ids else SQL("TRUE"),
            ),
        )
        stale = {row["id"]: row["code"] for row in rows if row["code"]}
        waiting = {row["move_line_id"]: row["id"] for row in rows if not row["code"]}
        for item_id in self._get_returned(settings, list(waiting)):
            stale[waiting[item_id]] = thanks.code
        return stale

    def _get_returned(self, settings, item_ids):
        """Return the ids of those settled items whose payment the bank took back.

        :param item_ids: ids of items that thanks wait for
        """
        if not item_ids:
            return []
        pipeline = ThanksPipeline(settings, items=SQL("item.id = ANY(%s)", item_ids))
        select = SQL("SELECT id FROM film WHERE is_returned")
        return [row["id"] for row in self._fetch(pipeline.film(), select)]

    def _drop_stale(self, settings, stale):
        lines = settings.env["dunning.action.line"].browse(stale)
        labels = {
            check.code: check.label for check in [*rules.RECHECKS, rules.THANKS_UNDONE]
        }
        # The company's language: its users read the reason, whoever causes it.
        lang = settings.company._dunning_get_lang()
        reasons = {
            line_id: labels[code]._translate(lang or "en_US")
            for line_id, code in stale.items()
        }
        if lines:
            lines._drop(reasons)
        return lines

    def _get_lapsed(self, settings, scope, stale_lines=()):
        """Return the unticked optional lines whose next step falls due, computed as if
        the optional step had been played on its trigger date.

        Lines planned that day are left out: a late claim's optional step has one day on
        the desk, and planning twice creates nothing the second time. So are lines
        before a last resort that the claim may not reach yet, or before a step with a
        broken filter: the claim would not be chased any more.
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
