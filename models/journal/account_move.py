from odoo import fields, models


class AccountMove(models.Model):
    """The history of an entry, of items that it had before it was edited, too."""

    _inherit = "account.move"

    dunning_line_ids = fields.One2many(
        comodel_name="dunning.action.line",
        inverse_name="move_id",
        string="Follow-Up History",
        groups="base.group_user",
    )
