from odoo import models


class DunningPromiseEntry(models.Model):
    """The customer answers to the confirmation of a promise, or after it was broken."""

    _name = "dunning.promise"
    _inherit = ["dunning.promise", "dunning.entry.mixin"]

    def _get_dunning_subject(self):
        return {
            "partner_id": self.partner_id,
            "company_id": self.company_id,
            "action_id": self.env["dunning.action"],
            "items": self.claim_ids.move_line_id,
        }
