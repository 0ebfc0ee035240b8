from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Setting of the postal service, per company."""

    _inherit = "res.config.settings"

    dunning_is_snailmail = fields.Boolean(
        related="company_id.dunning_is_snailmail", readonly=False
    )
