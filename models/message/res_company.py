from odoo import models


class ResCompany(models.Model):
    """Extend the company with the bank accounts that customers are asked to pay on."""

    _inherit = "res.company"

    def _dunning_get_bank(self, currency=None):
        """Return the bank account for customers' payments, empty without a trusted one
        or one of a journal: editing contacts is enough to add one to the company's.

        Accounts in the currency come first, then those in any currency; of these,
        those trusted by accounting, then those of its journals.

        :param currency: res.currency of the claims; by default the company's
        """
        self.ensure_one()
        wanted = currency or self.currency_id
        known = self.bank_ids.filtered(
            lambda bank: self._dunning_is_known(bank) and self._dunning_is_open(bank)
        )
        return known.sorted(
            lambda bank: (
                (wanted, wanted.browse()).index(bank.currency_id)
                if bank.currency_id in (wanted, wanted.browse())
                else 2,
                not bank.allow_out_payment,
            )
        )[:1]

    def _dunning_may_ask_on(self, bank, own):
        """Return whether customers may be asked to pay on the account that an invoice
        names. Where the company has no known account, Odoo's invoices name one that
        nobody has trusted yet.

        :param bank: res.partner.bank, may be empty
        :param own: the company's known account, may be empty
        """
        if not bank or not self._dunning_is_open(bank):
            return False
        return self._dunning_is_known(bank) or not own

    def _dunning_is_known(self, bank):
        """Return whether accounting trusts an account, or has a journal for it."""
        return bank.allow_out_payment or bool(bank.journal_id)

    def _dunning_is_open(self, bank):
        """Return whether an account is in use: neither archived itself, nor the account
        of archived journals only."""
        journals = bank.with_context(active_test=False).journal_id
        return bank.active and (not journals or any(journals.mapped("active")))
