from odoo import fields, models

from ..setup.addresses import find_addresses
from ..setup.roles import ROLES


class ResPartner(models.Model):
    """Extend contacts with a role at the customer, and the language of their
    messages."""

    _inherit = "res.partner"

    dunning_role = fields.Selection(
        selection=ROLES,
        string="Follow-Up Role",
        help="Steps that escalate are addressed to the contacts with their role.",
        groups="base.group_user",
    )

    def _dunning_get_emails(self, own=frozenset()):
        """Return the addresses of a contact that may be written to: well-formed, none
        from which the last message came back, none of our own.

        :param own: see `_get_own_addresses` of the envelope
        """
        left_out = self._dunning_get_bounced() | own
        return [a for a in find_addresses(self.email) if a not in left_out]

    def _dunning_get_lang(self, company):
        """Return the language code of a company's messages to a contact: the contact's,
        else the customer's, else the company's."""
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        langs = (self.lang, self.commercial_partner_id.lang)
        own = (code for code in langs if code in installed)
        return next(own, company._dunning_get_lang())
