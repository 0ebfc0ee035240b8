from odoo import api, models


class DunningAction(models.Model):
    """Recompute the result of an action with its provider messages."""

    _inherit = "dunning.action"

    @api.depends(
        "delivery_ids.submission_ids.attempt_count",
        "delivery_ids.submission_ids.state",
    )
    def _compute_dispatch_result(self):
        return super()._compute_dispatch_result()
