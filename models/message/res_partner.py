from odoo import fields, models

from ..setup.roles import ROLES


class ResPartner(models.Model):
    """Extend contacts with a role at the customer, and the language of their
    messages."""

    _inherit = "res.partner"

    dunning_role = fields.Selection(
        selection=ROLES,
        string="Follow-Up Role",
        help="Escalation steps are addressed to the contacts with the matching role.",
        groups="base.group_user",
    )

    def _dunning_get_lang(self, company):
        """Return the language code of a company's messages to a contact: the contact's,
        else the customer's, else the company's."""
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        langs = (self.lang, self.commercial_partner_id.lang, company.partner_id.lang)
        return next((code for code in langs if code in installed), "en_US")
