from odoo import models


class AccountMoveLine(models.Model):
    """Extend the journal item: matching a payment closes the task to match it."""

    _inherit = "account.move.line"

    def _dunning_refresh_outcomes(self):
        result = super()._dunning_refresh_outcomes()
        self.env["dunning.nonpayment"]._close_matched(self)
        return result
