from odoo import fields, models


class AccountMoveLine(models.Model):
    """The steps that a claim has performed, or is about to."""

    _inherit = "account.move.line"

    dunning_line_ids = fields.One2many(
        comodel_name="dunning.action.line",
        inverse_name="move_line_id",
        groups="base.group_user",
    )
