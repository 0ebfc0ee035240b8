from odoo import models


class ResPartner(models.Model):
    """Notes a customer's answer from the customer."""

    _name = "res.partner"
    _inherit = ["res.partner", "dunning.entry.mixin"]

    def _get_dunning_subject(self):
        return {
            "partner_id": self.commercial_partner_id,
            "company_id": self.env.company,
            "action_id": self.env["dunning.action"],
            "items": self.env["account.move.line"],
        }

    def _may_note_answer(self):
        """Tell whether the user may: of customers only."""
        customer = self.commercial_partner_id
        is_customer = customer.customer_rank or customer.dunning_action_count
        return bool(is_customer) and super()._may_note_answer()
