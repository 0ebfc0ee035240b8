from odoo import models


class DunningDisputeEntry(models.Model):
    """The customer answers while the dispute is being settled."""

    _name = "dunning.dispute"
    _inherit = ["dunning.dispute", "dunning.entry.mixin"]

    def _get_dunning_subject(self):
        return {
            "partner_id": self.partner_id,
            "company_id": self.company_id,
            "action_id": self.env["dunning.action"],
            "items": self.claim_ids.move_line_id,
        }
