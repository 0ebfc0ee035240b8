from odoo import models


class AccountMoveLine(models.Model):
    """Extend the journal item: a claim of which nothing is open leaves its
    declarations."""

    _inherit = "account.move.line"

    def _dunning_refresh_outcomes(self):
        result = super()._dunning_refresh_outcomes()
        # sudo: the user who books a payment may not write follow-up records
        self.env["dunning.declaration"].sudo()._settle_items(self)
        return result

    def _dunning_recheck(self):
        # sudo: as above, for the user who cancels an invoice or changes its customer
        self.env["dunning.declaration"].sudo()._settle_items(self)
        return super()._dunning_recheck()
