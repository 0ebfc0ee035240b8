from odoo import models


class ResUsers(models.Model):
    """Who work can be given to."""

    _inherit = "res.users"

    def _is_dunning_colleague(self):
        """Tell whether work can be given to somebody: no customer, nor who has left."""
        self.ensure_one()
        return self.active and not self.share
