from odoo import models


class ResCompany(models.Model):
    """Request the claim declarations that are needed after each planning run."""

    _inherit = "res.company"

    def _dunning_after_plan(self):
        result = super()._dunning_after_plan()
        for company in self:
            self.env["res.partner"]._dunning_request_declarations(company)
        return result
