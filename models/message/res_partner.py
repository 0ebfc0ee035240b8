from odoo import fields, models

from ..setup.addresses import find_addresses
from ..setup.roles import ROLES
from .person_name import get_family_name, get_given_name, split_name


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

    dunning_title = fields.Selection(
        selection=[("ms", "Ms"), ("mr", "Mr")],
        string="Title",
        help="Form of address used in messages. Empty: the title at the beginning of "
        "the name, if there is one.",
        groups="base.group_user",
    )

    def _dunning_get_greeting(self):
        """Return the greeting of an e-mail to a contact: title and family name where
        the title is known, else the name of a person; nobody greets a department by
        name."""
        title, name = split_name(self.name)
        if self.is_company or not self.name:
            return self.env._("Hello,")
        if self.dunning_title:
            title, name = (
                self.dunning_title,
                name if title else get_family_name(self.name),
            )
        match title:
            case "ms":
                return self.env._("Dear Ms %(name)s,", name=name)
            case "mr":
                return self.env._("Dear Mr %(name)s,", name=name)
        return self.env._("Dear %(name)s,", name=name) if name else self.env._("Hello,")

    def _dunning_get_letter_greeting(self):
        """Return the greeting of a letter to a contact."""
        title = not self.is_company and (self.dunning_title or split_name(self.name)[0])
        match title:
            case "ms":
                return self.env._("Dear Madam,")
            case "mr":
                return self.env._("Dear Sir,")
        return self.env._("Dear Sir or Madam,")

    def _dunning_get_letter_closing(self):
        """Return the closing of a letter to a contact, to go with its greeting."""
        is_named = not self.is_company and (
            self.dunning_title or split_name(self.name)[0]
        )
        if is_named:  # a language may repeat “Sir or Madam” in the other one
            return self.env._("Yours truly,")
        return self.env._("Yours faithfully,")

    def _dunning_get_colleague_greeting(self):
        """Return the greeting of a colleague, by first name."""
        name = get_given_name(split_name(self.name)[1])
        if not name:
            return self.env._("Hello,")
        return self.env._("Hello %(name)s,", name=name)

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
