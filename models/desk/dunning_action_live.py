from odoo import models

from ..setup.roles import MANAGER


class DunningAction(models.Model):
    """Extend the action with a link to the go-live, for managers."""

    _inherit = "dunning.action"

    def _get_switch(self):
        if not self.env.user.has_group(MANAGER):
            return super()._get_switch()
        return self.env.ref("account_dunning_scenario.dunning_golive_open_action")
