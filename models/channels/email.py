from odoo import api, models


class DunningChannelEmail(models.AbstractModel):
    """E-mails sent by Odoo's queue."""

    _name = "dunning.channel.email"
    _description = "Dunning Channel: E-mail"
    _inherit = ["dunning.channel"]

    _channel_sequence = 10
    _channel_nature = "sent"

    @api.model
    def _get_label(self):
        return self.env._("E-mail")
