from odoo import models


class AccountMoveLine(models.Model):
    """Recall queued messages, and renew printed letters and tasks, when items
    change."""

    _inherit = "account.move.line"

    def _dunning_recheck(self):
        # sudo: users who book payments may not write follow-up actions
        deliveries_sudo = self.env["dunning.delivery"].sudo()
        deliveries_sudo._recall_mails(self)
        result = super()._dunning_recheck()
        deliveries_sudo._refresh(self)
        return result
