from odoo import api, fields, models


class ResPartner(models.Model):
    """Numbers that a text message or a fax did not reach: they are not used again until
    they are corrected, or a person tries again."""

    _inherit = "res.partner"

    dunning_failed_mobile = fields.Char(
        string="Mobile Number That Does Not Work",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    dunning_failed_fax = fields.Char(
        string="Fax Number That Does Not Work",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )

    @api.model
    def _get_dunning_method_fields(self):
        own = {
            "dunning_failed_fax",
            "dunning_failed_mobile",
        }
        return super()._get_dunning_method_fields() | own
