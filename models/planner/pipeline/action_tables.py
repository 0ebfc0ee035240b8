from odoo.tools import SQL

from . import rules
from .film_tables import FilmTables


class Pipeline(FilmTables):
    """Put the SQL pipeline of the planner together, table by table, for each use.

    What it understands: the open items of a company and its branches on one day, the
    steps of their scenarios with the steps that these count from, what was played with
    each claim, and what other models hold back (`_get_hold_queries` of the planner).

    How to use it: each method returns one common table or a list of them. Take those
    that a question needs, in this order, and select from the last ones:

    - `ledger()`: what is open, who owes it, how much may be chased (`item`,
      `customer`, `claim`, `balance`);
    - `film()`: each claim of the company with its next step and the day of it (`film`);
    - `actions()`: the claims that no rule stops, and the actions that these would make
      (`contact`, `answer`, `due`, `grouped`).

    For an invoice due on 20 February, with the first reminder 8 days later:

    >>> planner = env["dunning.planner"]
    >>> pipeline = Pipeline(planner._prepare(company, date(2026, 3, 4)))
    >>> tables = [*pipeline.ledger(), *pipeline.film()]
    >>> planner._fetch(tables, SQL("SELECT step_code, trigger_date::text FROM film"))
    [{'step_code': 'reminder_1', 'trigger_date': '2026-02-28'}]

    How it works: steps and their chains of anchors enter as values, so that nothing
    recurses per claim, and the number of queries does not depend on the number of
    customers. Each rule stands once, in `rules`: `due` leaves out the claims of which
    one fails, `dunning.explainer` selects each of them as a column. A `Scope` lets a
    few customers stand for all. Lines that are about to be dropped or to lapse are
    given as such: the film is computed as if they were.
    """

    def actions(self):
        return [self.contact(), self.answer(), self.due(), self.group()]

    def contact(self):
        """Last contact of each customer, any scenario, channel and company of the tree,
        and how many there were in 7 and 30 days, of all companies where these are to be
        counted together.

        Only those that can still matter; uses the index on the action's customer.
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
        """Last answer of each customer to a message and last bad answer that nobody
        has dealt with, as long as they hold back what would leave by itself.

        A later good answer takes nothing back: each contact is judged on its own.
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
        """An open action counts unless all its open lines are to be dropped."""
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
        """Claims that no rule of their own or of their customer stops."""
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
        """The actions that the due claims would make, in their order of preference."""
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
