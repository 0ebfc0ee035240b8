from odoo import models
from odoo.fields import Command


class DunningEntryMixin(models.AbstractModel):
    """Where a customer's word is noted from: action, customer, invoice."""

    _name = "dunning.entry.mixin"
    _description = "Entry of a Customer's Answer"

    def _get_dunning_subject(self):
        """Return whom and what an answer noted here is about.

        :return: dict: `partner_id`, `company_id`, `action_id` (or None) as records and
            `items`, account.move.line, none for all of the customer
        """
        raise NotImplementedError

    def action_take_promise(self):
        """Note a promise: all that is open there, unless less is said."""
        action = self._open_entry("dunning.promise", self.env._("Promise"))
        claims = self._get_dunning_claims()
        if len(claims.currency_id) == 1:
            action["context"] |= {
                "default_amount": sum(claims.mapped("amount_residual_currency")),
                "default_currency_id": claims.currency_id.id,
            }
        return action

    def action_open_dispute(self):
        """Note a dispute of this customer."""
        return self._open_entry("dunning.dispute", self.env._("Dispute"))

    def _open_entry(self, model, name):
        self.ensure_one()
        subject = self._get_dunning_subject()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_partner_id": subject["partner_id"].id,
                "default_company_id": subject["company_id"].id,
                "default_action_id": subject["action_id"].id,
                "default_claim_ids": [
                    Command.create({"move_line_id": item.id})
                    for item in self._get_dunning_claims()
                ],
            },
        }

    def _get_dunning_claims(self):
        return self._get_dunning_subject()["items"].filtered(
            lambda item: not item.reconciled and item.amount_residual > 0
        )
