from odoo import models


class ResPartner(models.Model):
    """Extend the customer with the dialog for noting an answer."""

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
        """Return whether the user may note an answer here: only for customers."""
        customer = self.commercial_partner_id
        is_customer = customer.customer_rank or customer.dunning_action_count
        return bool(is_customer) and super()._may_note_answer()
