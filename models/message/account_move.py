from odoo import models


class AccountMove(models.Model):
    """Extend entries with the bank account that customers are asked to pay them on."""

    _inherit = "account.move"

    def _dunning_get_bank(self, company, currency):
        """Return the bank account to pay an entry on: the one that it names, if
        customers may pay on it, else the company's.

        :param company: res.company of the claim
        :param currency: res.currency of the claim
        :return: res.partner.bank, empty without any
        """
        named, own = self.partner_bank_id, company._dunning_get_bank(currency)
        return named if company._dunning_may_ask_on(named, own) else own
