import os

from odoo import models
from odoo.exceptions import UserError

from ..setup.guard.guard import by_code


class DunningDocument(models.AbstractModel):
    """Storage of the documents that are sent, with a check that they are complete.

    When the disk is full, Odoo may leave an attachment whose file is truncated or
    missing: a letter that cannot be printed, an e-mail without its statement.
    """

    _name = "dunning.document"
    _description = "Follow-Up Document"

    def _store(self, values_list):
        """Create attachments, and check that their contents are complete.

        :param values_list: values of ir.attachment, each with its content in `raw`
        :return: ir.attachment, in the order of the values
        :raise UserError: the server could not store a document; nothing of it is left
            on its disk, so that it can be tried again
        """
        try:
            attachments = by_code(self.env["ir.attachment"]).create(values_list)
        except OSError as error:
            self._discard(values_list)
            raise UserError(self._get_reason(values_list)) from error
        lost = [
            values
            for attachment, values in zip(attachments, values_list, strict=True)
            if (name := attachment.store_fname)
            and not self._is_whole(values["raw"], attachment._full_path(name))
        ]
        if lost:
            self._discard(lost)
            raise UserError(self._get_reason(lost))
        return attachments

    def _discard(self, values_list):
        """Remove truncated files: Odoo would use them again."""
        for values in values_list:
            path = self._get_path(values["raw"])
            if os.path.isfile(path) and not self._is_whole(values["raw"], path):
                os.unlink(path)

    def _is_whole(self, content, path):
        return os.path.isfile(path) and os.path.getsize(path) == len(content)

    def _get_path(self, content):
        Attachment = self.env["ir.attachment"]
        checksum = Attachment._compute_checksum(content)
        return Attachment._full_path(f"{checksum[:2]}/{checksum}")

    def _get_reason(self, values_list):
        return self.env._(
            "The server could not store “%(name)s”: its disk is full or cannot be "
            "written. Ask your administrator to make room, then try again.",
            name=values_list[0]["name"],
        )
