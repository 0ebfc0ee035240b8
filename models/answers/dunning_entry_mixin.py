from odoo import models
from odoo.exceptions import UserError

from ..setup.bounds import check_one


def check_subject(record, model_name):
    """Refuse records that no customer's answer can be noted from.

    :param model_name: of the record behind `record`, may be empty
    :raise UserError: no customer is concerned
    """
    model = record.env.get(model_name or "")
    is_met = model is not None and not model._abstract
    if not is_met or not hasattr(model, "_get_dunning_subject"):
        raise UserError(
            record.env._("No customer is linked to this: open the customer first.")
        )


class DunningEntryMixin(models.AbstractModel):
    """Records from which a customer's answer is noted: customer, invoice, action and
    answer."""

    _name = "dunning.entry.mixin"
    _description = "Entry of a Customer's Answer"

    def _get_dunning_subject(self):
        """Return the subject of an answer noted here.

        :return: dict of records: `partner_id` (the customer), `company_id`, `action_id`
            (the contact in which they answered, empty if it has to be recorded),
            `items` (account.move.line, empty for all overdue ones); optionally the
            `message_id` in which they answered and the `activity_id` that asks for an
            answer. By default that of a record with claims, such as a promise or a
            dispute
        """
        return {
            "partner_id": self.partner_id,
            "company_id": self.company_id,
            "action_id": self.env["dunning.action"],
            "items": self.claim_ids.move_line_id,
        }

    def action_note_answer(self):
        """Open the dialog for noting an answer of the customer.

        :raise AccessError: the user may not note answers of this customer
        """
        check_one(self)
        check_subject(self, self._name)
        return self.env["dunning.entry"]._open(self._get_dunning_subject())

    def action_open_dunning_glance(self):
        """Open the customer at a glance."""
        check_one(self)
        check_subject(self, self._name)
        return self._get_dunning_subject()["partner_id"]._open_dunning_customer()

    def _may_note_answer(self):
        """Return whether the user may note answers of this customer."""
        subject = self._get_dunning_subject()
        return subject["partner_id"]._dunning_may_note(subject["company_id"])
