from odoo import api, models

from .dunning_nonpayment import DISPUTE


class DunningDisputeClaim(models.Model):
    """A dispute is a reason for not paying: it is noted for each of its claims."""

    _inherit = "dunning.dispute.claim"

    @api.model_create_multi
    def create(self, vals_list):
        """Note the reason once per claim and day, whoever comes first."""
        claims = super().create(vals_list)
        claims._note_reasons()
        return claims

    def _note_reasons(self):
        # sudo: who opens a dispute may not be allowed to note reasons by hand
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
