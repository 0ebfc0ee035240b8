from odoo import api, models

from .dunning_nonpayment import DISPUTE


class DunningDisputeClaim(models.Model):
    """Extend the disputed claim: a dispute is noted as the reason for not paying it."""

    _inherit = "dunning.dispute.claim"

    @api.model_create_multi
    def create(self, vals_list):
        """Create disputed claims, and note the reason once per claim and day."""
        claims = super().create(vals_list)
        claims._note_reasons()
        return claims

    def _note_reasons(self):
        # sudo: the user who opens a dispute may not note reasons by hand
        reasons_sudo = self.env["dunning.nonpayment"].sudo()
        items = reasons_sudo._get_open(self.move_line_id)
        known = reasons_sudo._get_noted_disputes(items)
        claims = {claim.move_line_id: claim for claim in self}
        disputes = {item: claim.dispute_id for item, claim in claims.items()}
        reasons_sudo.create(
            [
                {
                    **reasons_sudo._prepare_values(item),
                    "reason": DISPUTE,
                    "amount": claims[item].amount,
                    "action_id": disputes[item].action_id.id,
                    "source": disputes[item].source,
                    "note": disputes[item].description,
                }
                for item in items
                if item not in known
            ]
        )
