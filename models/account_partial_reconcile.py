from odoo import api, models


class AccountPartialReconcile(models.Model):
    """A payment that is reconciled stops what waits for the customer at once."""

    _inherit = "account.partial.reconcile"

    # Which claims were settled lately (thanks), without reading all of history.
    _dunning_max_date_index = models.Index("(max_date, debit_move_id)")

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        (partials.debit_move_id | partials.credit_move_id)._dunning_recheck()
        return partials
