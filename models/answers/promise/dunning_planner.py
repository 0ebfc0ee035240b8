from odoo import models
from odoo.tools import SQL


class DunningPlanner(models.AbstractModel):
    """Extend the planner with the holds of promises, until their date plus grace."""

    _inherit = "dunning.planner"

    def _get_scope_tables(self):
        tables = super()._get_scope_tables()
        tables["customer"].add("dunning_promise")
        tables["item"].add("dunning_promise_claim")
        return tables

    def _get_hold_queries(self, company_ids, date):
        """Hold the amount still promised of each claim, payments since then deducted.

        A claim that was moved to another customer is not held.
        """
        self.env["dunning.promise"].flush_model()
        self.env["dunning.promise.claim"].flush_model()
        query = SQL(
            """SELECT claim.move_line_id, %(kind)s,
                      GREATEST(0, claim.amount - claim.residual_before
                                  + item.amount_residual)::numeric,
                      promise.date + grace.days
                 FROM dunning_promise_claim claim
                 JOIN dunning_promise promise ON promise.id = claim.promise_id
                 JOIN account_move_line item ON item.id = claim.move_line_id
                 JOIN res_partner contact ON contact.id = item.partner_id
                 JOIN (VALUES %(grace)s) grace (company_id, days)
                   ON grace.company_id = promise.company_id
                WHERE promise.state = 'open'
                  AND contact.commercial_partner_id = promise.partner_id""",
            kind=self.env._("promise"),
            grace=self._get_setup_rows(company_ids, "dunning_promise_grace_days"),
        )
        return [*super()._get_hold_queries(company_ids, date), query]
