from odoo import models


class AccountMoveLine(models.Model):
    """Extend the journal item: a payment updates the outcome of earlier actions."""

    _inherit = "account.move.line"

    def _dunning_refresh_outcomes(self):
        result = super()._dunning_refresh_outcomes()
        # sudo: the user who books a payment may not write follow-up records
        self.env["dunning.action"].sudo()._refresh_payment_outcomes(self)
        return result
