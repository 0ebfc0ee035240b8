from odoo import api, models
from odoo.tools import SQL


class DunningAction(models.Model):
    """Exclude customers who are handed over from planning."""

    _inherit = "dunning.action"

    @api.model
    def _get_customer_tables(self):
        return super()._get_customer_tables() | {"dunning_handover"}

    @api.model
    def _get_handover_query(self, company_ids, date):
        self.env["dunning.handover"].flush_model()
        return SQL(
            """SELECT partner_id, company_id, MIN(date) AS date
                 FROM dunning_handover
                WHERE company_id = ANY(%(companies)s) AND date <= %(day)s
                  AND COALESCE(taken_back_date > %(day)s, TRUE)
                GROUP BY partner_id, company_id""",
            companies=list(company_ids),
            day=date,
        )
