from urllib.parse import urlencode

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain

from ..setup.roles import COLLEAGUES, ESCALATION

# Types of a customer's contacts that precede the customer as addressees, best first.
CONTACT_TYPES = ("invoice", "followup")


class DunningMessageMixin(models.AbstractModel):
    """Extend messages with their possible addressees, and the language of these."""

    _inherit = "dunning.message.mixin"

    reader_lang = fields.Char(
        string="Reader's Language",
        compute="_compute_reader_lang",
        compute_sudo=True,
        help="Code of the language in which the message is written.",
    )
    colleague_html = fields.Html(
        string="For a Colleague",
        compute="_compute_colleague_html",
        compute_sudo=True,
        sanitize=False,
        help="Telephone number of the customer and link to the customer's follow-up, "
        "for messages to colleagues; empty in all others.",
    )

    @api.depends("contact_id", "partner_id.lang")
    @api.depends_context("dunning_channel")
    def _compute_reader_lang(self):
        langs = self._get_reader_langs()
        for action in self:
            action.reader_lang = langs[action]

    @api.depends("partner_id.phone", "step_id.recipient")
    @api.depends_context("lang")
    def _compute_colleague_html(self):
        for action in self:
            is_inside = action.step_id.recipient in COLLEAGUES
            action.colleague_html = is_inside and action._get_colleague_lines()

    def _get_colleague_lines(self):
        """Return markup of the ways to the customer: telephone, page in Odoo."""
        customer = self.partner_id
        query = urlencode({"model": customer._name, "res_id": customer.id})
        link = Markup('<a href="%s/mail/view?%s">%s</a>') % (
            self.get_base_url(),
            query,
            self.env._("Open the customer in Odoo"),
        )
        phone = customer.phone and self.env._(
            "Telephone: %(phone)s", phone=customer.phone
        )
        return Markup("<p>%s</p>") % Markup("<br/>").join(filter(None, [phone, link]))

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
