from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of interest and limitation."""

    _inherit = "res.config.settings"

    dunning_interest_account_id = fields.Many2one(
        related="company_id.dunning_interest_account_id", readonly=False
    )
    dunning_indemnity_account_id = fields.Many2one(
        related="company_id.dunning_indemnity_account_id", readonly=False
    )
    dunning_limitation_days = fields.Integer(
        related="company_id.dunning_limitation_days", readonly=False
    )
