from odoo import models


class AccountMove(models.Model):
    """Extend the re-check of entries with the waiting lines of deleted items."""

    _inherit = "account.move"

    def _dunning_recheck(self):
        result = super()._dunning_recheck()
        # sudo: users who edit an entry may not write follow-up actions
        lines_sudo = self.env["dunning.action.line"].sudo()
        orphans_sudo = lines_sudo.search(
            [
                ("move_id", "in", self.ids),
                ("move_line_id", "=", False),
                ("state", "=", "open"),
            ]
        )
        orphans_sudo._drop_obsolete()
        return result
