from odoo import models


class DunningChannel(models.AbstractModel):
    """Exclude the channels that customers or their segments refuse."""

    _inherit = "dunning.channel"

    def _get_refused(self, actions):
        refused, code = actions._get_refused_channels(), self._get_code()
        unwanted = actions.filtered(lambda action: code in refused[action])
        return super()._get_refused(actions) | unwanted
