from odoo import api, models

from .plain_text import to_plain_text


class MailMail(models.Model):
    """The plain-text part of our e-mails reads like a letter."""

    _inherit = "mail.mail"

    @api.model
    def process_email_queue(self, email_ids=(), batch_size=1000):
        """Let the follow-up take note at once of what the mail server said."""
        result = super().process_email_queue(email_ids, batch_size)
        self.env["dunning.delivery"].sudo()._wake_settling()  # sudo: as the queue
        return result

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        results = super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )
        for result in results:
            if "o_dunning_mail" in (result["body"] or ""):
                result["body_alternative"] = to_plain_text(result["body"])
        return results
