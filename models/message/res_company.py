from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _dunning_get_bank(self):
        """Return the account on which customers are asked to pay, none where nobody
        answers for any: whoever keeps contacts may add one to the company's.

        What accounting trusts comes first, then the accounts of its journals.
        """
        self.ensure_one()
        trusted = self.bank_ids.filtered("allow_out_payment")
        of_journals = self.bank_ids.filtered("journal_id")
        return (trusted or of_journals)[:1]
