from odoo import api, fields, models

from ..setup.bounds import check_one
from .promise.dunning_promise import JUDGED_STATES


class ResPartner(models.Model):
    """Extend the customer with promises, disputes and reasons for not paying."""

    _inherit = "res.partner"

    dunning_promise_count = fields.Integer(
        string="Promises",
        compute="_compute_dunning_promises",
        groups="base.group_user",
    )
    dunning_kept_rate = fields.Float(
        string="Promises Kept",
        compute="_compute_dunning_promises",
        help="Share of the promises that fell due and were kept in full.",
        groups="base.group_user",
    )
    dunning_dispute_count = fields.Integer(
        string="Open Disputes",
        compute="_compute_dunning_dispute_count",
        groups="base.group_user",
    )

    dunning_nonpayment_count = fields.Integer(
        string="Reasons for Not Paying",
        compute="_compute_dunning_nonpayment_count",
        groups="base.group_user",
    )

    @api.depends_context("allowed_company_ids", "uid")
    def _compute_dunning_promises(self):
        customers = self.commercial_partner_id
        counts = self.env["dunning.promise"]._read_group(
            [
                ("partner_id", "in", customers.ids),
                ("company_id", "in", self.env.companies.ids),
            ],
            ["partner_id", "state"],
            ["__count"],
        )
        by_state = {(partner, state): count for partner, state, count in counts}
        states = [state for state, _label in self._get_promise_states()]
        for partner in self:
            customer = partner.commercial_partner_id
            number = {state: by_state.get((customer, state), 0) for state in states}
            judged = sum(number[state] for state in JUDGED_STATES)
            partner.dunning_promise_count = sum(number.values())
            partner.dunning_kept_rate = judged and number["kept"] / judged

    def _get_promise_states(self):
        return self.env["dunning.promise"]._fields["state"].selection

    @api.depends_context("allowed_company_ids", "uid")
    def _compute_dunning_dispute_count(self):
        counts = dict(
            self.env["dunning.dispute"]._read_group(
                [
                    ("partner_id", "in", self.commercial_partner_id.ids),
                    ("company_id", "in", self.env.companies.ids),
                    ("state", "!=", "settled"),
                ],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            customer = partner.commercial_partner_id
            partner.dunning_dispute_count = counts.get(customer, 0)

    @api.depends_context("allowed_company_ids", "uid")
    def _compute_dunning_nonpayment_count(self):
        counts = dict(
            self.env["dunning.nonpayment"]._read_group(
                [
                    ("partner_id", "in", self.commercial_partner_id.ids),
                    ("company_id", "in", self.env.companies.ids),
                ],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            customer = partner.commercial_partner_id
            partner.dunning_nonpayment_count = counts.get(customer, 0)

    def action_view_dunning_nonpayments(self):
        """Open the customer's reasons for not paying, the latest first."""
        action = self._open_dunning_answers("dunning_nonpayment_action")
        views = sorted(action["views"], key=lambda view: view[1] != "list")
        return {**action, "views": views}

    def action_view_dunning_promises(self):
        """Open the customer's promises."""
        return self._open_dunning_answers("dunning_promise_action")

    def action_view_dunning_disputes(self):
        """Open the customer's disputes."""
        return self._open_dunning_answers("dunning_dispute_action")

    def _open_dunning_answers(self, name):
        check_one(self)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"account_dunning_scenario.{name}"
        )
        self.env[action["res_model"]].check_access("read")
        customer = self.commercial_partner_id
        return {
            **action,
            "domain": [("partner_id", "=", customer.id)],
            "context": {"default_partner_id": customer.id},
        }
