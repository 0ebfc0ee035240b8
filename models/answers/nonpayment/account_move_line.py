from odoo import models


class AccountMoveLine(models.Model):
    """An item that is matched was paid as the customer said."""

    _inherit = "account.move.line"

    def _dunning_refresh_outcomes(self):
        """Do the tasks to match these items."""
        result = super()._dunning_refresh_outcomes()
        self.env["dunning.nonpayment"]._close_matched(self)
        return result
