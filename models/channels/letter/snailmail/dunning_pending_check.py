from odoo import api, fields, models

from ....ledger.dunning_pending_check import Kind


class DunningPendingCheck(models.Model):
    """Check after the postal service answered about a letter."""

    _inherit = "dunning.pending.check"

    kind = fields.Selection(
        selection_add=[("settled", "Letter answered by the postal service")],
        ondelete={"settled": "cascade"},
    )

    @api.model
    def _get_kinds(self):
        kind = Kind("dunning.delivery", "_settle_letters")
        return {**super()._get_kinds(), "settled": kind}
