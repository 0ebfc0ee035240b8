from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of the company's committee."""

    _inherit = "res.config.settings"

    dunning_committee_amount = fields.Monetary(
        related="company_id.dunning_committee_amount", readonly=False
    )
    dunning_committee_member_ids = fields.Many2many(
        related="company_id.dunning_committee_member_ids", readonly=False
    )
    dunning_accountant_id = fields.Many2one(
        related="company_id.dunning_accountant_id", readonly=False
    )
    dunning_writeoff_account_id = fields.Many2one(
        related="company_id.dunning_writeoff_account_id", readonly=False
    )
