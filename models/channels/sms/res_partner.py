from odoo import api, fields, models


class ResPartner(models.Model):
    """Mobile number of a contact that failed."""

    _inherit = "res.partner"

    dunning_failed_mobile = fields.Char(
        string="Invalid Mobile Number",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )

    @api.model
    def _get_dunning_failed_fields(self):
        return super()._get_dunning_failed_fields() | {"dunning_failed_mobile"}
