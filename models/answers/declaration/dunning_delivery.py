from odoo import api, fields, models


class DunningDelivery(models.Model):
    """Extend the delivery with what the customer declared by its link."""

    _inherit = "dunning.delivery"

    declaration_ids = fields.One2many(
        comodel_name="dunning.declaration", inverse_name="delivery_id"
    )
    declaration_count = fields.Integer(
        string="Declared",
        compute="_compute_declaration_count",
        compute_sudo=True,
        help="Number of times the customer declared something by the link.",
    )

    @api.depends("declaration_ids")
    def _compute_declaration_count(self):
        for delivery in self:
            delivery.declaration_count = len(delivery.declaration_ids)
