from odoo import fields, models


class DunningDelivery(models.Model):
    """A step by committee waits on the agenda of a session."""

    _inherit = "dunning.delivery"

    committee_case_id = fields.Many2one(
        comodel_name="dunning.committee.case",
        string="Case",
        index="btree_not_null",
        ondelete="set null",
    )
