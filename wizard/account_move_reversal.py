from odoo import models


class AccountMoveReversal(models.TransientModel):
    """A credit note made from a dispute remembers it."""

    _inherit = "account.move.reversal"

    def _prepare_default_reversal(self, move):
        values = super()._prepare_default_reversal(move)
        dispute_id = self.env.context.get("dunning_dispute_id")
        return {**values, "dunning_dispute_id": dispute_id} if dispute_id else values
