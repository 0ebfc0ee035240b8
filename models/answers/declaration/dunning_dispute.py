from odoo import models


class DunningDispute(models.Model):
    """Extend the dispute with the declaration that it comes from."""

    _name = "dunning.dispute"
    _inherit = ["dunning.dispute", "dunning.declared.mixin"]
