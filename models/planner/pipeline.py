"""The SQL pipeline of the planner, as common tables put together for each use.

ledger items -> customers -> claims -> history -> film (the claim with its next step)
-> balances and contacts -> due claims -> actions. Each method returns one table or a
list of them; rules come from `rules`, steps enter as values.
"""

from odoo.tools import SQL

from . import rules
from .film import CHAIN_TYPES, STEP_TYPES
from .scope import EVERYTHING
from .settings import SCENARIO_TYPES
from .values import values_cte

# Entries do not carry a payment state; see `Pipeline.claim` for the last line.
IS_CLAIM = SQL(
    """(move.move_type = 'entry'
        OR COALESCE(move.payment_state, '') NOT IN
           ('paid', 'blocked', 'reversed', 'invoicing_legacy')
        OR (move.payment_state = 'paid' AND transit.id IS NOT NULL))"""
)


class Pipeline:
    """Common tables for one company and day.

    :param settings: the `Settings` of the planning
    :param scope: the `Scope` of customers to look at, all by default; the results for
        those do not depend on it
    :param stale_lines: open action lines to be seen as dropped (ids)
    :param lapsed_lines: optional open lines to be seen as skipped on their trigger date
    :param is_lapsing: see each waiting optional line as passed, at its own trigger
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
        self.env = settings.env
        self.settings = settings
        self.company = settings.company
        self.day = settings.day
        self.scope = scope
        self.stale_lines = list(stale_lines)
        self.lapsed_lines = list(lapsed_lines)
        self.is_lapsing = is_lapsing
        self.digits = self.company.currency_id.decimal_places

    # ---- tables that enter as values ---------------------------------------------------

    def steps(self):
        film = self.settings.film
        return [
            values_cte("step", STEP_TYPES, film.get_step_rows()),
            values_cte("chain", CHAIN_TYPES, film.get_chain_rows()),
        ]

    def scenarios(self):
        return [
            values_cte("scenario", SCENARIO_TYPES, self.settings.get_scenario_rows()),
            values_cte(
                "segment",
                {"id": "int", "scenario_id": "int"},
                [
                    (segment.id, segment.scenario_id.id or None)
                    for segment in self.settings.segments
                ],
            ),
            values_cte(
                "go_live",
                {"company_id": "int", "starts": "date"},
                self.settings.go_live_dates.items(),
            ),
        ]

    # ---- ledger ------------------------------------------------------------------------

    def item(self):
        """Open receivable items of the whole company tree, in both directions."""
        return SQL(
            """item AS MATERIALIZED (
                SELECT item.id, item.move_id, item.company_id, item.currency_id,
                       contact.commercial_partner_id AS partner_id, item.date,
                       COALESCE(item.date_maturity, item.date) AS due_date,
                       item.amount_residual, item.amount_residual_currency,
                       item.no_followup IS TRUE AS no_followup,
                       item.matching_number LIKE 'P%%' AS is_partial,
                       COALESCE(item.dunning_cycle, 0) AS cycle,
                       item.dunning_is_taken_in IS TRUE AS is_taken_in
                  FROM account_move_line item
                  JOIN res_partner contact ON contact.id = item.partner_id
                 WHERE %(is_open)s
                   AND %(items)s AND %(partners)s
                   AND item.amount_residual <> 0)""",
            is_open=self.env["account.move.line"]._dunning_open_item_conditions(
                self.settings.tree.ids, self.day
            ),
            items=self.scope.restrict("item.id"),
            partners=self.scope.restrict("contact.commercial_partner_id"),
        )

    def customer(self):
        """The customers of the items, with the set-up that is theirs in the company."""
        return SQL(
            """customer AS MATERIALIZED (
                SELECT p.id, p.dunning_insolvent_since AS insolvent_since,
                       p.user_id AS salesperson_id, COALESCE(p.tz, '') AS tz,
                       COALESCE(%(collector)s, %(default_collector)s) AS collector_id,
                       %(is_stopped)s AS is_stopped,
                       %(payment_line)s AS payment_line_id,
                       COALESCE(%(own)s, segment_scenario.id, %(default)s)
                           AS scenario_id,
                       CASE WHEN %(own)s IS NOT NULL THEN 'customer'
                            WHEN segment_scenario.id IS NOT NULL THEN 'segment'
                            WHEN %(default)s IS NOT NULL THEN 'company'
                       END AS scenario_source
                  FROM res_partner p
                  LEFT JOIN segment ON segment.id = %(segment)s
                  LEFT JOIN scenario segment_scenario
                    ON segment_scenario.id = segment.scenario_id
                 WHERE p.id IN (SELECT partner_id FROM %(source)s) AND %(partners)s)""",
            partners=self.scope.restrict("p.id"),
            source=SQL.identifier(self._customer_source),
            collector=self._inherited("dunning_collector_id"),
            default_collector=SQL(
                "%s::int", self.settings.default_collector.id or None
            ),
            is_stopped=self._is_stopped(),
            payment_line=self._inherited("property_inbound_payment_method_line_id"),
            own=self._inherited("dunning_scenario_id", self.settings.scenarios),
            segment=self._inherited("dunning_segment_id", self.settings.segments),
            default=SQL("%s::int", self.settings.default_scenario.id or None),
        )

    _customer_source = "item"

    def _inherited(self, field, usable=None):
        """Return a company-dependent value of customer `p`, the nearest company's.

        :param usable: records that count; the value of a company outside of them is
            seen as not set
        """
        values = []
        for company in self.settings.chain:
            partners = self.env["res.partner"].with_company(company)
            value = partners._field_to_sql("p", field)
            if usable is not None:
                value = SQL(
                    "CASE WHEN %(value)s = ANY(%(ids)s) THEN %(value)s END",
                    value=value,
                    ids=usable.ids,
                )
            values.append(value)
        return SQL("COALESCE(%s)", SQL(", ").join(values))

    def _is_stopped(self):
        # A branch's own stop counts, and so does its parent's.
        stops = []
        for company in self.settings.chain:
            partners = self.env["res.partner"].with_company(company)
            stops.append(
                SQL(
                    "(%(stopped)s IS TRUE AND COALESCE(%(until)s >= %(day)s, TRUE))",
                    stopped=partners._field_to_sql("p", "dunning_is_stopped"),
                    until=partners._field_to_sql("p", "dunning_stop_until"),
                    day=self.day,
                )
            )
        return SQL("(%s)", SQL(" OR ").join(stops))

    def transit(self):
        """Payments in process without an entry yet, per instalment, earliest first.

        A payment of several invoices is spread over them, the earliest due first; the
        payments of an invoice over its instalments likewise. Company currency.
        """
        return SQL(
            """in_process AS (
                SELECT link.invoice_id AS move_id, payment.id AS payment_id,
                       ABS(payment.amount_company_currency_signed) AS amount
                  FROM account_payment payment
                  JOIN account_move__account_payment link
                    ON link.payment_id = payment.id
                 WHERE payment.state = 'in_process' AND payment.move_id IS NULL
                   AND payment.payment_type = 'inbound'
                   AND payment.company_id = ANY(%(companies)s)
                   AND %(moves)s),
            in_process_invoice AS (
                SELECT p.move_id, LEAST(m.residual, GREATEST(0, p.amount
                         - SUM(m.residual) OVER (PARTITION BY p.payment_id
                                                 ORDER BY m.due_date, p.move_id)
                         + m.residual)) AS amount
                  FROM in_process p
                  JOIN (SELECT move_id, SUM(amount_residual) AS residual,
                               MIN(due_date) AS due_date
                          FROM item
                         WHERE amount_residual > 0
                           AND move_id IN (SELECT move_id FROM in_process)
                         GROUP BY move_id) m ON m.move_id = p.move_id),
            transit AS (
                SELECT item.id, LEAST(item.amount_residual, GREATEST(0, p.amount
                         - SUM(item.amount_residual) OVER (PARTITION BY item.move_id
                               ORDER BY item.due_date, item.id)
                         + item.amount_residual)) AS amount
                  FROM item
                  JOIN (SELECT move_id, SUM(amount) AS amount
                          FROM in_process_invoice GROUP BY move_id) p
                    ON p.move_id = item.move_id
                 WHERE item.amount_residual > 0)""",
            companies=self.settings.tree.ids,
            moves=self.scope.restrict("link.invoice_id"),
        )

    def hold(self):
        """What other models hold, per claim; nothing stated means all of it."""
        sources = self.env["dunning.planner"]._get_hold_queries(
            self.settings.tree.ids, self.day
        )
        rows = SQL(" UNION ALL ").join([SQL(
            "SELECT NULL::int, NULL::varchar, NULL::numeric, NULL::date WHERE FALSE"
        ), *sources])
        return SQL(
            """hold AS (
                SELECT move_line_id, SUM(amount) AS amount,
                       BOOL_OR(amount IS NULL) AS is_whole,
                       STRING_AGG(DISTINCT kind, ', ') AS kinds
                  FROM (%(rows)s) AS source (move_line_id, kind, amount, until)
                 WHERE until IS NULL OR until >= %(day)s
                 GROUP BY move_line_id)""",
            rows=rows,
            day=self.day,
        )

    def claim(self):
        """Items in the company's favour, what of them may be chased, who plays them.

        In the community edition an invoice is `paid` as soon as a payment in process
        is linked to it, in full or not: such an invoice stays a claim for the rest.
        """
        return SQL(
            """claim AS MATERIALIZED (
                SELECT item.*, %(day)s::date AS day,
                       item.due_date < %(day)s AS is_overdue,
                       COALESCE(move.invoice_date, item.date) AS invoice_date,
                       CASE WHEN hold.is_whole THEN 0 ELSE ROUND(GREATEST(0,
                           item.amount_residual - COALESCE(transit.amount, 0)
                           - COALESCE(hold.amount, 0)), %(digits)s) END AS chaseable,
                       CASE WHEN move.move_type IN ('out_invoice', 'out_receipt')
                            THEN move.preferred_payment_method_line_id
                            ELSE customer.payment_line_id END AS payment_line_id,
                       (item.due_date < go_live.starts AND NOT item.is_taken_in)
                           IS TRUE AS is_before_go_live,
                       (item.date < customer.insolvent_since) IS TRUE
                           AS is_before_judgment,
                       customer.insolvent_since, customer.is_stopped,
                       customer.collector_id, customer.salesperson_id, customer.tz,
                       COALESCE(own_scenario.id, customer.scenario_id) AS scenario_id,
                       CASE WHEN own_scenario.id IS NOT NULL THEN 'entry'
                            ELSE customer.scenario_source END AS scenario_source
                  FROM item
                  JOIN account_move move ON move.id = item.move_id
                  JOIN customer ON customer.id = item.partner_id
                  LEFT JOIN go_live ON go_live.company_id = item.company_id
                  LEFT JOIN scenario own_scenario
                    ON own_scenario.id = move.dunning_scenario_id
                  LEFT JOIN transit ON transit.id = item.id
                  LEFT JOIN hold ON hold.move_line_id = item.id
                 WHERE item.amount_residual > 0 AND %(moves)s AND %(is_claim)s)""",
            day=self.day,
            digits=self.digits,
            moves=self.scope.restrict("move.id"),
            is_claim=IS_CLAIM,
        )

    def balance(self):
        """Net balances of the customers over the company tree, company currency.

        Claims that are excluded, older than the go-live or than the insolvency do not
        count; offsets count whatever their exclusion.
        """
        return SQL(
            """balance AS (
                SELECT item.partner_id,
                       ROUND(SUM(CASE WHEN item.amount_residual < 0
                                      THEN item.amount_residual
                                      WHEN claim.is_overdue THEN claim.chaseable
                                      ELSE 0 END), %(digits)s) AS overdue,
                       ROUND(SUM(CASE WHEN item.amount_residual < 0
                                      THEN item.amount_residual
                                      ELSE COALESCE(claim.chaseable, 0) END),
                             %(digits)s) AS total
                  FROM item
                  LEFT JOIN claim ON claim.id = item.id
                        AND NOT claim.no_followup AND NOT claim.is_before_go_live
                        AND NOT claim.is_before_judgment
                 GROUP BY item.partner_id)""",
            digits=self.digits,
        )

    def ledger(self):
        return [
            *self.scenarios(),
            self.item(),
            self.customer(),
            self.transit(),
            self.hold(),
            self.claim(),
            self.balance(),
        ]

    # ---- history -----------------------------------------------------------------------

    def history(self):
        """What the claims of the company went through, and the position it gives."""
        return [self._played(), self._past(), self._moved()]

    def _played(self):
        return SQL(
            """history AS MATERIALIZED (
                SELECT line.move_line_id, line.step_id, line.step_code, line.scenario_id,
                       line.kind, line.postponed_until, line.trigger_date,
                       %(state)s AS state, %(performed)s AS performed_date,
                       COALESCE(line.cycle, 0) = claim.cycle AS is_current
                  FROM dunning_action_line line
                  JOIN claim ON claim.id = line.move_line_id
                 WHERE line.company_id = %(company)s
                   AND claim.company_id = %(company)s
                   AND %(items)s
                   AND line.kind IS DISTINCT FROM 'thanks')""",
            company=self.company.id,
            items=self.scope.restrict("line.move_line_id"),
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
        """Per claim: what its history says at once; `moved_date` is its last contact
        in another scenario than the present one."""
        passed = "('done', 'skipped', 'open')" if self.is_lapsing else "('done', 'skipped')"
        return SQL(
            """past AS MATERIALIZED (
                SELECT h.move_line_id AS id,
                       MAX(step.rank) FILTER (WHERE h.is_current
                           AND h.state IN %(passed)s) AS position,
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
            passed=SQL(passed),
            day=self.day,
        )

    def _moved(self):
        """Position of the claims that came from another scenario: a step counts as
        passed when its code was performed, or when its own trigger, no performance
        counted, is not after the last contact."""
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
        return SQL(
            """CASE step.anchor WHEN 'invoice_date' THEN claim.invoice_date
                                ELSE claim.due_date END + step.delay"""
        )

    # ---- next step ---------------------------------------------------------------------

    def film(self):
        """The claims of the company with their next step and its trigger date."""
        return [
            *self.steps(),
            *self.history(),
            self._open_items(),
            self._eligible(),
            self._candidate(),
            self._timed(),
            *self._next(),
            self._film(),
        ]

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
        """Steps after the position that are played, not expired, whose condition holds.

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
                   AND (step.items_to = 0 OR open_items.number <= step.items_to)"""
            )
        ]
        items = self.env["account.move.line"].with_company(self.company)
        for step in self.settings.film.get_conditional_steps():
            matching = items._search(step._get_domain())
            conditions.append(
                SQL(
                    "(step.id <> %(step)s OR claim.id IN %(matching)s)",
                    step=step.id,
                    matching=matching.subselect(),
                )
            )
        return SQL(" AND ").join(conditions)

    def _candidate(self):
        """The first eligible step; in scenarios that jump, all of them."""
        return SQL(
            """candidate AS (
                SELECT eligible.*
                  FROM eligible
                  JOIN (SELECT id, MIN(rank) AS rank FROM eligible GROUP BY id) first
                    ON first.id = eligible.id
                 WHERE eligible.rank = first.rank OR eligible.is_jump)"""
        )

    def _timed(self):
        """The candidates with their trigger date: counted from the nearest step of
        their chain that the claim played, else from the end of the chain."""
        return SQL(
            """hit AS (
                SELECT DISTINCT ON (c.id, c.step_id) c.id, c.step_id,
                       h.performed_date + chain.delay AS trigger_date
                  FROM candidate c
                  JOIN chain ON chain.step_id = c.step_id
                  JOIN history h ON h.move_line_id = c.id
                        AND h.step_id = chain.base_step_id
                        AND h.is_current AND h.state IN ('done', 'skipped')
                 ORDER BY c.id, c.step_id, chain.place, h.performed_date DESC),
            timed AS (
                SELECT c.id, step.rank, step.id AS step_id,
                       COALESCE(hit.trigger_date, %(own_trigger)s) AS trigger_date
                  FROM candidate c
                  JOIN claim ON claim.id = c.id
                  JOIN step ON step.id = c.step_id
                  LEFT JOIN hit ON hit.id = c.id AND hit.step_id = c.step_id)""",
            own_trigger=self._own_trigger(),
        )

    def _next(self):
        """One step per claim; in scenarios that jump, the latest that is due, and the
        ones it overtakes."""
        if not self.settings.film.has_jump():
            return [
                SQL("next AS (SELECT * FROM timed)"),
                SQL("overtaken AS (SELECT * FROM timed WHERE FALSE)"),
            ]
        return [
            SQL(
                """landing AS (
                    SELECT timed.*
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
                    SELECT DISTINCT ON (id) id, rank, step_id, trigger_date
                      FROM (SELECT landing.*, TRUE AS is_landing FROM landing
                            UNION ALL
                            SELECT timed.*, FALSE FROM timed) step
                     ORDER BY id, is_landing DESC,
                              CASE WHEN is_landing THEN -rank ELSE rank END)"""
            ),
            SQL(
                """overtaken AS (
                    SELECT landing.*
                      FROM landing
                      JOIN next ON next.id = landing.id AND landing.rank < next.rank)"""
            ),
        ]

    def _film(self):
        return SQL(
            """film AS MATERIALIZED (
                SELECT claim.*, scenario.grouping, scenario.spacing, scenario.minimum,
                       scenario.is_manual_only, scenario.is_partial_chased,
                       scenario.is_open_day,
                       COALESCE(method.code, 'manual') AS payment_code,
                       GREATEST(past.position, moved.position, 0) AS position,
                       past.postponed_until,
                       past.is_in_action IS TRUE AS is_in_action,
                       past.is_played_today IS TRUE AS is_played_today,
                       past.has_reminder IS TRUE AS has_reminder,
                       next.step_id, next.rank, next.trigger_date, step.kind,
                       step.code AS step_code, step.is_last_resort, step.is_optional,
                       step.is_jump, step.send_hour
                  FROM claim
                  LEFT JOIN scenario ON scenario.id = claim.scenario_id
                  LEFT JOIN account_payment_method_line method_line
                    ON method_line.id = claim.payment_line_id
                  LEFT JOIN account_payment_method method
                    ON method.id = method_line.payment_method_id
                  LEFT JOIN past ON past.id = claim.id
                  LEFT JOIN moved ON moved.id = claim.id
                  LEFT JOIN next ON next.id = claim.id
                  LEFT JOIN step ON step.id = next.step_id
                 WHERE claim.company_id = %(company)s)""",
            company=self.company.id,
        )

    # ---- actions -----------------------------------------------------------------------

    def contact(self):
        """Last contact of each customer, any company of the tree, scenario, channel.

        Only those that can still matter; uses the index on the action's customer.
        """
        return SQL(
            """contact AS (
                SELECT partner_id,
                       MAX(COALESCE(performed_date, planned_date)) AS contact_date
                  FROM dunning_action action
                 WHERE company_id = ANY(%(companies)s)
                   AND kind <> 'thanks'
                   AND state IN ('done', 'to_confirm', 'scheduled', 'in_progress',
                                 'failed')
                   AND COALESCE(performed_date, planned_date) > %(day)s - %(spacing)s
                   AND %(partners)s AND %(is_kept)s
                 GROUP BY partner_id)""",
            companies=self.settings.tree.ids,
            day=self.day,
            spacing=self.settings.max_spacing,
            partners=self.scope.restrict("action.partner_id"),
            is_kept=self._is_kept_action(),
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
            *rules.claim_rules(),
            *rules.timing_rules(),
            *rules.customer_rules(),
        ]
        return SQL(
            """due AS MATERIALIZED (
                SELECT f.*,
                       CASE f.grouping WHEN 'step' THEN f.step_id
                                       WHEN 'invoice' THEN f.id ELSE 0 END AS split,
                       CASE f.kind WHEN 'notice' THEN b.total
                                   ELSE b.overdue END AS net
                  FROM film f
                  JOIN balance b ON b.partner_id = f.partner_id
                  LEFT JOIN contact k ON k.partner_id = f.partner_id
                 WHERE NOT %(failing)s)""",
            failing=rules.any_failed(failing),
        )

    def group(self):
        """The actions that the due claims would make, in their order of preference."""
        return SQL(
            """totals AS (
                SELECT partner_id, scenario_id, kind, is_optional, split,
                       MAX(rank) AS rank, SUM(chaseable) AS amount,
                       MIN(due_date) AS due_date, MAX(spacing) AS spacing,
                       LEAST(MAX(net), SUM(chaseable)) AS decisive_amount,
                       LEAST(MAX(net), SUM(chaseable)) < MAX(minimum)
                           AS is_below_minimum
                  FROM due
                 GROUP BY partner_id, scenario_id, kind, is_optional, split),
            grouped AS MATERIALIZED (
                SELECT totals.*,
                       ROW_NUMBER() OVER (
                           PARTITION BY partner_id, is_below_minimum
                           ORDER BY kind = 'reminder' DESC, is_optional, rank DESC,
                                    due_date, scenario_id, split) AS turn
                  FROM totals)"""
        )

    def actions(self):
        return [self.contact(), self.due(), self.group()]
