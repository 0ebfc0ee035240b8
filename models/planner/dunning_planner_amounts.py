from collections import defaultdict

from odoo import models
from odoo.tools import SQL

from ..ledger.credits import Claim, Credit, allocate, deduct
from .pipeline.action_tables import Pipeline


class DunningPlanner(models.AbstractModel):
    """Extend the planner with the amounts that it decides by, for the messages: what
    may be asked for each claim, and what stands to the customers' credit."""

    _inherit = "dunning.planner"

    def _get_open_amounts(self, company, date, customers, companies=None):
        """Return the open items that the planner sets against each other, those of the
        whole company tree, in their own currencies; payments in process among them,
        under their negative ids.

        :param company: res.company
        :param date: the company's day
        :param customers: commercial partners
        :param companies: companies of the tree to include, for users who do not see
            them all; by default all
        :return: {customer: {id of the journal item: dict}}, the oldest due date first:
            `company_id`, `currency_id`, `due_date`, `is_overdue`, `is_counted` (whether
            it is in the balances), `is_paid_out` (money paid out to the customer),
            `amount` (what may be asked for a claim, negative for a credit), `rate` of
            its amounts in company currency to those in its own
        """
        settings = self._prepare(company, date)
        if companies is not None:
            settings.tree = companies
        pipeline = Pipeline(settings, self._get_scope(settings, customers))
        opens = {customer: {} for customer in customers}
        for row in self._fetch(pipeline.ledger(), self._select_open_amounts()):
            customer = customers.browse(row.pop("partner_id"))
            numbers = {name: float(row[name]) for name in ("amount", "rate")}
            opens[customer][row.pop("id")] = row | numbers
        return opens

    def _allocate(self, items, tree):
        """Set the credits of a customer, less what was paid out to them, against their
        claims.

        :param items: {id of the journal item: dict}, see `_get_open_amounts`
        :param tree: ids of the companies of the tree, in their order
        :return: see `allocate`; keys are ids of journal items, negative for payments in
            process
        """
        claims, offsets, paid_out = [], [], []
        for id_, row in items.items():
            place = tree.index(row["company_id"])
            if row["amount"] < 0:
                offsets.append(Credit(id_, place, row["currency_id"], -row["amount"]))
            elif row["is_paid_out"]:
                paid_out.append(Credit(id_, place, row["currency_id"], row["amount"]))
            elif row["is_counted"]:
                claims.append(
                    Claim(
                        id_,
                        place,
                        row["currency_id"],
                        row["due_date"],
                        row["is_overdue"],
                        row["amount"],
                    )
                )
        return allocate(claims, deduct(offsets, paid_out))

    def _get_late_amounts(self, company, date, customers, companies=None):
        """Return what may be asked for late claims, credits deducted.

        :param companies: as in `_get_open_amounts`
        :return: {customer: {id of the claims' company: amount in its currency}}
        """
        tree = company._dunning_tree().ids
        late = {}
        opens = self._get_open_amounts(company, date, customers, companies)
        for customer, items in opens.items():
            left = {
                id_: row["amount"]
                for id_, row in items.items()
                if row["is_counted"] and row["is_overdue"] and row["amount"] > 0
            }
            for claim, _credit, amount in self._allocate(items, tree):
                if claim in left:
                    left[claim] -= amount
            late[customer] = defaultdict(float)
            for id_, amount in left.items():
                late[customer][items[id_]["company_id"]] += amount * items[id_]["rate"]
        return late

    def _select_open_amounts(self):
        """Return the SQL of the open items with the amount that counts, in their
        currency: of a claim the chaseable part, in the proportion of its open amounts;
        of a payment in process what is left of it."""
        return SQL(
            """SELECT item.id, item.partner_id, item.company_id, item.currency_id,
                      item.due_date, COALESCE(claim.is_overdue, TRUE) AS is_overdue,
                      (item.amount_residual < 0
                       OR NOT (claim.no_followup OR claim.is_before_go_live
                               OR claim.is_before_judgment)
                          AND claim.handed_over_date IS NULL) IS TRUE AS is_counted,
                      item.is_paid_out,
                      CASE WHEN claim.id IS NULL
                             OR claim.chaseable = item.amount_residual
                           THEN item.amount_residual_currency
                           ELSE ROUND(item.amount_residual_currency * claim.chaseable
                                      / item.amount_residual, currency.decimal_places)
                      END AS amount,
                      COALESCE(item.amount_residual
                               / NULLIF(item.amount_residual_currency, 0), 0) AS rate
                 FROM item
                 JOIN res_currency currency ON currency.id = item.currency_id
                 LEFT JOIN claim ON claim.id = item.id
                WHERE claim.id IS NOT NULL OR item.amount_residual < 0
                   OR item.is_paid_out
            UNION ALL
               SELECT -payment.id, payment.partner_id, payment.company_id,
                      payment.currency_id, NULL, TRUE, payment.is_inbound,
                      NOT payment.is_inbound,
                      CASE WHEN payment.is_inbound THEN -1 ELSE 1 END
                      * ROUND(payment.amount_currency * payment.rest / payment.amount,
                              currency.decimal_places),
                      payment.amount / payment.amount_currency
                 FROM in_process payment
                 JOIN res_currency currency ON currency.id = payment.currency_id
                WHERE payment.partner_id IS NOT NULL AND payment.rest > 0
             ORDER BY due_date NULLS LAST, id"""
        )
