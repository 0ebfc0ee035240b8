from odoo import models


class DunningChannelInteractiveEmail(models.AbstractModel):
    """E-mails that always have answer buttons, with a personal link.

    In all other respects an e-mail.
    """

    _name = "dunning.channel.interactive_email"
    _description = "Follow-Up Channel: Interactive E-mail"
    _inherit = ["dunning.channel.email"]

    _channel_sequence = 15
    _channel_icon = "fa-hand-pointer-o"
    _channel_color = 2

    def _get_label(self):
        return self.env._("Interactive E-mail")

    def _get_means(self):
        return self.env._("by interactive e-mail")

    def _has_buttons(self, step):
        return True
