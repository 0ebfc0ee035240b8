from odoo import models
from odoo.exceptions import AccessError

from .kept import OUR_MODELS, find_named

OUR_FIELDS = "dunning_"
PLACE_FIELDS = frozenset({"res_field", "res_id", "res_model"})


class IrAttachment(models.Model):
    """Guard of files kept in journals or held by guarded fields: a user who may not
    write the field may not write the file either."""

    _inherit = "ir.attachment"

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if result or operation == "read" or self.env.su:
            return result
        kept = self._dunning_filter_guarded()
        if operation != "create":
            kept |= self._dunning_filter_kept()
        return (kept, self._dunning_get_access_error) if kept else result

    def write(self, vals):
        """Refuse to make files the value of a guarded field.

        :raise AccessError: the user may not write that field
        """
        result = super().write(vals)
        if not self.env.su and PLACE_FIELDS & vals.keys():
            if self._dunning_filter_guarded():
                raise self._dunning_get_access_error()
        return result

    def _dunning_filter_guarded(self):
        """Return the files that are the value of a field which the user may not
        write."""
        guarded = self.browse()
        # sudo: the file's record is needed to decide on access
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
        """Return the files of a journal, or of a message on one."""
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

    def _dunning_get_access_error(self):
        return AccessError(
            self.env._(
                "This file belongs to the history of the follow-up and cannot be "
                "replaced or removed by hand."
            )
        )
