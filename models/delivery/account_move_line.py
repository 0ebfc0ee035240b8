from odoo import models


class AccountMoveLine(models.Model):
    """What has not left is called back, what is printed or noted is made anew."""

    _inherit = "account.move.line"

    def _dunning_recheck(self):
        # sudo: whoever books a payment may not write follow-up actions
        deliveries_sudo = self.env["dunning.delivery"].sudo()
        deliveries_sudo._recall_mails(self)
        result = super()._dunning_recheck()
        deliveries_sudo._refresh(self)
        return result
