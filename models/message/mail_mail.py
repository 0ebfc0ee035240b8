from odoo import models

from ..setup.trouble.guarded import guarded_reading
from .plain_text import to_plain_text


class MailMail(models.Model):
    """Lay out the plain-text part of our e-mails like a letter."""

    _inherit = "mail.mail"

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        results = super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )
        for result in results:
            if "o_dunning_mail" in (result["body"] or ""):
                with guarded_reading("lay out an e-mail as plain text"):
                    result["body_alternative"] = to_plain_text(result["body"])
        return results
