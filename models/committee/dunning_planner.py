from odoo import models
from odoo.tools import SQL


class DunningPlanner(models.AbstractModel):
    """Extend the planner with the holds decided by committees."""

    _inherit = "dunning.planner"

    def _get_scope_tables(self):
        tables = super()._get_scope_tables()
        tables["customer"].add("dunning_committee_case")
        return tables

    def _get_hold_queries(self, company_ids, date):
        """Hold all claims of the customer in the company until the day before."""
        self.env["dunning.committee.case"].flush_model()
        query = SQL(
            """SELECT item.id, %(kind)s, NULL::numeric, decided.resume_date - 1
                 FROM dunning_committee_case decided
                 JOIN res_partner contact
                   ON contact.commercial_partner_id = decided.partner_id
                 JOIN account_move_line item ON item.partner_id = contact.id
                      AND item.company_id = decided.company_id
                WHERE decided.state = 'decided' AND decided.decision = 'carry_on'
                  AND decided.resume_date > %(day)s
                  AND decided.company_id = ANY(%(companies)s)
                  AND item.reconciled IS NOT TRUE AND item.amount_residual > 0""",
            kind=self.env._("decision of the committee"),
            day=date,
            companies=company_ids,
        )
        return [*super()._get_hold_queries(company_ids, date), query]
