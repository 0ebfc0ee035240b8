from collections import defaultdict

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError

from .addresses import SEPARATOR, find_addresses


class ResPartner(models.Model):
    """Follow-up settings of a customer, per company, shared by all its contacts."""

    _inherit = "res.partner"

    type = fields.Selection(
        selection_add=[("followup", "Follow-up")],
        ondelete={"followup": "set default"},
    )
    dunning_collector_id = fields.Many2one(
        comodel_name="res.users",
        string="Collector",
        company_dependent=True,
        tracking=True,
        help="User who follows this customer up.",
        groups="base.group_user",
    )
    dunning_is_stopped = fields.Boolean(
        string="Stop",
        company_dependent=True,
        tracking=True,
        help="Actions for this customer are prepared but not ticked by default; "
        "nothing "
        "is sent automatically.",
        groups="base.group_user",
    )
    dunning_stop_reason = fields.Char(
        string="Stop Reason",
        company_dependent=True,
        tracking=True,
        groups="base.group_user",
    )
    dunning_stop_until = fields.Date(
        string="Stopped Until",
        company_dependent=True,
        tracking=True,
        help="Last day of the stop. Empty: until further notice.",
        groups="base.group_user",
    )
    dunning_legal_status = fields.Selection(
        selection=[
            ("business", "Business"),
            ("consumer", "Consumer"),
            ("public", "Public body"),
        ],
        string="Legal Status",
        compute="_compute_dunning_legal_status",
        store=True,
        readonly=False,
        help="Determines what the law allows you to claim.",
        groups="base.group_user",
    )
    dunning_size = fields.Selection(
        selection=[
            ("small", "Small company"),
            ("medium", "Medium-sized company"),
            ("large", "Large company"),
        ],
        string="Size",
        tracking=True,
        help="Steps can be limited to customers of one size; private individuals count "
        "as small companies.",
        groups="base.group_user",
    )
    dunning_insolvent_since = fields.Date(
        string="Insolvent Since",
        index="btree_not_null",
        tracking=True,
        help="Day of the insolvency judgment. Older claims are declared, not followed "
        "up.",
        groups="base.group_user",
    )
    dunning_bounced_email = fields.Char(
        string="Bounced E-mail",
        compute="_compute_dunning_bounced_email",
        store=True,
        readonly=False,
        copy=False,
        help="Addresses from which the last message came back. They are used again "
        "once the e-mail address is changed.",
        groups="base.group_user",
    )

    @api.depends("is_company", "commercial_partner_id.is_company", "vat")
    def _compute_dunning_legal_status(self):
        for partner in self.filtered(lambda p: not p.dunning_legal_status):
            customer = partner.commercial_partner_id
            is_business = customer.is_company or customer.vat
            partner.dunning_legal_status = "business" if is_business else "consumer"

    @api.depends("email")
    def _compute_dunning_bounced_email(self):
        """Clear the bounced addresses that are no longer in the contact's e-mail."""
        for partner in self.filtered("dunning_bounced_email"):
            left = partner._dunning_get_bounced() & {*find_addresses(partner.email)}
            partner.dunning_bounced_email = SEPARATOR.join(sorted(left)) or False

    def _dunning_get_bounced(self):
        """Return the addresses of a contact from which messages came back."""
        return set(find_addresses(self.dunning_bounced_email))

    def _dunning_set_bounced(self, addresses):
        self._dunning_journal().dunning_bounced_email = (
            SEPARATOR.join(sorted(addresses)) or False
        )

    def _dunning_flag_emails(self, addresses):
        """Record that messages to addresses came back, on the contacts that have them.

        :param addresses: normalized; each of a contact's has its own fate
        """
        for contact in self:
            returned = {*find_addresses(contact.email)} & {*addresses}
            if returned:
                contact._dunning_set_bounced(contact._dunning_get_bounced() | returned)

    @api.constrains("lang")
    def _check_dunning_lang(self):
        """Refuse a language that is not installed: messages to the contact, or from the
        company, are written in it. Odoo accepts any from everybody."""
        if self.env.uid == SUPERUSER_ID:
            return
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        for partner in self:
            if partner.lang and partner.lang not in installed:
                raise ValidationError(
                    self.env._(
                        "“%(code)s” is not a language of this database: choose one "
                        "from the list, or ask your administrator to add it.",
                        code=partner.lang[:20],
                    )
                )

    def action_trust_email(self):
        """Use the e-mail address again, although a message to it came back."""
        self._check_dunning_collector()
        self._dunning_journal().dunning_bounced_email = False

    @api.model
    def _commercial_fields(self):
        return [
            *super()._commercial_fields(),
            "dunning_collector_id",
            "dunning_is_stopped",
            "dunning_stop_reason",
            "dunning_stop_until",
            "dunning_legal_status",
            "dunning_insolvent_since",
            "dunning_size",
        ]

    def _dunning_in_chain(self, company):
        """Return the customers in the context of a company, then of each parent,
        nearest first: their settings in each."""
        # sudo: a parent company's settings hold for users of a branch, too
        self_sudo = self.sudo()
        return [self_sudo.with_company(part) for part in company._dunning_chain()]

    def _dunning_get_stop(self, company):
        """Return the customer in the context of the nearest company of the chain whose
        stop holds today, empty without a stop. To be read only."""
        self.ensure_one()
        today = company._dunning_today()
        for seen in self._dunning_in_chain(company):
            until = seen.dunning_stop_until
            if seen.dunning_is_stopped and (not until or until >= today):
                return seen
        return self.browse()

    def _dunning_get_collector(self, company):
        """Return the collector of the customer in a company: its own there or in a
        parent company, else the company's default. Users who have left are passed
        over."""
        self.ensure_one()
        own = [seen.dunning_collector_id for seen in self._dunning_in_chain(company)]
        default = company._dunning_default_collector()
        users = self.env["res.users"].concat(*own, default)
        return users.filtered(lambda user: user._is_dunning_colleague())[:1]

    @api.model
    def _dunning_reset_bounce(self, email):
        """Clear the bounced mark of an address from which a message arrives.

        :param email: normalized address
        """
        for contact in self.search([("dunning_bounced_email", "ilike", email)]):
            bounced = contact._dunning_get_bounced()
            if email in bounced:
                contact._check_dunning_collector()
                contact._dunning_set_bounced(bounced - {email})

    @api.model
    def _get_dunning_erased(self):
        """Return the fields to erase for a customer: all personal data beyond amounts
        and days, such as addresses and texts.

        :return: {model: names of its fields}; those of `res.partner` are cleared on the
            contacts, those of other models on the customer's records
        """
        return defaultdict(set)
