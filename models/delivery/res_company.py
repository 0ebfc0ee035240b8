from odoo import models


class ResCompany(models.Model):
    """Switched off, a company sends nothing more."""

    _inherit = "res.company"

    def _dunning_switched_off(self):
        result = super()._dunning_switched_off()
        self.env["dunning.delivery"]._hold_mails(self)
        return result
