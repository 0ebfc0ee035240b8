from odoo import models
from odoo.exceptions import AccessError

from .kept import OUR_MODELS, find_named

# Fields that Odoo adds to existing messages: files of a completed activity.
ADDED_FIELDS = frozenset({"attachment_ids"})


class MailMessage(models.Model):
    """Guard of messages in the chatters of our records: sent messages, answers and
    automatic notes are never changed; users may edit and delete their own comments, as
    anywhere."""

    _inherit = "mail.message"

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if result or operation not in ("write", "unlink") or self.env.su:
            return result
        kept = self._dunning_filter_kept(operation)
        return (kept, self._dunning_get_access_error) if kept else result

    def write(self, vals):
        """Refuse to rewrite kept messages.

        :raise AccessError: a message is kept
        """
        if not (self.env.su or vals.keys() <= ADDED_FIELDS):
            if self._dunning_filter_kept("unlink"):
                raise self._dunning_get_access_error()
        return super().write(vals)

    def _dunning_filter_kept(self, operation):
        """Return the messages that users may not write or delete."""
        # sudo: the message's record is needed to decide on access
        ours = self.filtered(lambda m: (m.sudo().model or "").startswith(OUR_MODELS))
        author = self.env.user.partner_id
        kept = ours.filtered(
            lambda message: (
                message.sudo().author_id != author
                or (operation == "unlink" and message.sudo().message_type != "comment")
            )
        )
        return kept | find_named(ours - kept) if ours else ours

    def _dunning_get_access_error(self):
        return AccessError(
            self.env._(
                "Messages, answers and notes stay in the history as they were: write a "
                "comment instead."
            )
        )
