from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Extend the settings with the rules for declarations of customers."""

    _inherit = "res.config.settings"

    dunning_declaration_days = fields.Integer(
        related="company_id.dunning_declaration_days", readonly=False
    )
    dunning_is_promise_accepted = fields.Boolean(
        related="company_id.dunning_is_promise_accepted", readonly=False
    )
    dunning_is_paid_accepted = fields.Boolean(
        related="company_id.dunning_is_paid_accepted", readonly=False
    )
    dunning_is_not_received_accepted = fields.Boolean(
        related="company_id.dunning_is_not_received_accepted", readonly=False
    )
    dunning_is_dispute_accepted = fields.Boolean(
        related="company_id.dunning_is_dispute_accepted", readonly=False
    )
