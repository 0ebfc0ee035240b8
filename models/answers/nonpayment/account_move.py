from odoo import fields, models


class AccountMove(models.Model):
    """Why an invoice is not paid, as the customer says."""

    _inherit = "account.move"

    dunning_nonpayment_ids = fields.One2many(
        comodel_name="dunning.nonpayment",
        inverse_name="move_id",
        string="Reasons for Not Paying",
        groups="base.group_user",
    )
