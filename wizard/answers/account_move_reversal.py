from odoo import models


class AccountMoveReversal(models.TransientModel):
    """Extend the reversal: a credit note made from a dispute is linked to it."""

    _inherit = "account.move.reversal"

    def _prepare_default_reversal(self, move):
        values = super()._prepare_default_reversal(move)
        dispute = self._get_dunning_dispute(move)
        return {**values, "dunning_dispute_id": dispute.id} if dispute else values

    def _get_dunning_dispute(self, move):
        """Return the dispute that the dialog was opened from, empty if it is not about
        the entry or the user may not read it."""
        disputes = self.env["dunning.dispute"]
        dispute_id = self.env.context.get("dunning_dispute_id")
        if not isinstance(dispute_id, int):
            return disputes
        return disputes.search(
            [
                ("id", "=", dispute_id),
                ("state", "!=", "settled"),
                ("claim_ids.move_id", "in", move.ids),
            ]
        )
