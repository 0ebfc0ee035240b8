from odoo import models
from odoo.fields import Domain

from ..setup.roles import COLLEAGUES, ESCALATION

# Types of a customer's contacts that precede the customer as addressees, best first.
CONTACT_TYPES = ("invoice", "followup")


class DunningMessageMixin(models.AbstractModel):
    """Extend messages with their possible addressees, and the language of these."""

    _inherit = "dunning.message.mixin"

    def _get_contact_tiers(self):
        """Return the possible addressees of an action, best first: the contacts with
        the role of its step, else the customer's invoice contacts, else the follow-up
        contacts, else the customer, else the contacts named on the invoices. A step for
        a colleague has no other addressee.

        :return: {action: list of res.partner, none of them empty}
        """
        # sudo: contacts of the customer of an action visible to the user
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
        """Return {(customer, role): contacts} for the roles of the steps."""
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
        """Return the contact of the colleague who is the step's addressee."""
        user = self.salesperson_id
        if self.step_id.recipient == "collector":
            user = self._get_collector()
        return user.filtered("active").partner_id

    def _get_contacts(self, is_usable):
        """Return the reachable contacts of the best tier that has any.

        :param is_usable: function: whether the channel can reach a contact
        :return: {action: res.partner}, without the actions that reach no contact
        """
        found = {}
        for action, tiers in self._get_contact_tiers().items():
            reached = (contacts.filtered(is_usable) for contacts in tiers)
            contacts = next((group for group in reached if group), None)
            if contacts:
                found[action] = contacts
        return found

    def _get_reader_langs(self):
        """Return the language code of each action's addressee."""
        return {
            action: (action.contact_id or action.partner_id)._dunning_get_lang(
                action.company_id
            )
            for action in self
        }
