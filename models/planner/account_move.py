from odoo import models


class AccountMove(models.Model):
    """What is planned about an entry changes with it."""

    _inherit = "account.move"

    def _dunning_recheck(self):
        """Drop the waiting steps whose items are gone, too."""
        result = super()._dunning_recheck()
        # sudo: whoever edits an entry may not write follow-up actions
        orphans_sudo = (
            self.env["dunning.action.line"]
            .sudo()
            .search(
                [
                    ("move_id", "in", self.ids),
                    ("move_line_id", "=", False),
                    ("state", "=", "open"),
                ]
            )
        )
        orphans_sudo._drop_obsolete()
        return result
