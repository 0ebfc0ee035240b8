from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ...setup.res_partner_reader import READERS


class DunningHandover(models.Model):
    """Handover of a customer's claims to an agency, a bailiff or a lawyer.

    While it lasts, the customer is not followed up (rule `handed_over` of the planner)
    and waiting actions are withdrawn. Promises are still taken.
    """

    _name = "dunning.handover"
    _description = "Handover"
    _inherit = ["dunning.guard.mixin", "mail.thread"]
    _order = "date desc, id desc"
    _form_fields = frozenset(
        {"agent_id", "agent_kind", "cost_ids", "date", "note", "taken_back_date"}
    )
    _new_fields = frozenset({"company_id", "partner_id"})
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        domain="[('parent_id', '=', False)]",
    )
    agent_id = fields.Many2one(
        comodel_name="res.partner",
        string="Handed Over To",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    agent_kind = fields.Selection(
        selection=[
            ("agency", "Collection agency"),
            ("bailiff", "Bailiff"),
            ("lawyer", "Lawyer"),
        ],
        string="Type of Agent",
        default="agency",
        required=True,
    )
    date = fields.Date(
        string="Handed Over On",
        required=True,
        default=lambda self: self.env.company._dunning_today(),
        tracking=True,
    )
    amount = fields.Monetary(
        string="Claims", readonly=True, help="Amount open on that day."
    )
    taken_back_date = fields.Date(
        string="Taken Back On",
        copy=False,
        tracking=True,
        help="From that day on the customer is followed up as before.",
    )
    cost_ids = fields.One2many(
        comodel_name="dunning.handover.cost",
        inverse_name="handover_id",
        string="Costs",
        groups=READERS,
    )
    amount_cost = fields.Monetary(
        string="Cost", compute="_compute_amount_cost", groups=READERS
    )
    attachment_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Claims File",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    note = fields.Text(string="Instructions")

    _open_once = models.UniqueIndex(
        "(partner_id, company_id) WHERE taken_back_date IS NULL",
        "This customer is already handed over: take the customer back first.",
    )

    @api.depends("partner_id.name", "agent_id.name")
    def _compute_display_name(self):
        for handover in self:
            handover.display_name = self.env._(
                "%(customer)s, handed over to %(agent)s",
                customer=handover.partner_id.name,
                agent=handover.agent_id.name,
            )

    @api.depends("cost_ids.amount")
    def _compute_amount_cost(self):
        for handover in self:
            handover.amount_cost = sum(handover.cost_ids.mapped("amount"))

    @api.constrains("date", "taken_back_date", "partner_id", "agent_id")
    def _check_dates(self):
        for handover in self:
            today = handover.company_id._dunning_today()
            if handover.date > today:
                raise ValidationError(
                    self.env._(
                        "%(day)s is in the future: hand the customer over on that day.",
                        day=format_date(self.env, handover.date),
                    )
                )
            end = handover.taken_back_date
            if end and end < handover.date:
                raise ValidationError(
                    self.env._(
                        "Taken back before being handed over: correct the dates."
                    )
                )
            if handover.partner_id == handover.agent_id.commercial_partner_id:
                raise ValidationError(
                    self.env._("Choose somebody other than the customer.")
                )

    # ---- ORM -------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Hand customers over, and withdraw their waiting actions at once."""
        handovers = super().create(vals_list)
        for handover in handovers:
            amounts = handover._get_items().mapped("amount_residual")
            handover._journal().amount = handover.currency_id.round(sum(amounts))
        handovers._recheck()
        return handovers

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"date", "taken_back_date", "partner_id", "company_id"}:
            self._recheck()
        return result

    # ---- buttons ---------------------------------------------------------------------

    def action_take_back(self):
        """Take the customers back into the follow-up from today on.

        :raise AccessError: the user is no collection manager
        """
        self.check_access("write")
        running = self.filtered(lambda handover: not handover.taken_back_date)
        for company, of_company in running.grouped("company_id").items():
            of_company.taken_back_date = company._dunning_today()
        return True

    # ---- business --------------------------------------------------------------------

    def _recheck(self):
        """Re-check the waiting actions of these customers."""
        for handover in self:
            handover._get_items()._dunning_recheck()

    def _get_items(self):
        """Return the customer's open items in the company."""
        # sudo: the open items do not depend on the user
        items_sudo = self.env["account.move.line"].sudo()
        today = self.company_id._dunning_today()
        domain = items_sudo._get_dunning_open_domain(self.company_id, today)
        customer = Domain("partner_id.commercial_partner_id", "=", self.partner_id.id)
        return items_sudo.search(domain & customer)
