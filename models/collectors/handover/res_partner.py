from markupsafe import escape

from odoo import api, fields, models
from odoo.fields import Domain

from ...setup.bounds import check_one
from ...setup.guard.guard import by_code

BLOCKED_TYPE = "account_dunning_scenario.mail_activity_type_orders_blocked"


class ResPartner(models.Model):
    """Extend customers with the committee's decisions for all users: blocked orders,
    handover."""

    _inherit = "res.partner"

    dunning_orders_blocked_date = fields.Date(
        string="Orders Blocked Since",
        company_dependent=True,
        tracking=True,
        help="Take no new orders until the overdue amount is paid.",
        groups="base.group_user",
    )
    dunning_orders_blocked_reason = fields.Char(
        string="Reason for Blocking Orders",
        company_dependent=True,
        tracking=True,
        groups="base.group_user",
    )
    dunning_handover_id = fields.Many2one(
        comodel_name="dunning.handover",
        string="Handover",
        compute="_compute_dunning_handover_id",
        groups="base.group_user",
    )

    @api.depends_context("company", "uid")
    def _compute_dunning_handover_id(self):
        running = Domain("company_id", "=", self.env.company.id) & Domain(
            "taken_back_date", "=", False
        )
        customers = Domain("partner_id", "in", self.commercial_partner_id.ids)
        handovers = self.env["dunning.handover"].search(running & customers)
        by_customer = handovers.grouped("partner_id")
        for partner in self:
            partner.dunning_handover_id = by_customer.get(partner.commercial_partner_id)

    @api.model
    def _commercial_fields(self):
        return [
            *super()._commercial_fields(),
            "dunning_orders_blocked_date",
            "dunning_orders_blocked_reason",
        ]

    # ---- orders ----------------------------------------------------------------------

    def action_unblock_dunning_orders(self):
        """Unblock the orders of these customers, for the current company.

        :raise AccessError: the user is no collector
        """
        customers = self.commercial_partner_id
        customers._check_dunning_collector()
        customers._dunning_journal().write(
            {
                "dunning_orders_blocked_date": False,
                "dunning_orders_blocked_reason": False,
            }
        )
        return True

    def action_open_dunning_handover(self):
        """Open the current handover of the customer."""
        check_one(self)
        self.env["dunning.handover"].check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "dunning.handover",
            "res_id": self.dunning_handover_id.id,
            "views": [(False, "form")],
        }

    def _dunning_block_orders(self, reason):
        """Block new orders of these customers, for the current company, and tell their
        salespeople.

        :param reason: text in the user's language
        """
        today = self.env.company._dunning_today()
        self._dunning_journal().write(
            {
                "dunning_orders_blocked_date": today,
                "dunning_orders_blocked_reason": reason,
            }
        )
        for seller, customers in self.grouped("user_id").items():
            if seller:
                by_code(customers).activity_schedule(
                    BLOCKED_TYPE,
                    user_id=seller.id,
                    date_deadline=today,
                    note=escape(reason),
                )

    def _dunning_get_block_text(self, company):
        """Return the warning that orders of the customer are blocked, with the reason,
        False if they are not.

        :param company: res.company of the order
        """
        self.ensure_one()
        if not (self.env.su or self.env.user._is_internal()):
            return False  # customers read their own orders, too
        customer = self.commercial_partner_id.with_company(company)
        if not customer.dunning_orders_blocked_date:
            return False
        return self.env._(
            "Orders of %(customer)s are blocked: %(reason)s",
            customer=customer.name,
            reason=customer.dunning_orders_blocked_reason or "",
        )

    @api.model
    def _get_dunning_method_fields(self):
        own = {
            "dunning_orders_blocked_date",
            "dunning_orders_blocked_reason",
        }
        return super()._get_dunning_method_fields() | own
