from odoo import api, models

from ..message.link.link_keys import hide_keys
from .dunning_entry_mixin import check_subject


class MailMessage(models.Model):
    """Extend the message with the noting of an answer from the chatter."""

    _name = "mail.message"
    _inherit = ["mail.message", "dunning.entry.mixin"]

    def _get_dunning_subject(self):
        """Return the subject of the record, or of the action that the message replies
        to."""
        check_subject(self, self.model)
        subject = self.env[self.model].browse(self.res_id)._get_dunning_subject()
        answered = self.env["dunning.delivery"]._get_answered_actions(self.parent_id)
        if action := answered[:1]:
            subject = action._get_dunning_subject()
        return {**subject, "message_id": self._get_dunning_answer()}

    def _get_dunning_answer(self):
        """Return the customer's own message where this one only announces it."""
        told = self.parent_id
        is_note = self.is_internal and (told.model or "").startswith("dunning.")
        return told if is_note and told.message_type == "email" else self

    @api.model_create_multi
    def create(self, vals_list):
        """Hide the keys of quoted links in incoming e-mails, except in the chatters of
        the follow-up, whose readers may use them."""
        for values in vals_list:
            is_ours = (values.get("model") or "").startswith("dunning.")
            is_received = values.get("message_type") == "email"
            if is_received and not is_ours and values.get("body"):
                values["body"] = hide_keys(values["body"])
        return super().create(vals_list)
