from odoo import models


class AccountMoveLine(models.Model):
    """Extend the journal item: a payment updates the promises about it."""

    _inherit = "account.move.line"

    def _dunning_refresh_outcomes(self):
        result = super()._dunning_refresh_outcomes()
        # sudo: the user who books a payment may not write follow-up records
        self.env["dunning.promise"].sudo()._judge_items(self)
        return result
