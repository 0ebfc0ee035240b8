from odoo import api, models


class MailMail(models.Model):
    """What was paid since an e-mail of ours was queued is called back before it leaves;
    the queue tells the follow-up what became of the others."""

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
