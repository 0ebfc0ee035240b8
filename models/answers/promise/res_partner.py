from odoo import models


class ResPartner(models.Model):
    """Let promises go where their customer goes."""

    _inherit = "res.partner"

    def _get_dunning_customer_models(self):
        return [*super()._get_dunning_customer_models(), "dunning.promise"]
