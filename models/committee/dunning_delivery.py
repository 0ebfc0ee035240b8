from odoo import fields, models


class DunningDelivery(models.Model):
    """Extend the delivery with the case it waits for."""

    _inherit = "dunning.delivery"

    committee_case_id = fields.Many2one(
        comodel_name="dunning.committee.case",
        string="Case",
        index="btree_not_null",
        ondelete="set null",
    )
