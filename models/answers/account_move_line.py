from odoo import models


class AccountMoveLine(models.Model):
    """The payment of an item is an answer to what was sent about it."""

    _inherit = "account.move.line"

    def _dunning_refresh_outcomes(self):
        """Date the payments of these items on the actions that preceded them."""
        result = super()._dunning_refresh_outcomes()
        # sudo: whoever books a payment may not write follow-up records
        self.env["dunning.action"].sudo()._refresh_payment_outcomes(self)
        return result
