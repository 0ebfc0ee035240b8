from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """What is played by default, in the settings of a company."""

    _inherit = "res.config.settings"

    dunning_scenario_id = fields.Many2one(
        related="company_id.dunning_scenario_id", readonly=False
    )
