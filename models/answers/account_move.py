from odoo import models


class AccountMove(models.Model):
    """Extend the invoice with the dialog for noting the customer's answer."""

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
        """Return whether the user may note an answer here: not on suppliers'
        documents."""
        is_sale = self.is_sale_document(include_receipts=True)
        return is_sale and super()._may_note_answer()
