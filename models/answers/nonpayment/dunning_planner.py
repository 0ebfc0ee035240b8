from odoo import models
from odoo.tools import SQL

from .dunning_nonpayment import PAID


class DunningPlanner(models.AbstractModel):
    """Extend the planner with the hold on claims reported as paid, until the payment
    can be matched (S0-06)."""

    _inherit = "dunning.planner"

    def _get_scope_tables(self):
        tables = super()._get_scope_tables()
        tables["customer"].add("dunning_nonpayment")
        return tables

    def _get_hold_queries(self, company_ids, date):
        """Hold the whole claims for the days set by the company, from the day that the
        reason was noted, or accepted.

        A claim that was moved to another customer is not held.
        """
        self.env["dunning.nonpayment"].flush_model()
        query = SQL(
            """SELECT reason.move_line_id, %(kind)s, NULL::numeric,
                      COALESCE(reason.hold_date, reason.noted_date)
                      + hold.days - 1
                 FROM dunning_nonpayment reason
                 JOIN account_move_line item ON item.id = reason.move_line_id
                 JOIN res_partner contact ON contact.id = item.partner_id
                 JOIN (VALUES %(days)s) hold (company_id, days)
                   ON hold.company_id = reason.company_id
                WHERE reason.reason = %(paid)s
                  AND contact.commercial_partner_id = reason.partner_id""",
            kind=self.env._("paid according to the customer"),
            days=self._get_setup_rows(company_ids, "dunning_paid_hold_days"),
            paid=PAID,
        )
        return [*super()._get_hold_queries(company_ids, date), query]
