from odoo import models


class AccountMoveLine(models.Model):
    """What is planned about an item changes with it."""

    _inherit = "account.move.line"

    def _dunning_recheck(self):
        """Drop the waiting steps of items that are no longer to be chased."""
        super()._dunning_recheck()
        # sudo: whoever books a payment may not write follow-up actions
        lines_sudo = (
            self.env["dunning.action.line"]
            .sudo()
            .search([("move_line_id", "in", self.ids), ("state", "=", "open")])
        )
        lines_sudo._drop_obsolete()
