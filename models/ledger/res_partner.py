from odoo import api, fields, models
from odoo.fields import Domain

from ..setup.res_partner_reader import READERS


class ResPartner(models.Model):
    """Open items of a customer, and checks after partners are merged or moved; the
    rooms above extend these."""

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
        """Move the follow-up records of partners that became contacts to their
        customer."""

    def _dunning_join_actions(self):
        """Join the open actions of merged customers into one."""

    def _dunning_move_actions(self, before=()):
        """Assign the open actions of these customers to their new collectors.

        :param before: ids of customer, company and collector before the change, each as
            a triple
        """
