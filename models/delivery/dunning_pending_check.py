from odoo import api, fields, models

from ..ledger.dunning_pending_check import Kind


class DunningPendingCheck(models.Model):
    """Check after the task of a delivery was deleted."""

    _inherit = "dunning.pending.check"

    kind = fields.Selection(
        selection_add=[("returned", "Task deleted")], ondelete={"returned": "cascade"}
    )

    @api.model
    def _get_kinds(self):
        kind = Kind("dunning.delivery", "_return_to_desk")
        return {**super()._get_kinds(), "returned": kind}
