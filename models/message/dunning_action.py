from odoo import fields, models


class DunningAction(models.Model):
    """Extend actions with the details that their message may use."""

    _name = "dunning.action"
    _inherit = ["dunning.action", "dunning.message.mixin"]

    kept_rows = fields.Json(
        string="Amount Breakdown When Sent",
        copy=False,
        help="Items that made up the amount asked for when the message was sent.",
    )
