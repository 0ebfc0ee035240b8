from odoo import fields, models


class DunningAction(models.Model):
    """Extend actions with the details that their message may use."""

    _name = "dunning.action"
    _inherit = ["dunning.action", "dunning.message.mixin"]

    kept_rows = fields.Json(
        string="Rows of the Amount When It Left",
        copy=False,
        help="What added up to the amount asked for when the message left.",
    )
