from odoo import models


class ResPartner(models.Model):
    """Move calls along when a contact changes customer."""

    _inherit = "res.partner"

    def _get_dunning_customer_models(self):
        return [*super()._get_dunning_customer_models(), "dunning.call"]
