from odoo import models


class ResUsers(models.Model):
    """Hand over the open disputes of users who leave."""

    _inherit = "res.users"

    def _dunning_hand_over(self):
        """Reassign the open disputes before their tasks are handed over."""
        # sudo: the user who archives another one may have no follow-up rights
        disputes_sudo = self.env["dunning.dispute"].sudo()
        owned = disputes_sudo.search(
            [("owner_id", "in", self.ids), ("state", "!=", "settled")]
        )
        owned._assign()
        owned._notify_people()
        return super()._dunning_hand_over()
