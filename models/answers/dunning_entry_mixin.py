from odoo import models
from odoo.exceptions import UserError

from ..setup.bounds import check_one


def check_subject(record, model_name):
    """Refuse what stands on a record that nobody's answer is noted from.

    :param model_name: of the record on which `record` stands, may be none
    :raise UserError: there is no customer whom it concerns
    """
    model = record.env.get(model_name or "")
    is_met = model is not None and not model._abstract
    if not is_met or not hasattr(model, "_get_dunning_subject"):
        raise UserError(record.env._("This is about no customer: open the customer."))


class DunningEntryMixin(models.AbstractModel):
    """Where a customer's word is noted from: customer, invoice, contact and answer."""

    _name = "dunning.entry.mixin"
    _description = "Entry of a Customer's Answer"

    def _get_dunning_subject(self):
        """Return whom and what an answer noted here is about.

        :return: dict of records: `partner_id` (the customer), `company_id`, `action_id`
            (the contact in which they answered, none if it has to be recorded), `items`
            (account.move.line, none for all that is late); optionally the `message_id`
            in which they answered and the `activity_id` that asks for an answer. By
            default that of a record with claims, such as a promise or a dispute
        """
        return {
            "partner_id": self.partner_id,
            "company_id": self.company_id,
            "action_id": self.env["dunning.action"],
            "items": self.claim_ids.move_line_id,
        }

    def action_note_answer(self):
        """Open the dialog in which an answer of the customer is noted.

        :raise AccessError: the user may not note for this customer
        """
        check_one(self)
        check_subject(self, self._name)
        return self.env["dunning.entry"]._open(self._get_dunning_subject())

    def action_open_dunning_glance(self):
        """Open all that is known about the customer, on one screen."""
        check_one(self)
        check_subject(self, self._name)
        return self._get_dunning_subject()["partner_id"]._open_dunning_customer()

    def _may_note_answer(self):
        """Tell whether the user may note what this customer answers."""
        subject = self._get_dunning_subject()
        return subject["partner_id"]._dunning_may_note(subject["company_id"])
