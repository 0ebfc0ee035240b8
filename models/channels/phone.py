from odoo import api, models


class DunningChannelPhone(models.AbstractModel):
    """Calls: an activity for the collector or the salesperson."""

    _name = "dunning.channel.phone"
    _description = "Dunning Channel: Phone"
    _inherit = ["dunning.channel"]

    _channel_sequence = 30
    _channel_nature = "human"

    @api.model
    def _get_label(self):
        return self.env._("Phone")
