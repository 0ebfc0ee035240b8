from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Fax gateway, in the settings of a company."""

    _inherit = "res.config.settings"

    dunning_fax_gateway = fields.Char(
        related="company_id.dunning_fax_gateway", readonly=False
    )
