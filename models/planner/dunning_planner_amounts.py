from odoo import models
from odoo.tools import SQL

from .pipeline.action_tables import Pipeline


class DunningPlanner(models.AbstractModel):
    """Extend the planner with the amounts that it decides by, for the messages: what
    may be asked for each claim, and what stands to the customers' credit."""

    _inherit = "dunning.planner"

    def _get_open_amounts(self, company, date, customers):
        """Return the open items that the planner sets against each other, those of the
        whole company tree, in their own currencies.

        :param company: res.company
        :param date: the company's day
        :param customers: commercial partners
        :return: list of dicts, the oldest due date first: `id` of the journal item,
            `partner_id`, `company_id`, `currency_id`, `due_date`, `is_overdue`,
            `is_counted` (whether it is in the balances), `amount` (what may be asked
            for a claim, negative for a credit)
        """
        settings = self._prepare(company, date)
        pipeline = Pipeline(settings, self._get_scope(settings, customers))
        rows = self._fetch(pipeline.ledger(), self._select_open_amounts())
        return [row | {"amount": float(row["amount"])} for row in rows]

    def _select_open_amounts(self):
        """Return the SQL of the open items with the amount that counts, in their
        currency: of a claim the chaseable part, in the proportion of its open
        amounts."""
        return SQL(
            """SELECT item.id, item.partner_id, item.company_id, item.currency_id,
                      item.due_date, COALESCE(claim.is_overdue, TRUE) AS is_overdue,
                      (claim.id IS NULL
                       OR NOT (claim.no_followup OR claim.is_before_go_live
                               OR claim.is_before_judgment)
                          AND claim.handed_over_date IS NULL) AS is_counted,
                      CASE WHEN claim.id IS NULL
                             OR claim.chaseable = item.amount_residual
                           THEN item.amount_residual_currency
                           ELSE ROUND(item.amount_residual_currency * claim.chaseable
                                      / item.amount_residual, currency.decimal_places)
                      END AS amount
                 FROM item
                 JOIN res_currency currency ON currency.id = item.currency_id
                 LEFT JOIN claim ON claim.id = item.id
                WHERE claim.id IS NOT NULL OR item.amount_residual < 0
             ORDER BY item.due_date, item.id"""
        )
