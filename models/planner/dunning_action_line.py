from odoo import models


class DunningActionLine(models.Model):
    """Extend lines with a re-check by the planner."""

    _inherit = "dunning.action.line"

    def _drop_obsolete(self):
        """Drop the waiting lines that are no longer to be chased today."""
        for company, lines in self.grouped("company_id").items():
            self.env["dunning.planner"]._drop_obsolete(
                company, company._dunning_today(), lines
            )
