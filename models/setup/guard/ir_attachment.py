from odoo import models
from odoo.exceptions import AccessError

from .kept import OUR_MODELS, find_named

OUR_FIELDS = "dunning_"
PLACE_FIELDS = frozenset({"res_field", "res_id", "res_model"})


class IrAttachment(models.Model):
    """Files are what the journals keep, and what fields hold: who may not write those
    does not write the file instead."""

    _inherit = "ir.attachment"

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if result or operation == "read" or self.env.su:
            return result
        kept = self._dunning_filter_guarded()
        if operation != "create":
            kept |= self._dunning_filter_kept()
        return (kept, self._dunning_make_refusal) if kept else result

    def write(self, vals):
        """:raise AccessError: the files would become the value of a field that is not
        the user's to write"""
        result = super().write(vals)
        if not self.env.su and PLACE_FIELDS & vals.keys():
            if self._dunning_filter_guarded():
                raise self._dunning_make_refusal()
        return result

    def _dunning_filter_guarded(self):
        """Return the files that are the value of a field which the user may not
        write."""
        guarded = self.browse()
        # sudo: where a file belongs has to be known before it is refused
        for file in self.filtered(lambda file: file.sudo().res_field):
            file_sudo = file.sudo()
            model, name = file_sudo.res_model or "", file_sudo.res_field
            if model.startswith(OUR_MODELS) and model in self.env:
                record = self.env[model].browse(file_sudo.res_id or 0)
                if hasattr(record, "_may_write") and not record._may_write(name):
                    guarded |= file
            elif model == "res.partner" and name.startswith(OUR_FIELDS):
                if not self.env[model]._dunning_may_write(name):
                    guarded |= file
        return guarded

    def _dunning_filter_kept(self):
        """Return the files that a journal or a message of one keeps."""
        # sudo: as above
        ours = self.filtered(
            lambda file: (
                (model := file.sudo().res_model or "").startswith(OUR_MODELS)
                or model == "mail.message"
            )
        )
        if not ours:
            return ours
        Message = self.env["mail.message"]
        messages_sudo = Message.sudo().search(
            [("attachment_ids", "in", ours.ids), ("model", "=like", f"{OUR_MODELS}%")]
        )
        kept = messages_sudo.with_env(self.env)._dunning_filter_kept("write")
        return find_named(ours) | ours & kept.sudo().attachment_ids.with_env(self.env)

    def _dunning_make_refusal(self):
        return AccessError(
            self.env._(
                "This file belongs to the history of the follow-up, and is neither "
                "replaced nor removed by hand."
            )
        )
