from odoo import fields, models

from ..setup.roles import ROLES


class ResPartner(models.Model):
    """What a contact does at the customer's, and in which language they read."""

    _inherit = "res.partner"

    dunning_role = fields.Selection(
        selection=ROLES,
        string="Follow-Up Role",
        help="Steps that escalate are addressed to the contacts with their role.",
        groups="base.group_user",
    )

    def _dunning_get_lang(self, company):
        """Return the code of the language in which a contact reads what a company
        writes: theirs, else their company's, else that of the company who writes."""
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        langs = (self.lang, self.commercial_partner_id.lang, company.partner_id.lang)
        return next((code for code in langs if code in installed), "en_US")
