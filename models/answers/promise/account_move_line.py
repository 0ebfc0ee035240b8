from odoo import models


class AccountMoveLine(models.Model):
    """A payment keeps promises."""

    _inherit = "account.move.line"

    def _dunning_refresh_outcomes(self):
        result = super()._dunning_refresh_outcomes()
        # sudo: whoever books a payment may not write follow-up records
        self.env["dunning.promise"].sudo()._judge_items(self)
        return result
