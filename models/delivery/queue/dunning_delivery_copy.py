from odoo import models
from odoo.tools import email_normalize
from odoo.tools.mail import email_split_and_format_normalize

from .dunning_delivery import REFUSED_ADDRESS


class DunningDelivery(models.Model):
    """Copies refused by the mail server: the e-mail leaves without them."""

    _inherit = "dunning.delivery"

    def _drop_refused_copies(self):
        """Queue e-mails again without their refused copies.

        :return: those that were queued again
        """
        queued = self.browse()
        for delivery in self:
            mail = delivery.mail_mail_id
            refused = set(REFUSED_ADDRESS.findall(mail.failure_reason or ""))
            copies = email_split_and_format_normalize(mail.email_cc or "")
            bad = [copy for copy in copies if email_normalize(copy) in refused]
            if not bad:
                continue
            kept = [copy for copy in copies if copy not in bad]
            mail.write({"state": "outgoing", "email_cc": ", ".join(kept)})
            note = delivery.env._(
                "The mail server refuses the copy to %(address)s: correct the address. "
                "The e-mail leaves without it.",
                address=", ".join(bad),
            )
            delivery._log_result(note)
            queued |= delivery
        if queued:
            self._wake_queue()
        return queued
