from odoo import models

from .dunning_entry_mixin import check_subject


class MailMessage(models.Model):
    """What a customer writes is an answer, noted from the chatter where it stands."""

    _name = "mail.message"
    _inherit = ["mail.message", "dunning.entry.mixin"]

    def _get_dunning_subject(self):
        """Return the subject of the record, and of the message that was answered."""
        check_subject(self, self.model)
        subject = self.env[self.model].browse(self.res_id)._get_dunning_subject()
        answered = self.env["dunning.delivery"]._get_answered_actions(self.parent_id)
        if action := answered[:1]:
            subject = action._get_dunning_subject()
        return {**subject, "message_id": self}
