from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Quiet hours, in the settings of a company."""

    _inherit = "res.config.settings"

    dunning_is_quiet = fields.Boolean(
        related="company_id.dunning_is_quiet", readonly=False
    )
    dunning_is_sunday_quiet = fields.Boolean(
        related="company_id.dunning_is_sunday_quiet", readonly=False
    )
    dunning_quiet_from = fields.Float(
        related="company_id.dunning_quiet_from", readonly=False
    )
    dunning_quiet_until = fields.Float(
        related="company_id.dunning_quiet_until", readonly=False
    )
