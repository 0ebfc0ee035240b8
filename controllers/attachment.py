from odoo.http import request, route

from odoo.addons.mail.controllers.attachment import AttachmentController


class DunningAttachmentController(AttachmentController):
    """Odoo's route for thumbnails, adapted to files of the follow-up's history."""

    @route()
    def mail_attachement_update_thumbnail(self, attachment_id, **params):
        """Leave files of the history without a thumbnail.

        The web client asks for one whenever it shows a PDF file; a refusal would open
        an error dialog on each letter.
        """
        file = request.env["ir.attachment"].browse(int(attachment_id)).exists()
        if file and file.has_access("read") and file._dunning_filter_kept():
            return None
        return super().mail_attachement_update_thumbnail(attachment_id, **params)
