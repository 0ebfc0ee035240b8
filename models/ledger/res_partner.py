from odoo import api, fields, models
from odoo.fields import Domain

from ..setup.res_partner_reader import READERS


class ResPartner(models.Model):
    """What a customer owes; what follows when customers are arranged anew, which the
    rooms above do."""

    _inherit = "res.partner"

    dunning_open_item_ids = fields.Many2many(
        comodel_name="account.move.line",
        string="Open Items",
        compute="_compute_dunning_open_item_ids",
        groups=READERS,
    )

    @api.depends_context("company", "allowed_company_ids")
    def _compute_dunning_open_item_ids(self):
        Item = self.env["account.move.line"]
        domain = Domain("partner_id", "in", self.commercial_partner_id.ids) & Domain(
            Item._get_dunning_open_item_domain()
        )
        items = Item.search(domain, order="date_maturity, id").grouped("partner_id")
        for partner in self:
            partner.dunning_open_item_ids = items.get(partner.commercial_partner_id)

    def _dunning_follow_customer(self):
        """Let what belongs to partners that became contacts belong to the customer."""

    def _dunning_join_actions(self):
        """Let what waits for customers that were merged leave as one."""

    def _dunning_move_actions(self, before=()):
        """Give what is open about these customers to their new collectors.

        :param before: ids of customer, company and collector before the change
        """
