from odoo import api, models


class MailMail(models.Model):
    """Recall e-mails overtaken by a payment before they leave, and report the results
    of the others to the follow-up."""

    _inherit = "mail.mail"

    @api.model
    def process_email_queue(self, email_ids=(), batch_size=1000):
        """Trigger the processing of the mail server's results at once."""
        result = super().process_email_queue(email_ids, batch_size)
        self.env["dunning.delivery"].sudo()._wake_settling()  # sudo: as the queue
        return result

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        """Leave out e-mails that were overtaken while they waited."""
        Delivery = self.env["dunning.delivery"]
        leaving = Delivery._filter_up_to_date("mail_mail_id", self)
        if post_send_callback and len(leaving) < len(self):
            # Recalled e-mails count as done for the job.
            post_send_callback((self - leaving).ids)
        return super(MailMail, leaving).send(
            auto_commit=auto_commit,
            raise_exception=raise_exception,
            post_send_callback=post_send_callback,
        )
