from odoo import models


class DunningAction(models.Model):
    """Extend actions with the details that their message may use."""

    _name = "dunning.action"
    _inherit = ["dunning.action", "dunning.message.mixin"]
