from odoo import models


class AccountPayment(models.Model):
    """Extend payments in process with the re-check of what waits for their customers:
    they count whether an invoice is linked to them or not."""

    _inherit = "account.payment"

    def _dunning_recheck(self):
        result = super()._dunning_recheck()
        # sudo: users who book a payment may not write follow-up actions
        lines_sudo = self.env["dunning.action.line"].sudo()
        customers = self.partner_id.commercial_partner_id
        domain = [("partner_id", "in", customers.ids), ("state", "=", "open")]
        lines_sudo.search(domain)._drop_obsolete()
        return result
