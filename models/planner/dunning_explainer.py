import re

from odoo import models
from odoo.tools import SQL, format_date

from .pipeline import rules
from .pipeline.action_tables import Pipeline
from .pipeline.reasons import REASONS
from .pipeline.thanks_tables import ThanksPipeline

DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
AMOUNT = re.compile(r"-?\d+\.\d+")
# Rules with a sum over the company tree as value.
TREE_RULES = ("minimum", "net")
# Rules for an open claim, in the order of the explanation.
OPEN_RULES = [
    *rules.CLAIM_RULES,
    *rules.TIMING_RULES,
    *rules.CUSTOMER_RULES,
    *rules.ACTION_RULES,
]


class DunningExplainer(models.AbstractModel):
    """Explain the next step of a claim, and the rule that decides it.

    It reads the planner's tables and rules, and has no rule of its own.
    """

    _name = "dunning.explainer"
    _description = "Follow-Up Explainer"

    def _explain(self, move_lines, date):
        """Explain the next step of each journal item, and the rule that decides it.

        Each item is explained in its own company. Read-only: the result is that of
        `_plan` on that day.

        :param move_lines: account.move.line, readable by the user
        :param date: the company's day
        :return: one dict per item, in order: `move_line_id`, `scenario_id`,
            `scenario_source` (entry, customer, segment, company or None),
            `position_step_id`, `next_step_id`, `trigger_date`, `counted_from` (day on
            which the invoice was sent again, where the trigger counts from it),
            `collection_failed_on` (day, where it is followed up for that reason),
            `held_by` (kinds of holds, as text), `held_until` (last day of the hold,
            None if open-ended), `spaced_until` (first day far enough from the last
            contact), `is_stopped` (it will wait unticked) and `rules`, an ordered list
            of dicts `code`, `passed` (None: not checked), `value`, `text`
        """
        move_lines.check_access("read")
        answers = {}
        for company, items in move_lines.grouped("company_id").items():
            settings = self.env["dunning.planner"]._prepare(company, date)
            settled = items.filtered("reconciled")
            answers |= self._explain_open(settings, items - settled)
            answers |= self._explain_settled(settings, settled)
        return [answers[item.id] for item in move_lines]

    def _get_summary(self, answer):
        """Return a one-line summary of an explanation: the reason of the first failed
        rule.

        :return: text in the user's language
        """
        failed = [rule for rule in answer["rules"] if rule["passed"] is False]
        if not failed:
            return self.env._("Due")
        code, value = failed[0]["code"], self._format_value(answer, failed[0])
        if code == "held" and answer["held_by"]:
            return self.env._("Held: %(kinds)s", kinds=answer["held_by"])
        reason = self._get_label(REASONS[code]) % {"value": value}
        if code == "trigger" and answer["counted_from"]:
            return f"{reason}, {self._get_fresh_start(answer)}"
        return reason

    def _get_fresh_start(self, answer):
        """Return the text for a claim whose film counts from the day on which its
        invoice was sent again."""
        return self.env._(
            "counted from %(day)s: the invoice was sent again",
            day=format_date(self.env, answer["counted_from"]),
        )

    def _format_value(self, answer, rule, date_format=False):
        """Return the deciding value of a rule for the user: a date or an amount in the
        user's format, empty for yes and no.

        :param answer: result of `_explain`
        :param rule: one of its rules, with amounts in the company's currency
        :param date_format: Babel format, the language's by default
        """
        value = rule["value"]
        if not value or value in ("true", "false"):
            return ""
        if DATE.fullmatch(value):
            return format_date(self.env, value, date_format=date_format)
        if AMOUNT.fullmatch(value):
            item = self.env["account.move.line"].browse(answer["move_line_id"])
            return item.company_currency_id.format(float(value))
        return value

    def _explain_open(self, settings, items):
        if not items:
            return {}
        planner = self.env["dunning.planner"]
        customers = items.partner_id.commercial_partner_id
        scope = planner._get_scope(settings, customers, items)
        stale = list(planner._get_stale(settings, scope))
        lapsed = planner._get_lapsed(settings, scope, stale).ids
        pipeline = Pipeline(settings, scope, stale, lapsed)
        checks = OPEN_RULES
        rows = planner._fetch(
            [*pipeline.ledger(), *pipeline.film(), *pipeline.actions()],
            SQL(
                """SELECT item.id AS move_line_id, f.id IS NOT NULL AS is_open,
                          f.scenario_id, f.scenario_source, f.step_id, f.trigger_date,
                          f.counted_from, %(failed_on)s AS collection_failed_on,
                          f.hold_kinds, f.held_until, f.is_stopped,
                          k.contact_date + f.spacing AS spaced_until,
                          at.id AS position_step_id,
                          g.partner_id IS NOT NULL AS has_group,
                          %(is_hidden)s AS is_hidden, %(checks)s
                     FROM account_move_line item
                     LEFT JOIN film f ON f.id = item.id
                     LEFT JOIN step at ON at.scenario_id = f.scenario_id
                           AND at.rank = f.position
                     LEFT JOIN balance b ON b.partner_id = f.partner_id
                     LEFT JOIN contact k ON k.partner_id = f.partner_id
                     LEFT JOIN answer a ON a.partner_id = f.partner_id
                     LEFT JOIN due d ON d.id = f.id
                     LEFT JOIN grouped g ON g.partner_id = d.partner_id
                           AND g.scenario_id = d.scenario_id AND g.kind = d.kind
                           AND g.is_optional = d.is_optional AND g.split = d.split
                    WHERE item.id = ANY(%(items)s)""",
                failed_on=rules.COLLECTION_FAILED_ON,
                # A sum over companies hidden from the user is not shown.
                is_hidden=bool(settings.tree - self.env.companies),
                checks=self._select_checks(checks),
                items=items.ids,
            ),
        )
        return {row["move_line_id"]: self._get_answer(row, checks) for row in rows}

    def _explain_settled(self, settings, items):
        if not items:
            return {}
        pipeline = ThanksPipeline(settings, items=SQL("item.id = ANY(%s)", items.ids))
        checks = rules.THANKS_RULES
        rows = self.env["dunning.planner"]._fetch(
            pipeline.film(),
            SQL(
                """SELECT item.id AS move_line_id, f.id IS NOT NULL AS is_open,
                          f.scenario_id, f.scenario_source, f.step_id, f.trigger_date,
                          NULL::date AS counted_from,
                          NULL::date AS collection_failed_on, NULL AS hold_kinds,
                          NULL::date AS held_until, NULL::date AS spaced_until,
                          FALSE AS is_stopped,
                          NULL AS position_step_id, FALSE AS has_group,
                          FALSE AS is_hidden, %(checks)s
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
        """Convert a row of the pipeline into an explanation, see `_explain`."""
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
            "counted_from": row["counted_from"],
            "collection_failed_on": row["collection_failed_on"],
            "held_by": row["hold_kinds"],
            "held_until": row["held_until"],
            "spaced_until": row["spaced_until"],
            "is_stopped": row["is_stopped"],
            "rules": [opened, *(self._get_rule(row, check) for check in asked)],
        }

    def _get_rule(self, row, check):
        is_asked = check.scope != "action" or row["has_group"]
        is_shown = is_asked and not (check.code in TREE_RULES and row["is_hidden"])
        return {
            "code": check.code,
            "passed": not row[f"{check.code}_failed"] if is_asked else None,
            "value": row[f"{check.code}_value"] if is_shown else None,
            "text": self._get_label(check.label),
        }

    def _get_label(self, label):
        return label._translate(self.env.lang or "en_US")
