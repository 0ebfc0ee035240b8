from collections import defaultdict
from datetime import date

from odoo import api, fields, models
from odoo.fields import Domain

from .bounds import check_one
from .guard.guard import by_code
from .res_partner_reader import READERS


class ResPartner(models.Model):
    """How a customer is followed up, per company, shared by all its contacts."""

    _inherit = "res.partner"

    type = fields.Selection(
        selection_add=[("followup", "Follow-up")],
        ondelete={"followup": "set default"},
    )
    dunning_segment_id = fields.Many2one(
        comodel_name="dunning.segment",
        string="Segment",
        company_dependent=True,
        check_company=True,
        ondelete="restrict",
        tracking=True,
        groups="base.group_user",
    )
    dunning_scenario_id = fields.Many2one(
        comodel_name="dunning.scenario",
        string="Own Scenario",
        company_dependent=True,
        check_company=True,
        ondelete="restrict",
        tracking=True,
        help="Replaces the scenario of the segment for this customer.",
        groups="base.group_user",
    )
    dunning_collector_id = fields.Many2one(
        comodel_name="res.users",
        string="Collector",
        company_dependent=True,
        tracking=True,
        help="Follows this customer up.",
        groups="base.group_user",
    )
    dunning_is_stopped = fields.Boolean(
        string="Stop",
        company_dependent=True,
        tracking=True,
        help="Actions for this customer are prepared but not ticked by default; "
        "nothing leaves by itself.",
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
        help="Decides what the law allows to ask for.",
        groups="base.group_user",
    )
    dunning_insolvent_since = fields.Date(
        string="Insolvent Since",
        index="btree_not_null",
        tracking=True,
        help="Day of the judgment. Older claims are declared, not followed up.",
        groups="base.group_user",
    )
    dunning_bounced_email = fields.Char(
        string="Bounced E-mail",
        compute="_compute_dunning_bounced_email",
        store=True,
        readonly=False,
        copy=False,
        help="The address that sent the last message back. It is written to again once "
        "the e-mail is changed.",
        groups="base.group_user",
    )
    dunning_action_ids = fields.One2many(
        comodel_name="dunning.action",
        inverse_name="partner_id",
        groups=READERS,
    )
    dunning_action_count = fields.Integer(
        compute="_compute_dunning_action_count",
        groups="base.group_user",
    )
    dunning_open_item_ids = fields.Many2many(
        comodel_name="account.move.line",
        string="Open Items",
        compute="_compute_dunning_open_item_ids",
        groups=READERS,
    )

    @api.depends("is_company", "commercial_partner_id.is_company", "vat")
    def _compute_dunning_legal_status(self):
        for partner in self.filtered(lambda p: not p.dunning_legal_status):
            customer = partner.commercial_partner_id
            is_business = customer.is_company or customer.vat
            partner.dunning_legal_status = "business" if is_business else "consumer"

    @api.depends("email_normalized")
    def _compute_dunning_bounced_email(self):
        """Forget the address that bounced once it is no longer the contact's."""
        for partner in self:
            if partner.dunning_bounced_email != partner.email_normalized:
                partner.dunning_bounced_email = False

    def _compute_dunning_action_count(self):
        customers = self.commercial_partner_id
        counts = dict(
            self.env["dunning.action"]._read_group(
                [("partner_id", "in", customers.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.dunning_action_count = counts.get(partner.commercial_partner_id, 0)

    @api.depends_context("company", "allowed_company_ids")
    def _compute_dunning_open_item_ids(self):
        Item = self.env["account.move.line"]
        domain = Domain("partner_id", "in", self.commercial_partner_id.ids) & Domain(
            Item._get_dunning_open_item_domain()
        )
        items = Item.search(domain, order="date_maturity, id").grouped("partner_id")
        for partner in self:
            partner.dunning_open_item_ids = items.get(partner.commercial_partner_id)

    def action_view_dunning_actions(self):
        """Open what was sent to the customer and what is about to be."""
        check_one(self)
        self.env["dunning.action"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_scenario.dunning_action_action_all"
        )
        domain = [("partner_id", "=", self.commercial_partner_id.id)]
        return {**action, "domain": domain, "context": {}}

    def action_trust_email(self):
        """Use the e-mail address again, although a message to it came back."""
        self._check_dunning_collector()
        self._dunning_journal().dunning_bounced_email = False

    def action_explain_dunning(self):
        """Show why each open item of the customer is followed up, or is not.

        :raise AccessError: the user is neither accountant nor collector
        """
        return self.dunning_open_item_ids.action_explain_dunning()

    @api.model
    def _commercial_fields(self):
        return [
            *super()._commercial_fields(),
            "dunning_segment_id",
            "dunning_scenario_id",
            "dunning_collector_id",
            "dunning_is_stopped",
            "dunning_stop_reason",
            "dunning_stop_until",
            "dunning_legal_status",
            "dunning_insolvent_since",
        ]

    def _dunning_in_chain(self, company):
        """Return the customers as a company sees them, then as its parents do, nearest
        first: what each has set for them."""
        # sudo: what a parent company set holds for those who work in a branch only
        self_sudo = self.sudo()
        return [self_sudo.with_company(part) for part in company._dunning_chain()]

    def _dunning_get_segment(self, company):
        """Return the segment of the customer: the company's, else a parent's, else
        none."""
        self.ensure_one()
        own = [seen.dunning_segment_id for seen in self._dunning_in_chain(company)]
        segment = next(filter(None, own), self.env["dunning.segment"])
        return segment.with_env(self.env)

    def _dunning_get_stop(self, company):
        """Return the customer as the company sees it whose stop holds today, the
        nearest of the chain; nothing where there is no stop. To be read only."""
        self.ensure_one()
        today = company._dunning_today()
        for seen in self._dunning_in_chain(company):
            until = seen.dunning_stop_until
            if seen.dunning_is_stopped and (not until or until >= today):
                return seen
        return self.browse()

    def _dunning_get_collector(self, company):
        """Return who follows the customer up in a company: its collector there or in a
        parent company, else the company's, else nobody. Who has left is nobody."""
        self.ensure_one()
        own = [seen.dunning_collector_id for seen in self._dunning_in_chain(company)]
        default = company._dunning_default_collector()
        users = self.env["res.users"].concat(*own, default)
        return users.filtered(lambda user: user._is_dunning_colleague())[:1]

    @api.model
    def _dunning_reset_bounce(self, email):
        """An address from which a message comes works.

        :param email: normalized address
        """
        self.search([("dunning_bounced_email", "=", email)]).action_trust_email()

    @api.model
    def _dunning_request_declarations(self, company):
        """Ask the collectors, once per customer, to declare the claims of insolvent
        customers that are older than the judgment."""
        xmlid = "account_dunning_scenario.mail_activity_type_declare_claim"
        # sudo: the task is made whoever plans
        insolvent_sudo = self.sudo().search([("dunning_insolvent_since", "!=", False)])
        customers_sudo = insolvent_sudo.commercial_partner_id
        customers_sudo = customers_sudo._dunning_filtered_to_declare(company)
        known = customers_sudo.env["mail.activity"].with_context(active_test=False)
        known = known.search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "in", customers_sudo.ids),
                ("activity_type_id", "=", self.env.ref(xmlid).id),
            ]
        )
        missing = customers_sudo - self.browse(known.mapped("res_id"))
        by_user = missing.grouped(
            lambda customer: customer._dunning_get_collector(company)
        )
        for user, group in by_user.items():
            quiet = by_code(group).with_context(mail_activity_quick_update=True)
            quiet.activity_schedule(xmlid, user_id=user.id or self.env.uid)

    @api.model
    def _get_dunning_erased(self):
        """Return what tells more of a customer than amounts and days: where they were
        reached, what was written and said.

        :return: {model: names of its fields}; those of `res.partner` are cleared on the
            contacts, those of other models on what is about the customer
        """
        return defaultdict(set)

    def _dunning_filtered_to_declare(self, company):
        """Return the insolvent customers with open claims older than the judgment."""
        items = self.env["account.move.line"]
        oldest = items._read_group(
            items._get_dunning_owed_domain(company, date.max)
            & Domain("partner_id.commercial_partner_id", "in", self.ids),
            ["partner_id"],
            ["date:min"],
        )
        customers = self.browse()
        for contact, first in oldest:
            customer = contact.commercial_partner_id
            if first < customer.dunning_insolvent_since:
                customers |= customer
        return customers
