from odoo import api, models

from ..setup.guard.kept import OUR_MODELS
from ..setup.trouble.guarded import guarded_reading
from .plain_text import to_plain_text


class MailMail(models.Model):
    """Send our e-mails for the company of their record, with a plain-text part laid
    out like a letter."""

    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        """Name the company that each of our e-mails is sent for, as Odoo does for those
        of a discussion: its domain takes the mails that come back."""
        for values in vals_list:
            if str(values.get("model") or "").startswith(OUR_MODELS):
                values.update(self._get_dunning_company_values(values))
        return super().create(vals_list)

    def _get_dunning_company_values(self, values):
        record = self.env[values["model"]].browse(values.get("res_id") or 0)
        # sudo: whoever queues the mail may not read its record
        company_sudo = record.sudo()["company_id"] if "company_id" in record else None
        if not company_sudo:
            return {}
        return {
            "record_alias_domain_id": company_sudo.alias_domain_id.id,
            "record_company_id": company_sudo.id,
        }

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        results = super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )
        for result in results:
            if "o_dunning_mail" in (result["body"] or ""):
                with guarded_reading("lay out an e-mail as plain text"):
                    result["body_alternative"] = to_plain_text(result["body"])
        return results
