from odoo import fields, models


class AccountMove(models.Model):
    """Extend the invoice with the customer's reasons for not paying."""

    _inherit = "account.move"

    dunning_nonpayment_ids = fields.One2many(
        comodel_name="dunning.nonpayment",
        inverse_name="move_id",
        string="Reasons for Not Paying",
        groups="base.group_user",
    )
