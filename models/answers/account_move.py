from odoo import models


class AccountMove(models.Model):
    """Notes a customer's answer from an invoice."""

    _name = "account.move"
    _inherit = ["account.move", "dunning.entry.mixin"]

    def _get_dunning_subject(self):
        return {
            "partner_id": self.commercial_partner_id,
            "company_id": self.company_id,
            "action_id": self.env["dunning.action"],
            "items": self.dunning_item_ids,
        }

    def _may_note_answer(self):
        """Tell whether the user may: suppliers answer nothing that is noted here."""
        is_sale = self.is_sale_document(include_receipts=True)
        return is_sale and super()._may_note_answer()
