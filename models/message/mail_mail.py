from odoo import api, models
from odoo.tools import formataddr

from ..setup.base import OUR_MODELS
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
        if str(self.model or "").startswith(OUR_MODELS):
            with guarded_reading("leave out addresses that do not work"):
                self._leave_out_dead_addresses(results)
        for result in results:
            if "o_dunning_mail" in (result["body"] or ""):
                with guarded_reading("lay out an e-mail as plain text"):
                    result["body_alternative"] = to_plain_text(result["body"])
        return results

    def _leave_out_dead_addresses(self, results):
        """Leave out the addresses of a recipient that do not work, where it has others:
        Odoo writes to all addresses of a contact.

        :param results: of `_prepare_outgoing_list`, changed in place
        """
        several = [
            result
            for result in results
            if result["partner_id"] and len(result["email_to"]) > 1
        ]
        own = several and self.env["dunning.envelope"]._get_own_addresses()
        for result in several:
            # sudo: the queue's user may not read marks of the follow-up
            working = result["partner_id"].sudo()._dunning_get_emails(own)
            if working and len(working) < len(result["email_to"]):
                name = result["partner_id"].name or ""
                result["email_to"] = [formataddr((name, email)) for email in working]
                result["email_to_normalized"] = working
