from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Extend the settings with the default scenario."""

    _inherit = "res.config.settings"

    dunning_scenario_id = fields.Many2one(
        related="company_id.dunning_scenario_id", readonly=False
    )
