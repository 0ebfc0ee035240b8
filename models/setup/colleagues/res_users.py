from odoo import models


class ResUsers(models.Model):
    """Users to whom work can be assigned."""

    _inherit = "res.users"

    def _is_dunning_colleague(self):
        """Return whether work can be assigned to a user: active, and no portal user."""
        self.ensure_one()
        return self.active and not self.share
