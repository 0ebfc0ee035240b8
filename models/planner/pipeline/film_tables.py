from odoo.fields import Domain
from odoo.tools import SQL

from ...scenario.film import CHAIN_TYPES, STEP_TYPES
from ...scenario.filters.stored_filter import (
    FilterError,
    check_not_filtering,
    search_items,
)
from .ledger_tables import LedgerTables
from .scope import EVERYTHING
from .values import values_cte


class FilmTables(LedgerTables):
    """Common tables from the claims to their next step, with their history.

    :param stale_lines: ids of open action lines treated as dropped
    :param lapsed_lines: ids of optional open lines treated as skipped on their trigger
        date
    :param is_lapsing: whether to treat each waiting line as passed, on its trigger date
    """

    def __init__(
        self,
        settings,
        scope=EVERYTHING,
        stale_lines=(),
        lapsed_lines=(),
        *,
        is_lapsing=False,
    ):
        super().__init__(settings, scope)
        check_not_filtering(settings.env)
        self.stale_lines = list(stale_lines)
        self.lapsed_lines = list(lapsed_lines)
        self.is_lapsing = is_lapsing
        self.matching = {}

    def film(self):
        """Return the tables up to the company's claims with their next step and its
        trigger date."""
        return [
            *self.steps(),
            *self.history(),
            self._open_items(),
            self._eligible(),
            self._candidate(),
            self._timed(),
            *self._next(),
            self.playing(),
            self._film(),
        ]

    def steps(self):
        film = self.settings.film
        self.matching = self._apply_filters()
        return [
            values_cte("step", STEP_TYPES, film.get_step_rows()),
            values_cte("chain", CHAIN_TYPES, film.get_chain_rows()),
        ]

    # ---- history ---------------------------------------------------------------------

    def history(self):
        """Return the tables of the claims' history, and of their position."""
        return [self._played(), self._past(), self._moved()]

    def _played(self):
        return SQL(
            """history AS MATERIALIZED (
                SELECT line.move_line_id, line.step_id, line.step_code,
                       line.scenario_id, line.kind, line.postponed_until,
                       line.trigger_date, %(state)s AS state,
                       %(performed)s AS performed_date,
                       COALESCE(line.arrival_date, %(performed)s) AS base_date,
                       COALESCE(line.cycle, 0) = claim.cycle AS is_current
                  FROM dunning_action_line line
                  JOIN claim ON claim.id = line.move_line_id
                 WHERE line.company_id = %(company)s
                   AND claim.company_id = %(company)s
                   AND line.kind IS DISTINCT FROM 'thanks')""",
            company=self.company.id,
            state=self._line_state(),
            performed=self._line_performed_date(),
        )

    def _line_state(self):
        if not (self.stale_lines or self.lapsed_lines or self.is_lapsing):
            return SQL("line.state")
        return SQL(
            """CASE WHEN line.id = ANY(%(stale)s) THEN 'dropped'
                    WHEN line.id = ANY(%(lapsed)s) THEN 'skipped'
                    ELSE line.state END""",
            stale=self.stale_lines,
            lapsed=self.lapsed_lines,
        )

    def _line_performed_date(self):
        if not self.lapsed_lines:
            return SQL("line.performed_date")
        return SQL(
            """CASE WHEN line.id = ANY(%(lapsed)s) THEN line.trigger_date
                    ELSE line.performed_date END""",
            lapsed=self.lapsed_lines,
        )

    def _past(self):
        """Return the table of each claim's history, in one row; `moved_date` is its
        last contact in another scenario than the present one."""
        passed = ["done", "skipped", *(["open"] if self.is_lapsing else [])]
        return SQL(
            """past AS MATERIALIZED (
                SELECT h.move_line_id AS id,
                       MAX(step.rank) FILTER (WHERE h.is_current
                           AND h.state = ANY(%(passed)s)) AS position,
                       MAX(h.performed_date) FILTER (WHERE h.is_current
                           AND h.state = 'done' AND h.scenario_id IS DISTINCT FROM
                           claim.scenario_id) AS moved_date,
                       MAX(h.postponed_until) FILTER (WHERE h.state = 'dropped')
                           AS postponed_until,
                       BOOL_OR(h.state = 'open') AS is_in_action,
                       BOOL_OR(h.state = 'done' AND h.performed_date = %(day)s)
                           AS is_played_today,
                       BOOL_OR(h.is_current AND h.kind = 'reminder'
                           AND h.state = 'done') AS has_reminder
                  FROM history h
                  JOIN claim ON claim.id = h.move_line_id
                  LEFT JOIN step ON step.id = h.step_id
                        AND step.scenario_id = claim.scenario_id
                 GROUP BY h.move_line_id)""",
            passed=passed,
            day=self.day,
        )

    def _moved(self):
        """Return the table of the positions of claims that came from another scenario:
        a step counts as passed if its code was performed, or if its own trigger date,
        performances aside, is not after the last contact."""
        return SQL(
            """moved AS (
                SELECT past.id, MAX(step.rank) AS position
                  FROM past
                  JOIN claim ON claim.id = past.id
                  JOIN step ON step.scenario_id = claim.scenario_id
                 WHERE past.moved_date IS NOT NULL
                   AND (%(own_trigger)s <= past.moved_date
                        OR EXISTS (SELECT 1 FROM history h
                                    WHERE h.move_line_id = past.id AND h.is_current
                                      AND h.state = 'done'
                                      AND h.step_code = step.code))
                 GROUP BY past.id)""",
            own_trigger=self._own_trigger(),
        )

    def _own_trigger(self):
        """Return the SQL of a step's own trigger date; a claim whose invoice was sent
        again counts from that day at the earliest."""
        return SQL("GREATEST(%s, claim.restart_date) + step.delay", self._own_anchor())

    def _own_anchor(self):
        return SQL(
            """CASE step.anchor WHEN 'invoice_date' THEN claim.invoice_date
                                ELSE claim.due_date END"""
        )

    # ---- next step -------------------------------------------------------------------

    def _open_items(self):
        return SQL(
            """open_items AS (
                SELECT item.partner_id, COUNT(*) AS number
                  FROM item
                  LEFT JOIN claim ON claim.id = item.id
                 WHERE item.company_id = %(company)s
                   AND (item.amount_residual < 0 OR claim.id IS NOT NULL)
                 GROUP BY item.partner_id)""",
            company=self.company.id,
        )

    def _eligible(self):
        """Return the table of the playable steps after the position, not expired and
        with their condition met.

        A notice expires when its claim is overdue.
        """
        return SQL(
            """eligible AS (
                SELECT claim.id, step.id AS step_id, step.rank, step.is_jump
                  FROM claim
                  JOIN open_items ON open_items.partner_id = claim.partner_id
                  LEFT JOIN past ON past.id = claim.id
                  LEFT JOIN moved ON moved.id = claim.id
                  JOIN step ON step.scenario_id = claim.scenario_id
                 WHERE claim.company_id = %(company)s
                   AND step.is_playable
                   AND step.rank > GREATEST(past.position, moved.position, 0)
                   AND (step.kind = 'reminder' OR NOT claim.is_overdue)
                   AND %(condition)s)""",
            company=self.company.id,
            condition=self._condition(),
        )

    def _condition(self):
        conditions = [
            SQL(
                """(step.amount_from = 0 OR claim.chaseable >= step.amount_from)
                   AND (step.amount_to = 0 OR claim.chaseable <= step.amount_to)
                   AND open_items.number >= step.items_from
                   AND (step.items_to = 0 OR open_items.number <= step.items_to)
                   AND (step.customer_size IS NULL OR claim.size = ANY(
                        CASE step.customer_size
                             WHEN 'larger' THEN ARRAY['medium', 'large']
                             ELSE ARRAY[step.customer_size] END))
                   AND (step.customer_area IS NULL
                        OR claim.is_export = (step.customer_area = 'export'))"""
            )
        ]
        for step, matching in self.matching.items():
            conditions.append(
                SQL(
                    "(step.id <> %(step)s OR claim.id = ANY(%(matching)s))",
                    step=step.id,
                    matching=matching,
                )
            )
        return SQL(" AND ").join(conditions)

    def _apply_filters(self):
        """Return {step: ids of the open items that match its filter}.

        Each filter runs on its own: a broken one leaves out its own step, which is
        recorded in the film, and disturbs no query of the planner.
        """
        film, matching = self.settings.film, {}
        steps = [s for s in film.get_conditional_steps() if s not in film.broken]
        if not steps:
            return matching
        items = self.env["account.move.line"].with_company(self.company)
        within = items._get_dunning_open_domain(self.company, self.day)
        if (ids := self.scope.get_ids("item.id")) is not None:
            within &= Domain("id", "in", ids)
        for step in steps:
            try:
                matching[step] = search_items(items, step.domain, within)
            except FilterError as error:
                film.broken[step] = str(error)
        return matching

    def _candidate(self):
        """Return the table of the first eligible step of each claim; in scenarios that
        jump, of all of them."""
        return SQL(
            """candidate AS (
                SELECT eligible.*
                  FROM eligible
                  JOIN (SELECT id, MIN(rank) AS rank FROM eligible GROUP BY id) first
                    ON first.id = eligible.id
                 WHERE eligible.rank = first.rank OR eligible.is_jump)"""
        )

    def _timed(self):
        """Return the tables of the candidates with their trigger date: counted from the
        nearest step of their chain that the claim played (from its arrival, if its
        clock starts there), else from the end of the chain; with the restart day where
        that decided."""
        return SQL(
            """hit AS (
                SELECT DISTINCT ON (c.id, c.step_id) c.id, c.step_id,
                       h.base_date + chain.delay AS trigger_date
                  FROM candidate c
                  JOIN chain ON chain.step_id = c.step_id
                  JOIN history h ON h.move_line_id = c.id
                        AND h.step_id = chain.base_step_id
                        AND h.is_current AND h.state IN ('done', 'skipped')
                 ORDER BY c.id, c.step_id, chain.place, h.base_date DESC),
            timed AS (
                SELECT c.id, step.rank, step.id AS step_id,
                       COALESCE(hit.trigger_date, %(own_trigger)s) AS trigger_date,
                       CASE WHEN hit.id IS NULL AND claim.restart_date > %(own_anchor)s
                            THEN claim.restart_date END AS counted_from
                  FROM candidate c
                  JOIN claim ON claim.id = c.id
                  JOIN step ON step.id = c.step_id
                  LEFT JOIN hit ON hit.id = c.id AND hit.step_id = c.step_id)""",
            own_trigger=self._own_trigger(),
            own_anchor=self._own_anchor(),
        )

    def _next(self):
        """Return the tables of one step per claim; in scenarios that jump, of the
        latest due one, and of the steps it overtakes, unless their filter is broken."""
        if not self.settings.film.has_jump():
            return [
                SQL("next AS (SELECT * FROM timed)"),
                SQL("overtaken AS (SELECT * FROM timed WHERE FALSE)"),
            ]
        return [
            SQL(
                """landing AS (
                    SELECT timed.*, step.is_broken
                      FROM timed
                      JOIN claim ON claim.id = timed.id
                      JOIN step ON step.id = timed.step_id
                      LEFT JOIN past ON past.id = timed.id
                     WHERE step.is_jump AND timed.trigger_date <= claim.day
                       AND (step.kind = 'notice' OR claim.is_overdue)
                       AND (NOT step.is_last_resort OR past.has_reminder IS TRUE))"""
            ),
            SQL(
                """next AS (
                    SELECT DISTINCT ON (id) id, rank, step_id, trigger_date,
                           counted_from
                      FROM (SELECT landing.*, TRUE AS is_landing FROM landing
                            UNION ALL
                            SELECT timed.*, FALSE, FALSE FROM timed) step
                     ORDER BY id, is_landing DESC,
                              CASE WHEN is_landing THEN -rank ELSE rank END)"""
            ),
            SQL(
                """overtaken AS (
                    SELECT landing.*
                      FROM landing
                      JOIN next ON next.id = landing.id AND landing.rank < next.rank
                     WHERE NOT landing.is_broken)"""
            ),
        ]

    def playing(self):
        """Return the table of the company's claims with the settings of their scenario:
        all data for the re-check of a waiting line."""
        return SQL(
            """playing AS (
                SELECT claim.*, scenario.grouping, scenario.spacing, scenario.minimum,
                       scenario.is_manual_only, scenario.is_partial_chased,
                       %(is_open_day)s AS is_open_day,
                       COALESCE(method.code, 'manual') AS payment_code
                  FROM claim
                  LEFT JOIN scenario ON scenario.id = claim.scenario_id
                  LEFT JOIN account_payment_method_line method_line
                    ON method_line.id = claim.payment_line_id
                  LEFT JOIN account_payment_method method
                    ON method.id = method_line.payment_method_id
                 WHERE claim.company_id = %(company)s)""",
            company=self.company.id,
            is_open_day=self._is_open_day("claim"),
        )

    def _film(self):
        return SQL(
            """film AS MATERIALIZED (
                SELECT claim.*, GREATEST(past.position, moved.position, 0) AS position,
                       past.postponed_until,
                       past.is_in_action IS TRUE AS is_in_action,
                       past.is_played_today IS TRUE AS is_played_today,
                       past.has_reminder IS TRUE AS has_reminder,
                       next.step_id, next.rank, next.trigger_date, next.counted_from,
                       step.kind,
                       step.code AS step_code, step.is_last_resort, step.is_optional,
                       step.is_auto, step.is_jump, step.send_hour,
                       step.is_broken IS TRUE AS is_broken
                  FROM playing claim
                  LEFT JOIN past ON past.id = claim.id
                  LEFT JOIN moved ON moved.id = claim.id
                  LEFT JOIN next ON next.id = claim.id
                  LEFT JOIN step ON step.id = next.step_id)"""
        )
