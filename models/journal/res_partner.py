from odoo import fields, models

from ..setup.bounds import check_one
from ..setup.res_partner_reader import READERS


class ResPartner(models.Model):
    """What was sent to a customer, and what is about to be."""

    _inherit = "res.partner"

    dunning_action_ids = fields.One2many(
        comodel_name="dunning.action",
        inverse_name="partner_id",
        groups=READERS,
    )
    dunning_action_count = fields.Integer(
        compute="_compute_dunning_action_count",
        groups="base.group_user",
    )

    def _compute_dunning_action_count(self):
        customers = self.commercial_partner_id
        counts = dict(
            self.env["dunning.action"]._read_group(
                [("partner_id", "in", customers.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.dunning_action_count = counts.get(partner.commercial_partner_id, 0)

    def action_view_dunning_actions(self):
        """Open what was sent to the customer and what is about to be."""
        check_one(self)
        self.env["dunning.action"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_scenario.dunning_action_action_all"
        )
        domain = [("partner_id", "=", self.commercial_partner_id.id)]
        return {**action, "domain": domain, "context": {}}
