from odoo import fields, models


class AccountMoveLine(models.Model):
    """Extend items with the steps that they have performed or are about to perform."""

    _inherit = "account.move.line"

    dunning_line_ids = fields.One2many(
        comodel_name="dunning.action.line",
        string="Follow-Up Lines",
        inverse_name="move_line_id",
        groups="base.group_user",
    )
