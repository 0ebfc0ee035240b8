import re

from odoo import api, fields, models
from odoo.tools import email_normalize, html2plaintext

ANSWER_LENGTH = 300
FAILED = re.compile(
    r"\b(fail\w*|errors?|not (be )?(sent|delivered|transmitted)|undeliver\w*|busy"
    r"|no answer|rejected|échec|échou\w*|erreur|non (envoyé|remis|transmis|abouti)\w*"
    r"|occupée?|sans réponse|refusée?)\b",
    re.IGNORECASE,
)
RECEIVED = re.compile(
    r"\b(success\w*|sent|delivered|transmitted|received|completed|ok|succès|réussie?"
    r"|envoyée?|remise?|transmise?|reçue?)\b",
    re.IGNORECASE,
)
# Words of failure that do not mean one: “errors: 0”, “sans erreur”, “if it failed”.
HARMLESS = re.compile(
    r"\b(errors?|erreurs?|failures?|échecs?)\s*[:=]?\s*(0|none|aucune?)\b"
    r"|\b(no|without|0|sans|aucune?)\s+(errors?|erreurs?|failures?|échecs?)\b"
    r"|\b(if|in case|si|en cas)\b[^.!?]*",
    re.IGNORECASE,
)


class DunningDelivery(models.Model):
    """Receipt of a fax: the answer of its gateway to the e-mail (S3-19)."""

    _inherit = "dunning.delivery"

    fax_receipt = fields.Selection(
        selection=[
            ("received", "Received"),
            ("failed", "Failed"),
            ("unclear", "To be read"),
        ],
        help="Result stated in the gateway's answer; “To be read”: a person decides.",
    )
    fax_receipt_at = fields.Datetime(string="Receipt Received At")
    fax_receipt_text = fields.Char(string="Gateway's Answer")

    def _process_service_answer(self, message_id, message_dict):
        """Process the answer of a fax gateway."""
        faxes = self.search(
            [("mail_message_id", "=", message_id), ("channel", "=", "fax")]
        )
        sender = email_normalize(message_dict["email_from"]) or ""
        answered = faxes.filtered(lambda fax: fax._is_gateway(sender))
        body = html2plaintext(message_dict.get("body") or "")
        text = " ".join([message_dict.get("subject") or "", *body.split()])
        answered.try_lock_for_update()._record_receipt(text[:ANSWER_LENGTH])
        return bool(answered) or super()._process_service_answer(
            message_id, message_dict
        )

    def _is_gateway(self, sender):
        gateway = self.company_id._dunning_fax_gateway() or ""
        return bool(sender) and sender.rpartition("@")[2] == gateway.rpartition("@")[2]

    @api.model
    def _read_receipt(self, text):
        """Return the result given by a gateway's answer, `unclear` if a person has to
        read it."""
        told = HARMLESS.sub("", text)
        is_failed = FAILED.search(told)
        is_received = RECEIVED.search(FAILED.sub("", told))
        if bool(is_failed) == bool(is_received):
            return "unclear"
        return "failed" if is_failed else "received"

    def _record_receipt(self, text):
        receipt = self._read_receipt(text)
        self.write(
            {
                "fax_receipt": receipt,
                "fax_receipt_at": fields.Datetime.now(),
                "fax_receipt_text": text,
            }
        )
        if receipt == "failed":
            sent = self.filtered(lambda fax: fax._is_performed())
            sent._flag_address(False)
            channel = self.env["dunning.channel.fax"]
            reasons = {fax: channel._explain_return(fax, False, text) for fax in sent}
            sent._register_return(reasons, "again")
