from odoo import models


class AccountMoveLine(models.Model):
    """A payment that is matched ends the task to match it."""

    _inherit = "account.move.line"

    def _dunning_refresh_outcomes(self):
        result = super()._dunning_refresh_outcomes()
        self.env["dunning.nonpayment"]._close_matched(self)
        return result
