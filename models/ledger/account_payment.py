from odoo import models
from odoo.fields import Domain


class AccountPayment(models.Model):
    """Re-check waiting actions when a payment is in process, before it has an entry to
    reconcile."""

    _inherit = "account.payment"

    # The few payments in process are found among all others.
    _dunning_in_process_index = models.Index(
        "(partner_id) WHERE move_id IS NULL AND state = 'in_process'"
    )

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self.env["dunning.pending.check"]._put_off("collected", self)
        return result

    def _dunning_recheck(self):
        """Re-check the items of the customers, whose balance changes with the payments
        that no invoice takes up, too."""
        self.invoice_ids._dunning_recheck()
        Item = self.env["account.move.line"]
        for company, payments in self.grouped("company_id").items():
            customers = payments.partner_id.commercial_partner_id
            owed = Item._get_dunning_owed_domain(company, company._dunning_today())
            owed &= Domain("partner_id.commercial_partner_id", "in", customers.ids)
            Item.search(owed)._dunning_recheck()

    def _get_dunning_checked(self):
        return self, self.partner_id.commercial_partner_id, self.company_id
