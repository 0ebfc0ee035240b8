from odoo import models


class DunningMessageMixin(models.AbstractModel):
    """What a message says about an action: who reads it, the items, the totals."""

    _name = "dunning.message.mixin"
    _description = "Dunning Message"
