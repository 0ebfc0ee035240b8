from odoo import models


class DunningAction(models.Model):
    """Gives an action the details that its message may name."""

    _name = "dunning.action"
    _inherit = ["dunning.action", "dunning.message.mixin"]
