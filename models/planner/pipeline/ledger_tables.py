from odoo.tools import SQL

from ...setup.bounds import FIRST_DAY, LAST_DAY
from .scope import EVERYTHING
from .settings import SCENARIO_TYPES
from .values import values_cte


class LedgerTables:
    """Common tables from the ledger: open items, customers, claims, balances.

    :param settings: `Settings` of the planning
    :param scope: `Scope` of the customers, all by default; a customer's results do not
        depend on it
    """

    _customer_source = "item"

    def __init__(self, settings, scope=EVERYTHING):
        self.env = settings.env
        self.settings = settings
        self.company = settings.company
        self.day = settings.day
        self.scope = scope
        self.digits = self.company.currency_id.decimal_places

    def ledger(self):
        return [
            *self.scope.tables(),
            *self.scenarios(),
            self.item(),
            self.customer(),
            self.transit(),
            self.hold(),
            self.handover(),
            self.claim(),
            self.balance(),
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

    def item(self):
        """Return the table of the open receivable items of the whole company tree, in
        both directions."""
        return SQL(
            """item AS MATERIALIZED (
                SELECT item.id, item.move_id, item.company_id, item.currency_id,
                       contact.commercial_partner_id AS partner_id, item.date,
                       %(due_date)s AS due_date,
                       item.amount_residual, item.amount_residual_currency,
                       item.no_followup IS TRUE AS no_followup,
                       item.matching_number LIKE 'P%%' AS is_partial,
                       COALESCE(item.dunning_cycle, 0) AS cycle,
                       item.dunning_counted_from AS restart_date,
                       item.dunning_collection_failed_date AS collection_failed_date,
                       item.dunning_is_taken_in IS TRUE AS is_taken_in,
                       %(is_paid_out)s AS is_paid_out
                  FROM account_move_line item
                  JOIN res_partner contact ON contact.id = item.partner_id
                 WHERE %(is_open)s
                   AND %(partners)s
                   AND item.amount_residual <> 0)""",
            due_date=self._due_date(),
            is_paid_out=self.env["account.move.line"]._dunning_is_paid_out(),
            is_open=self.env["account.move.line"]._dunning_open_item_conditions(
                self.settings.tree.ids, self.day
            ),
            partners=self.scope.restrict("contact.commercial_partner_id"),
        )

    def _due_date(self):
        """Return the SQL of the due date, within the first and last day allowed: a
        mistyped one must not overflow when a step adds days to it."""
        due_date = self.env["account.move.line"]._dunning_due_date_sql()
        return SQL("LEAST(GREATEST(%s, %s), %s)", due_date, FIRST_DAY, LAST_DAY)

    def _is_claim(self):
        """Return the SQL condition of a claim: owed and asked for, not money paid out;
        see `claim` for an invoice paid by payments in process."""
        return SQL(
            """(item.amount_residual > 0 AND NOT item.is_paid_out
                AND (%s OR move.payment_state = 'paid' AND transit.id IS NOT NULL))""",
            self.env["account.move.line"]._dunning_is_asked_for(),
        )

    def customer(self):
        """Return the table of the items' customers, with their set-up in the
        company."""
        return SQL(
            """customer AS MATERIALIZED (
                SELECT p.id, p.active IS NOT TRUE AS is_archived,
                       p.dunning_insolvent_since AS insolvent_since,
                       p.user_id AS salesperson_id, COALESCE(p.tz, '') AS tz,
                       CASE WHEN p.is_company THEN p.dunning_size ELSE 'small' END
                           AS size,
                       (p.country_id <> %(home)s) IS TRUE AS is_export,
                       (p.country_id = ANY(%(closed)s)) IS TRUE AS is_closed,
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
                 WHERE p.id IN (SELECT partner_id FROM %(source)s))""",
            home=self.settings.home_country.id or None,
            closed=self.settings.closed_countries.ids,
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

    def _is_open_day(self, alias):
        """Return the SQL condition of a day on which a scenario is played: with
        business days only, a working day of the company, and of the customer's country
        if it has a calendar.

        :param alias: alias of the table with `is_closed`
        """
        return SQL(
            """(scenario.is_open_day
                AND NOT (scenario.is_business_days_only AND %s))""",
            SQL.identifier(alias, "is_closed"),
        )

    def _inherited(self, field, usable=None):
        """Return the SQL of a company-dependent value of customer `p`, from the nearest
        company with a value.

        :param usable: valid records; any other value counts as not set
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
        """Return the tables of payments in process without an entry yet: what they pay
        per instalment, earliest first (`transit`), and what is left of them per
        customer (`pending`), received and paid out. Company currency."""
        return SQL(
            """%(in_process)s,
            transit AS (
                SELECT item.id, LEAST(item.amount_residual, GREATEST(0, p.amount
                         - SUM(item.amount_residual) OVER (PARTITION BY item.move_id
                               ORDER BY item.due_date, item.id)
                         + item.amount_residual)) AS amount
                  FROM item
                  JOIN in_process_move p ON p.move_id = item.move_id
                 WHERE item.amount_residual > 0),
            pending AS (
                SELECT partner_id,
                       SUM(CASE WHEN is_inbound THEN rest ELSE 0 END) AS received,
                       SUM(CASE WHEN is_inbound THEN 0 ELSE rest END) AS paid_out
                  FROM in_process
                 WHERE partner_id IS NOT NULL
                 GROUP BY partner_id)""",
            in_process=self.env["account.payment"]._dunning_in_process_tables(
                self.settings.tree.ids, self.day
            ),
        )

    def hold(self):
        """Return the table of other models' holds per claim; no amount means the whole
        claim."""
        sources = self.env["dunning.planner"]._get_hold_queries(
            self.settings.tree.ids, self.day
        )
        none = SQL(
            "SELECT NULL::int, NULL::varchar, NULL::numeric, NULL::date WHERE FALSE"
        )
        rows = SQL(" UNION ALL ").join([none, *sources])
        return SQL(
            """hold AS (
                SELECT move_line_id, SUM(amount) AS amount,
                       BOOL_OR(amount IS NULL) AS is_whole,
                       STRING_AGG(DISTINCT kind, ', ') AS kinds,
                       CASE WHEN BOOL_AND(until IS NOT NULL) THEN MAX(until) END
                           AS until
                  FROM (%(rows)s) AS source (move_line_id, kind, amount, until)
                 WHERE until IS NULL OR until >= %(day)s
                 GROUP BY move_line_id)""",
            rows=rows,
            day=self.day,
        )

    def handover(self):
        """Return the table of the customers whose claims against a company somebody
        else collects that day."""
        return SQL(
            "handover AS (%s)",
            self.env["dunning.action"]._get_handover_query(
                self.settings.tree.ids, self.day
            ),
        )

    def claim(self):
        """Return the table of the claims, with their chaseable amount and scenario.

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
                       hold.kinds AS hold_kinds, hold.until AS held_until,
                       CASE WHEN move.move_type IN ('out_invoice', 'out_receipt')
                            THEN move.preferred_payment_method_line_id
                            ELSE customer.payment_line_id END AS payment_line_id,
                       (item.due_date < go_live.starts AND NOT item.is_taken_in)
                           IS TRUE AS is_before_go_live,
                       (item.date < customer.insolvent_since) IS TRUE
                           AS is_before_judgment,
                       customer.insolvent_since, customer.is_stopped,
                       customer.is_archived,
                       customer.size, customer.is_export, customer.is_closed,
                       handover.date AS handed_over_date,
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
                  LEFT JOIN handover ON handover.partner_id = item.partner_id
                        AND handover.company_id = item.company_id
                 WHERE %(is_claim)s)""",
            day=self.day,
            digits=self.digits,
            is_claim=self._is_claim(),
        )

    def balance(self):
        """Return the table of the customers' net balances over the company tree, in
        company currency.

        Claims that are excluded, handed over, or older than the go-live or the
        insolvency do not count; offsets and money paid out count whatever their
        exclusion, and so do payments in process. Refunds in process reduce the credits
        only.
        """
        return SQL(
            """balance AS (
                SELECT sums.partner_id,
                       ROUND(sums.overdue - GREATEST(0, %(credits)s), %(digits)s)
                           AS overdue,
                       ROUND(sums.total - GREATEST(0, %(credits)s), %(digits)s)
                           AS total
                  FROM (SELECT item.partner_id,
                               SUM(GREATEST(0, -item.amount_residual)) AS credits,
                               SUM(CASE WHEN item.is_paid_out THEN item.amount_residual
                                        WHEN claim.is_overdue THEN claim.chaseable
                                        ELSE 0 END) AS overdue,
                               SUM(CASE WHEN item.is_paid_out THEN item.amount_residual
                                        ELSE COALESCE(claim.chaseable, 0) END) AS total
                          FROM item
                          LEFT JOIN claim ON claim.id = item.id
                                AND NOT claim.no_followup
                                AND NOT claim.is_before_go_live
                                AND NOT claim.is_before_judgment
                                AND claim.handed_over_date IS NULL
                         GROUP BY item.partner_id) sums
                  LEFT JOIN pending ON pending.partner_id = sums.partner_id)""",
            digits=self.digits,
            credits=SQL(
                """sums.credits + COALESCE(pending.received, 0)
                   - COALESCE(pending.paid_out, 0)"""
            ),
        )
