from odoo import fields, models


class AccountMove(models.Model):
    """Extend entries with the steps that their claims have performed or are about to
    perform."""

    _inherit = "account.move"

    dunning_line_ids = fields.One2many(
        comodel_name="dunning.action.line",
        inverse_name="move_id",
        string="Follow-Up History",
        groups="base.group_user",
    )
