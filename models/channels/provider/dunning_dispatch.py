from odoo import api, models


class DunningDispatch(models.Model):
    """Recompute the figures of a dispatch with its provider messages."""

    _inherit = "dunning.dispatch"

    @api.depends(
        "action_ids.delivery_ids.submission_ids.attempt_count",
        "action_ids.delivery_ids.submission_ids.state",
    )
    def _compute_counts(self):
        return super()._compute_counts()
