from odoo import models


class ResUsers(models.Model):
    """Whoever leaves hands over the disputes that are theirs."""

    _inherit = "res.users"

    def _dunning_hand_over(self):
        """Give the open disputes to others, before the tasks about them are given."""
        # sudo: who archives a user need not see the follow-up
        disputes_sudo = self.env["dunning.dispute"].sudo()
        owned = disputes_sudo.search(
            [("owner_id", "in", self.ids), ("state", "!=", "settled")]
        )
        owned._assign()
        owned._tell()
        return super()._dunning_hand_over()
