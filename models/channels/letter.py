from odoo import api, models


class DunningChannelLetter(models.AbstractModel):
    """Letters: printed, then posted by a person."""

    _name = "dunning.channel.letter"
    _description = "Dunning Channel: Letter"
    _inherit = ["dunning.channel"]

    _channel_sequence = 40
    _channel_nature = "printed"

    @api.model
    def _get_label(self):
        return self.env._("Letter")
