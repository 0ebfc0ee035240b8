from odoo import models


class AccountPayment(models.Model):
    """Re-check waiting actions when a payment is in process, before it has an entry to
    reconcile."""

    _inherit = "account.payment"

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self.env["dunning.pending.check"]._put_off("collected", self)
        return result

    def _dunning_recheck(self):
        self.invoice_ids._dunning_recheck()

    def _get_dunning_checked(self):
        return self, self.partner_id.commercial_partner_id, self.company_id
