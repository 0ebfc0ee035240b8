from odoo import models


class AccountMoveLine(models.Model):
    """What is under way about an item changes with it."""

    _inherit = "account.move.line"

    def _dunning_recheck(self):
        """Call back the mails that have not left Odoo's queue before their steps are
        checked; bring up to date afterwards the letters not yet posted and the calls
        not yet made."""
        # sudo: whoever books a payment may not write follow-up actions
        deliveries_sudo = self.env["dunning.delivery"].sudo()
        deliveries_sudo._recall_mails(self)
        result = super()._dunning_recheck()
        deliveries_sudo._refresh(self)
        return result
