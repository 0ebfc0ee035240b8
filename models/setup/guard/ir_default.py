from odoo import SUPERUSER_ID, api, models

from .guard import is_sealed


class IrDefault(models.Model):
    """Use only the global default values for records created by code, not those saved
    by a user."""

    _inherit = "ir.default"

    @api.model
    def _get_model_defaults(self, model_name, condition=False):
        defaults = self
        if is_sealed(self.env, "dunning_by_code"):
            defaults = self.with_user(SUPERUSER_ID)
        return super(IrDefault, defaults)._get_model_defaults(model_name, condition)
