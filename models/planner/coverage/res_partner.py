from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .dunning_coverage import LABELS


class ResPartner(models.Model):
    """Extend customers with the gap in their follow-up."""

    _inherit = "res.partner"

    dunning_gap = fields.Selection(
        selection=lambda self: self._selection_dunning_gap(),
        string="Reason Not Followed Up",
        compute="_compute_dunning_gap",
        search="_search_dunning_gap",
        help="Reason why the customer's overdue amount is not followed up today.",
        groups="base.group_user",
    )
    dunning_gap_reason = fields.Char(
        string="Reason",
        compute="_compute_dunning_gap",
        groups="base.group_user",
    )
    dunning_gap_amount = fields.Monetary(
        string="Overdue",
        compute="_compute_dunning_gap",
        currency_field="dunning_gap_currency_id",
        help="Overdue amount in the companies you work in.",
        groups="base.group_user",
    )
    dunning_gap_currency_id = fields.Many2one(
        comodel_name="res.currency",
        string="Currency of the Overdue Amount",
        compute="_compute_dunning_gap",
        groups="base.group_user",
    )

    @api.model
    def _selection_dunning_gap(self):
        text = self.env["dunning.coverage"]._get_text
        return [(code, text(label)) for code, label in LABELS.items()]

    @api.depends_context("allowed_company_ids", "lang", "uid")
    def _compute_dunning_gap(self):
        """Compute the gap; empty for customers whose debts the user may not read."""
        customers = self._dunning_filter_readable().commercial_partner_id
        rows = self.env["dunning.coverage"]._get_rows(customers) if customers else []
        by_customer = {}
        for row in rows:
            by_customer.setdefault(row["partner_id"], []).append(row)
        self.dunning_gap_currency_id = self.env.company.currency_id
        for partner in self:
            rows = by_customer.get(partner.commercial_partner_id.id, [])
            reasons = [row["reason"] for row in rows if row["code"]]
            codes = (row["code"] for row in rows if row["code"])
            partner.dunning_gap = next(codes, False)
            partner.dunning_gap_reason = " ".join(dict.fromkeys(reasons))
            partner.dunning_gap_amount = sum(row["amount"] for row in rows)

    def _search_dunning_gap(self, operator, value):
        if operator != "in":
            return NotImplemented
        rows = self.env["dunning.coverage"]._get_rows()
        ids = {row["partner_id"] for row in rows if row["code"] in value}
        # Users who may not read a debt must not find the customer by it either.
        forgotten = self.browse(ids)._dunning_filter_readable()
        found = Domain("id", "in", forgotten.ids)
        if False in value:
            anyone = self._search_dunning_gap("in", list(LABELS))
            found |= ~anyone
        return found

    def action_lift_dunning_stop(self):
        """Lift the stop of these customers, a parent company's included.

        :raise AccessError: the user may not change customers
        :raise UserError: the stop belongs to a parent company in which the user does
            not work
        """
        values = {"dunning_is_stopped": False, "dunning_stop_until": False}
        company = self.env.company
        self.write(values)
        for customer in self:
            while stop_sudo := customer._dunning_get_stop(company):
                holder_sudo = stop_sudo.env.company
                customer._dunning_check_works_in(holder_sudo)
                customer.with_company(holder_sudo.id).write(values)
        return True

    def _dunning_check_works_in(self, company_sudo):
        """Refuse to lift the stop of a company in which the user does not work."""
        if company_sudo.id not in self.env.user.company_ids.ids:
            raise UserError(
                self.env._(
                    "%(company)s has put %(customer)s in “stop”, for its branches too: "
                    "ask somebody who works there to lift it.",
                    company=company_sudo.name,
                    customer=self.display_name,
                )
            )

    def action_view_dunning_gap_items(self):
        """Open the open items of these customers, to lift their exclusion."""
        self._dunning_check_readable(self.env.company)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_scenario.account_move_line_action"
        )
        customers = self.commercial_partner_id
        domain = Domain("partner_id", "in", customers.ids) & Domain(
            self.env["account.move.line"]._get_dunning_open_item_domain()
        )
        return {**action, "domain": list(domain), "context": {}}
