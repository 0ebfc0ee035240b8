from odoo.tools import SQL

from ...scenario.film import STEP_TYPES
from . import rules
from .ledger_tables import LedgerTables
from .scope import Scope
from .values import values_cte

# Days after the payment day, delay of the step aside, during which thanks make sense.
WINDOW = 30


class ThanksPipeline(LedgerTables):
    """Pipeline of settled claims, up to their thanks step.

    :param items: SQL condition on the journal item, alias `item`; by default the items
        settled within the window
    """

    _customer_source = "settled"

    def __init__(self, settings, items=None):
        super().__init__(settings)
        self.items = items

    def _is_settled_lately(self):
        """Return the SQL condition of the items settled within the window, by the index
        on the date of partial reconciliations."""
        delays = [row.delay for row in self.settings.film.get_thanks_rows()] or [0]
        return SQL(
            """item.id IN (SELECT debit_move_id FROM account_partial_reconcile
                            WHERE max_date > %(day)s - %(first)s
                              AND max_date <= %(day)s - %(last)s)""",
            day=self.day,
            first=max(delays) + WINDOW,
            last=min(delays),
        )

    def settled(self):
        """Return the table of the settled claims of the company, with the day of their
        payment.

        The day is the latest of their partial reconciliations, exchange differences
        aside; a claim is paid if a payment or a bank entry took part. Somebody paid if
        the customer did so online or by hand (`by_customer`), we may have debited them
        by a method of ours (`by_method`), or only the bank's entry is known
        (`by_bank`).
        """
        return SQL(
            """settled AS MATERIALIZED (
                SELECT item.id, item.move_id, item.company_id, item.currency_id,
                       contact.commercial_partner_id AS partner_id, item.date,
                       %(due_date)s AS due_date,
                       item.no_followup IS TRUE AS no_followup,
                       item.dunning_is_taken_in IS TRUE AS is_taken_in,
                       COALESCE(item.dunning_cycle, 0) AS cycle,
                       MAX(partial.max_date) AS paid_date,
                       item.dunning_collection_failed_date AS collection_failed_date,
                       item.reconciled IS TRUE
                           AND COALESCE(BOOL_OR(%(is_payment)s), FALSE) AS is_paid,
                       COALESCE(BOOL_OR(paying.payment_id IS NULL AND %(is_payment)s),
                                FALSE) AS by_bank,
                       COALESCE(BOOL_OR(%(means)s = 'customer'), FALSE) AS by_customer,
                       COALESCE(BOOL_OR(%(means)s = 'method'), FALSE) AS by_method
                  FROM account_move_line item
                  JOIN res_partner contact ON contact.id = item.partner_id
                  LEFT JOIN account_partial_reconcile partial
                    ON partial.debit_move_id = item.id
                  LEFT JOIN account_move_line paying
                    ON paying.id = partial.credit_move_id
                  LEFT JOIN account_journal journal ON journal.id = paying.journal_id
                 WHERE item.company_id = %(company)s
                   AND item.parent_state = 'posted'
                   AND item.balance > 0
                   AND item.amount_currency > 0
                   AND item.account_id = ANY(%(accounts)s)
                   AND NOT %(is_paid_out)s
                   AND %(items)s
                   AND NOT EXISTS (SELECT 1 FROM account_partial_reconcile exchange
                                    WHERE exchange.exchange_move_id = paying.move_id)
                 GROUP BY item.id, contact.commercial_partner_id)""",
            company=self.company.id,
            due_date=self.env["account.move.line"]._dunning_due_date_sql(),
            accounts=self.env["account.move.line"]._dunning_receivable_accounts(),
            items=self.items or self._is_settled_lately(),
            is_paid_out=self.env["account.move.line"]._dunning_is_paid_out(),
            is_payment=SQL(
                "(%s AND %s)",
                self.env["account.move.line"]._dunning_is_payment("paying", "journal"),
                self.env["account.move.line"]._dunning_stays("item", "paying"),
            ),
            means=self._means(),
        )

    def _means(self):
        """Return the SQL of who made a payment: the customer, online or by hand, or we,
        by a saved card (`offline`) or another method. Each is looked up by index."""
        return SQL(
            """(SELECT CASE WHEN payment.payment_transaction_id IS NULL
                            THEN CASE COALESCE((
                                      SELECT method.code
                                        FROM account_payment_method method
                                       WHERE method.id = payment.payment_method_id),
                                      'manual')
                                      WHEN 'manual' THEN 'customer' ELSE 'method' END
                            ELSE (SELECT CASE paid.operation WHEN 'offline'
                                              THEN 'offline' ELSE 'customer' END
                                    FROM payment_transaction paid
                                   WHERE paid.id = payment.payment_transaction_id)
                       END
                  FROM account_payment payment
                 WHERE payment.id = paying.payment_id)"""
        )

    def returned(self):
        """Return the tables of the settled claims whose payment the bank took back, as
        money paid out of the same amount, not earlier, says that is not matched yet."""
        return SQL(
            """doubtful AS MATERIALIZED (
                SELECT settled.id, settled.partner_id, settled.company_id
                  FROM settled
                 WHERE partner_id IN (SELECT partner_id FROM item WHERE is_paid_out)),
            doubtful_part AS MATERIALIZED (
                SELECT debit_move_id, credit_move_id
                  FROM account_partial_reconcile
                 WHERE debit_move_id = ANY(ARRAY(SELECT id FROM doubtful))),
            returned AS (
                SELECT DISTINCT doubtful.id
                  FROM doubtful
                  JOIN doubtful_part part ON part.debit_move_id = doubtful.id
                  JOIN account_move_line paying ON paying.id = part.credit_move_id
                  JOIN account_journal journal ON journal.id = paying.journal_id
                  JOIN item ON item.partner_id = doubtful.partner_id
                       AND item.company_id = doubtful.company_id
                       AND item.currency_id = paying.currency_id
                       AND item.amount_residual_currency = -paying.amount_currency
                       AND item.date >= paying.date
                 WHERE item.is_paid_out AND %(is_payment)s
                   AND paying.id = ANY(ARRAY(
                       SELECT credit_move_id FROM doubtful_part)))""",
            is_payment=self.env["account.move.line"]._dunning_is_payment(
                "paying", "journal"
            ),
        )

    def overdue(self):
        """Return the tables of the settled items' customers with an overdue claim."""
        settled = SQL("SELECT partner_id FROM settled")
        ledger = LedgerTables(
            self.settings, Scope({"contact.commercial_partner_id": settled})
        )
        return [ledger.item(), ledger.transit(), self._overdue_customer()]

    def _overdue_customer(self):
        return SQL(
            """overdue_customer AS (
                SELECT DISTINCT item.partner_id
                  FROM item
                  JOIN account_move move ON move.id = item.move_id
                  LEFT JOIN transit ON transit.id = item.id
                 WHERE item.due_date < %(day)s
                   AND item.company_id = %(company)s AND %(is_claim)s)""",
            day=self.day,
            company=self.company.id,
            is_claim=self._is_claim(),
        )

    def film(self):
        """Return the tables of the settled claims with their thanks step."""
        return [
            *self.scenarios(),
            values_cte("step", STEP_TYPES, self.settings.film.get_thanks_rows()),
            self.settled(),
            self.customer(),
            self.handover(),
            *self.overdue(),
            self.returned(),
            self._film(),
            SQL(
                """balance AS (
                    SELECT customer.id AS partner_id,
                           overdue_customer.partner_id IS NOT NULL AS has_overdue
                      FROM customer
                      LEFT JOIN overdue_customer
                        ON overdue_customer.partner_id = customer.id)"""
            ),
        ]

    def _film(self):
        return SQL(
            """film AS MATERIALIZED (
                SELECT settled.*, %(day)s::date AS day,
                       returned.id IS NOT NULL AS is_returned,
                       scenario.is_debit_thanked,
                       %(is_debited)s AS is_debited,
                       (settled.due_date < go_live.starts AND NOT settled.is_taken_in)
                           IS TRUE AS is_before_go_live,
                       customer.collector_id, customer.salesperson_id, customer.tz,
                       customer.is_stopped, handover.date AS handed_over_date,
                       COALESCE(own_scenario.id, customer.scenario_id) AS scenario_id,
                       CASE WHEN own_scenario.id IS NOT NULL THEN 'entry'
                            ELSE customer.scenario_source END AS scenario_source,
                       COALESCE(%(is_open_day)s, TRUE) AS is_open_day,
                       step.id AS step_id, step.code AS step_code, step.kind,
                       step.send_hour, step.rank, 0 AS position, 0 AS chaseable,
                       settled.paid_date + step.delay AS trigger_date,
                       EXISTS (SELECT 1 FROM dunning_action_line line
                                WHERE line.move_line_id = settled.id
                                  AND line.kind = 'thanks'
                                  AND line.state IN ('open', 'done', 'skipped'))
                           AS is_thanked
                  FROM settled
                  JOIN account_move move ON move.id = settled.move_id
                  JOIN customer ON customer.id = settled.partner_id
                  LEFT JOIN returned ON returned.id = settled.id
                  LEFT JOIN go_live ON go_live.company_id = settled.company_id
                  LEFT JOIN handover ON handover.partner_id = settled.partner_id
                        AND handover.company_id = settled.company_id
                  LEFT JOIN scenario own_scenario
                    ON own_scenario.id = move.dunning_scenario_id
                  LEFT JOIN scenario ON scenario.id =
                       COALESCE(own_scenario.id, customer.scenario_id)
                  LEFT JOIN account_payment_method_line method_line
                    ON method_line.id = CASE
                       WHEN move.move_type IN ('out_invoice', 'out_receipt')
                       THEN move.preferred_payment_method_line_id
                       ELSE customer.payment_line_id END
                  LEFT JOIN account_payment_method method
                    ON method.id = method_line.payment_method_id
                  LEFT JOIN step ON step.scenario_id = scenario.id)""",
            day=self.day,
            is_debited=self._is_debited(),
            is_open_day=self._is_open_day("customer"),
        )

    def _is_debited(self):
        """Return the SQL condition that we debited the customer: by a saved card, by a
        method that the scenario does not follow up, or by the claim's own such method
        where only the bank's entry is known; not after a collection that failed."""
        return SQL(
            """settled.is_paid AND NOT (
                   settled.by_customer
                   OR settled.by_method AND scenario.is_manual_only IS NOT TRUE
                   OR settled.by_bank
                      AND (scenario.is_manual_only IS NOT TRUE
                           OR COALESCE(method.code, 'manual') = 'manual'
                           OR settled.collection_failed_date IS NOT NULL))"""
        )

    def actions(self):
        """Return the table for one thanks action per customer, with the step of the
        lowest scenario."""
        return [
            SQL(
                """due AS MATERIALIZED (
                    SELECT f.*, FALSE AS is_optional, 0 AS split,
                           0 AS amount_residual, 0 AS amount_residual_currency
                      FROM film f
                      JOIN balance b ON b.partner_id = f.partner_id
                     WHERE NOT %(failing)s)""",
                failing=rules.any_failed(rules.THANKS_RULES),
            ),
        ]
