from odoo import api, models

from ..setup.trouble.guarded import guarded_reading
from .plain_text import to_plain_text


class MailMail(models.Model):
    """The plain-text part of our e-mails reads like a letter; what was paid since one
    was queued is called back before it leaves."""

    _inherit = "mail.mail"

    @api.model
    def process_email_queue(self, email_ids=(), batch_size=1000):
        """Let the follow-up take note at once of what the mail server said."""
        result = super().process_email_queue(email_ids, batch_size)
        self.env["dunning.delivery"].sudo()._wake_settling()  # sudo: as the queue
        return result

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        """Leave out what was overtaken while it waited."""
        Delivery = self.env["dunning.delivery"]
        leaving = Delivery._filter_up_to_date("mail_mail_id", self)
        if post_send_callback and len(leaving) < len(self):
            # The job counts what was called back as done.
            post_send_callback((self - leaving).ids)
        return super(MailMail, leaving).send(
            auto_commit=auto_commit,
            raise_exception=raise_exception,
            post_send_callback=post_send_callback,
        )

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        results = super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )
        for result in results:
            if "o_dunning_mail" in (result["body"] or ""):
                with guarded_reading("lay out an e-mail as plain text"):
                    result["body_alternative"] = to_plain_text(result["body"])
        return results
