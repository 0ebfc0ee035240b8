from odoo import models
from odoo.exceptions import AccessError

from .kept import OUR_MODELS, find_named

# What Odoo adds to messages that stand: files of a task that is done.
ADDED_FIELDS = frozenset({"attachment_ids"})


class MailMessage(models.Model):
    """What was sent, answered and noted by itself stays in the chatters of our records
    as it was; people take back and mend their own comments, as anywhere."""

    _inherit = "mail.message"

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if result or operation not in ("write", "unlink") or self.env.su:
            return result
        kept = self._dunning_filter_kept(operation)
        return (kept, self._dunning_make_refusal) if kept else result

    def write(self, vals):
        """:raise AccessError: what happened is not rewritten"""
        if not (self.env.su or vals.keys() <= ADDED_FIELDS):
            if self._dunning_filter_kept("unlink"):
                raise self._dunning_make_refusal()
        return super().write(vals)

    def _dunning_filter_kept(self, operation):
        """Return the messages that people cannot write or delete."""
        # sudo: which record a message is about has to be known before it is refused
        ours = self.filtered(lambda m: (m.sudo().model or "").startswith(OUR_MODELS))
        author = self.env.user.partner_id
        kept = ours.filtered(
            lambda message: (
                message.sudo().author_id != author
                or (operation == "unlink" and message.sudo().message_type != "comment")
            )
        )
        return kept | find_named(ours - kept) if ours else ours

    def _dunning_make_refusal(self):
        return AccessError(
            self.env._(
                "What was sent, answered or noted stays in the history as it was: "
                "write a comment instead."
            )
        )
