from odoo import fields, models


class DunningDeliveryDepositLine(models.TransientModel):
    """One registered letter to deposit, with its number."""

    _name = "dunning.delivery.deposit.line"
    _description = "Registered Letter to Deposit"
    _inherit = ["dunning.wizard.mixin"]

    deposit_id = fields.Many2one(
        comodel_name="dunning.delivery.deposit",
        required=True,
        index=True,
        ondelete="cascade",
    )
    delivery_id = fields.Many2one(
        comodel_name="dunning.delivery", required=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="delivery_id.action_id.partner_id")
    address = fields.Char(related="delivery_id.address")
    tracking_number = fields.Char(string="Number")
