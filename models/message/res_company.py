from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _dunning_get_bank(self):
        """Return the bank account for customers' payments, empty without a trusted one
        or one of a journal: editing contacts is enough to add one to the company's.

        Accounts trusted by accounting come first, then those of its journals.
        """
        self.ensure_one()
        trusted = self.bank_ids.filtered("allow_out_payment")
        of_journals = self.bank_ids.filtered("journal_id")
        return (trusted or of_journals)[:1]
