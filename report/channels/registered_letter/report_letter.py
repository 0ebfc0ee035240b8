from odoo import models

from ....models.channels.registered_letter.postal_number import format_number
from ....models.setup.guard.guard import is_sealed

DEPOSIT = "account_dunning_scenario.deposit_form"


class ReportLetter(models.AbstractModel):
    """Extend letters for registered mail: a mention, and a deposit form for the post
    office on a last sheet that does not go into the envelope.

    Context `dunning_registered`: the letters are registered ones.
    """

    _inherit = "report.account_dunning_scenario.letter"

    def _prepare_letter_values(self, action, text, sections):
        values = super()._prepare_letter_values(action, text, sections)
        is_registered = is_sealed(self.env, "dunning_registered")
        return {
            **values,
            "is_registered": is_registered,
            "deposit": is_registered and self._get_deposit_form(action),
        }

    def _get_margins(self, company):
        """Leave the deposit form out of the pages of the letter."""
        is_registered = is_sealed(self.env, "dunning_registered")
        return {**super()._get_margins(company), "slips": int(is_registered)}

    def _get_deposit_form(self, action):
        """Return the form as markup, in the language of the depositing company."""
        company, contact = action.company_id, action.contact_id
        report = self.with_context(lang=company._dunning_get_lang())
        is_abroad = report._is_abroad(company, contact)
        letters = action.delivery_ids.filtered(
            lambda way: way.channel == "registered_letter" and way.tracking_number
        )
        return report.env["ir.qweb"]._render(
            DEPOSIT,
            {
                "company": company,
                "sender": report._get_sender_lines(company, is_abroad),
                "recipient": report._get_recipient_lines(company, contact),
                "reference": action._get_reference(),
                "number": format_number(letters[-1:].tracking_number or ""),
            },
        )
