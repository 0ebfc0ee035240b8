from odoo import api, fields, models


class DunningDisputeReason(models.Model):
    """Extend the reason with its use on the customers' pages."""

    _inherit = "dunning.dispute.reason"

    is_for_customers = fields.Boolean(
        string="Offered to Customers",
        default=True,
        help="Customers may choose it on their page.",
    )
    customer_name = fields.Char(
        string="Name for Customers",
        translate=True,
        help="Wording on the customers' page; empty: the name of the reason.",
    )
    customer_label = fields.Char(compute="_compute_customer_label")

    @api.depends("name", "customer_name")
    @api.depends_context("lang")
    def _compute_customer_label(self):
        for reason in self:
            reason.customer_label = reason.customer_name or reason.name
