from odoo import api, models


class AccountPartialReconcile(models.Model):
    """Re-check waiting actions at each reconciliation, and record it as the outcome of
    earlier ones."""

    _inherit = "account.partial.reconcile"

    # For the claims settled lately (thanks), without reading all of history.
    _dunning_max_date_index = models.Index("(max_date, debit_move_id)")

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        checks = self.env["dunning.pending.check"]
        checks._put_off("changed", partials.debit_move_id | partials.credit_move_id)
        checks._put_off("matched", partials.debit_move_id)
        return partials

    def unlink(self):
        claims = self.debit_move_id
        result = super().unlink()
        self.env["dunning.pending.check"]._put_off("matched", claims)
        return result
