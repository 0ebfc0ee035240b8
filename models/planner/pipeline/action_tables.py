from odoo.tools import SQL

from . import rules
from .film_tables import FilmTables


class Pipeline(FilmTables):
    """SQL pipeline of the planner, composed table by table for each use.

    Its input: the open items of a company and its branches on one day, the steps of
    their scenarios with the steps from which these count, the history of each claim,
    and the holds of other models (`_get_hold_queries` of the planner).

    Its use: each method returns one common table or a list of them. Take those that a
    query needs, in this order, and select from the last ones:

    - `ledger()`: open items, customers, chaseable amounts (`item`, `customer`, `claim`,
      `balance`);
    - `film()`: each claim of the company with its next step and trigger date (`film`);
    - `actions()`: the claims that no rule stops, and the actions for them (`contact`,
      `answer`, `due`, `grouped`).

    For an invoice due on 20 February, with the first reminder 8 days later:

    >>> planner = env["dunning.planner"]
    >>> pipeline = Pipeline(planner._prepare(company, date(2026, 3, 4)))
    >>> tables = [*pipeline.ledger(), *pipeline.film()]
    >>> planner._fetch(tables, SQL("SELECT step_code, trigger_date::text FROM film"))
    [{'step_code': 'reminder_1', 'trigger_date': '2026-02-28'}]

    Its structure: steps and their chains of anchors enter as values, so that nothing
    recurses per claim, and the number of queries does not depend on the number of
    customers. Each rule is defined once, in `rules`: `due` leaves out the claims that
    break one, `dunning.explainer` selects each of them as a column. A `Scope` restricts
    the tables to a few customers. Lines about to be dropped or to lapse are given as
    parameters: the film is computed as if they already were.
    """

    def actions(self):
        return [self.contact(), self.answer(), self.due(), self.group()]

    def contact(self):
        """Return the table of each customer's last contact, in any scenario, channel
        and company of the tree, and the number of contacts in 7 and 30 days, over all
        companies where these are counted together.

        Only contacts that can still matter; uses the index on the action's customer.
        """
        is_near = SQL("company_id = ANY(%s)", self.settings.tree.ids)
        is_shared = self.settings.setup.dunning_is_ceiling_shared
        is_counted = SQL("TRUE") if is_shared else is_near
        return SQL(
            """contact AS (
                SELECT partner_id,
                       MAX(contact_date) FILTER (WHERE is_near) AS contact_date,
                       COUNT(*) FILTER (WHERE contact_date > %(day)s - 7)
                           AS week_count,
                       COUNT(*) FILTER (WHERE contact_date > %(day)s - 30)
                           AS month_count
                  FROM (SELECT partner_id, %(is_near)s AS is_near,
                               COALESCE(performed_date, planned_date) AS contact_date
                          FROM dunning_action action
                         WHERE %(is_counted)s
                           AND kind <> 'thanks'
                           AND state IN ('done', 'to_confirm', 'scheduled',
                                         'in_progress', 'failed')
                           AND COALESCE(performed_date, planned_date)
                               > %(day)s - %(window)s
                           AND %(is_kept)s) made
                 GROUP BY partner_id)""",
            is_near=is_near,
            is_counted=is_counted,
            day=self.day,
            window=self.settings.contact_window,
            is_kept=self._is_kept_action(),
        )

    def answer(self):
        """Return the table of each customer's last answer to a message and last bad
        answer not yet settled, while they hold back automatic actions.

        A later good answer cancels nothing: each contact is judged on its own.
        """
        return SQL(
            """answer AS (
                SELECT partner_id, MAX(reply_date) AS reply_date,
                       MAX(dissatisfied_date) AS dissatisfied_date
                  FROM (SELECT partner_id, reply_date, NULL::date AS dissatisfied_date
                          FROM dunning_action action
                         WHERE company_id = ANY(%(companies)s)
                           AND reply_date > %(day)s - %(reply_days)s
                         UNION ALL
                        SELECT partner_id, NULL, satisfaction_date
                          FROM dunning_action action
                         WHERE company_id = ANY(%(companies)s)
                           AND satisfaction IN (1, 2)
                           AND satisfaction_settled_date IS NULL
                           AND satisfaction_date
                               > %(day)s - %(dissatisfied_days)s) said
                 GROUP BY partner_id)""",
            companies=self.settings.tree.ids,
            day=self.day,
            reply_days=self.settings.setup.dunning_reply_hold_days,
            dissatisfied_days=self.settings.setup.dunning_dissatisfied_hold_days,
        )

    def _is_kept_action(self):
        """Return the SQL condition of actions to count: open ones do unless all their
        open lines are to be dropped."""
        gone = self.stale_lines + self.lapsed_lines
        if not gone:
            return SQL("TRUE")
        return SQL(
            """(state = 'done'
                OR EXISTS (SELECT 1 FROM dunning_action_line line
                            WHERE line.action_id = action.id AND line.state = 'open'
                              AND line.id <> ALL(%(gone)s))
                OR NOT EXISTS (SELECT 1 FROM dunning_action_line line
                                WHERE line.action_id = action.id
                                  AND line.id = ANY(%(gone)s)))""",
            gone=gone,
        )

    def due(self):
        """Return the table of the claims that no rule on them or their customer
        stops."""
        failing = [
            *rules.CLAIM_RULES,
            *rules.TIMING_RULES,
            *rules.CUSTOMER_RULES,
        ]
        return SQL(
            """due AS MATERIALIZED (
                SELECT f.*,
                       CASE f.grouping WHEN 'step' THEN f.step_id
                                       WHEN 'invoice' THEN f.id ELSE 0 END AS split,
                       %(net)s AS net, a.reply_date, a.dissatisfied_date,
                       k.week_count, k.month_count
                  FROM film f
                  JOIN balance b ON b.partner_id = f.partner_id
                  LEFT JOIN contact k ON k.partner_id = f.partner_id
                  LEFT JOIN answer a ON a.partner_id = f.partner_id
                 WHERE NOT %(failing)s)""",
            failing=rules.any_failed(failing),
            net=rules.net_balance("f"),
        )

    def group(self):
        """Return the tables of the actions for the due claims, in their order of
        preference."""
        week_limit, month_limit = self.settings.ceilings
        return SQL(
            """totals AS (
                SELECT partner_id, scenario_id, kind, is_optional, split,
                       MAX(rank) AS rank, SUM(chaseable) AS amount,
                       MIN(due_date) AS due_date, MAX(spacing) AS spacing,
                       MAX(reply_date) AS reply_date,
                       MAX(dissatisfied_date) AS dissatisfied_date,
                       LEAST(MAX(net), SUM(chaseable)) AS decisive_amount,
                       LEAST(MAX(net), SUM(chaseable)) < MAX(minimum)
                           AS is_below_minimum,
                       COALESCE(MAX(week_count), 0) AS week_count,
                       COALESCE(MAX(month_count), 0) AS month_count,
                       %(week_limit)s::int AS week_limit,
                       %(month_limit)s::int AS month_limit
                  FROM due
                 GROUP BY partner_id, scenario_id, kind, is_optional, split),
            grouped AS MATERIALIZED (
                SELECT totals.*,
                       ROW_NUMBER() OVER (
                           PARTITION BY partner_id, is_below_minimum
                           ORDER BY kind = 'reminder' DESC, is_optional, rank DESC,
                                    due_date, scenario_id, split) AS turn
                  FROM totals)""",
            week_limit=week_limit,
            month_limit=month_limit,
        )
