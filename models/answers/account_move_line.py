from odoo import models


class AccountMoveLine(models.Model):
    """A payment is what came of the contacts before it."""

    _inherit = "account.move.line"

    def _dunning_refresh_outcomes(self):
        result = super()._dunning_refresh_outcomes()
        # sudo: whoever books a payment may not write follow-up records
        self.env["dunning.action"].sudo()._refresh_payment_outcomes(self)
        return result
