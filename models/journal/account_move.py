from odoo import fields, models


class AccountMove(models.Model):
    """The steps that the claims of an entry have performed, or are about to."""

    _inherit = "account.move"

    dunning_line_ids = fields.One2many(
        comodel_name="dunning.action.line",
        inverse_name="move_id",
        string="Follow-Up History",
        groups="base.group_user",
    )
