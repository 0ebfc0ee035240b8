from odoo import models


class AccountMoveLine(models.Model):
    """The payment of an item may keep a promise."""

    _inherit = "account.move.line"

    def _dunning_refresh_outcomes(self):
        """Judge the promises about these items, after the outcomes were dated."""
        result = super()._dunning_refresh_outcomes()
        # sudo: whoever books a payment may not write follow-up records
        self.env["dunning.promise"].sudo()._judge_items(self)
        return result
