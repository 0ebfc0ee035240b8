from odoo import models
from odoo.fields import Domain

from ..setup.roles import COLLEAGUES, ESCALATION

# Children of a customer that are written to before the customer, best first.
CONTACT_TYPES = ("invoice", "followup")


class DunningMessageMixin(models.AbstractModel):
    """Whom a message may be addressed to, and in which language they read."""

    _inherit = "dunning.message.mixin"

    def _get_contact_tiers(self):
        """Return whom an action may be addressed to, best first: the contacts with the
        role that its step wants, else the customer's invoice contacts, else the
        follow-up contacts, else the customer, else the contacts named on the invoices.
        A step for a colleague has nobody else.

        :return: {action: list of res.partner, none of them empty}
        """
        # sudo: contacts of the customer of an action that the user sees
        actions_sudo = self.sudo()
        customers = actions_sudo.partner_id
        children = customers.search(
            [
                ("commercial_partner_id", "in", customers.ids),
                ("type", "in", CONTACT_TYPES),
            ],
            order="id",
        ).grouped(lambda contact: (contact.commercial_partner_id, contact.type))
        by_role = actions_sudo._get_contacts_by_role()
        tiers = {}
        for action in actions_sudo:
            if action.step_id.recipient in COLLEAGUES:
                colleague = action._get_colleague()
                tiers[action] = [colleague] if colleague else []
                continue
            customer = action.partner_id
            roles = ESCALATION.get(action.step_id.recipient, ())
            named = action._get_message_lines().move_id.partner_id
            candidates = [
                *(by_role.get((customer, role)) for role in roles),
                *(children.get((customer, type_)) for type_ in CONTACT_TYPES),
                customer.filtered("active"),
                named.filtered("active") - customer,
            ]
            tiers[action] = [contacts for contacts in candidates if contacts]
        return tiers

    def _get_contacts_by_role(self):
        """Return {(customer, role): contacts} of the roles that the steps name."""
        roles = self.step_id._get_roles()
        if not roles:
            return {}
        contacts = self.env["res.partner"].search(
            Domain("commercial_partner_id", "in", self.partner_id.ids)
            & Domain("dunning_role", "in", list(roles)),
            order="id",
        )
        return contacts.grouped(
            lambda contact: (contact.commercial_partner_id, contact.dunning_role)
        )

    def _get_colleague(self):
        """Return the contact of the colleague to whom the step is addressed."""
        user = self.salesperson_id
        if self.step_id.recipient == "collector":
            user = self._get_collector()
        return user.filtered("active").partner_id

    def _get_contacts(self, is_usable):
        """Return the contacts of the best tier in which somebody can be reached.

        :param is_usable: whether a contact has what the channel needs
        :return: {action: res.partner}, without the actions that reach nobody
        """
        found = {}
        for action, tiers in self._get_contact_tiers().items():
            reached = (contacts.filtered(is_usable) for contacts in tiers)
            contacts = next((group for group in reached if group), None)
            if contacts:
                found[action] = contacts
        return found

    def _get_reader_langs(self):
        """Return the code of the language in which each addressee reads."""
        return {
            action: (action.contact_id or action.partner_id)._dunning_get_lang(
                action.company_id
            )
            for action in self
        }
