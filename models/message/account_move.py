from odoo import models
from odoo.tools.i18n import format_list

# More in a sentence would hide what it says.
MOST_NAMES = 2


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

    def _dunning_tell(self):
        """Return entries as named in a sentence: "invoice INV/1", or their number where
        they are many."""
        names = self._dunning_get_names()
        if len(names) > MOST_NAMES:
            return self.env._("%(count)s invoices", count=len(names))
        if len(names) == 1:
            return self.env._("invoice %(name)s", name=names[0])
        return self.env._("invoices %(names)s", names=format_list(self.env, names))

    def _dunning_tell_about(self):
        """Return what a message is about, as named in a sentence: "about invoice
        INV/1"."""
        names = self._dunning_get_names()
        if len(names) > MOST_NAMES:
            return self.env._("about %(count)s invoices", count=len(names))
        if len(names) == 1:
            return self.env._("about invoice %(name)s", name=names[0])
        return self.env._(
            "about invoices %(names)s", names=format_list(self.env, names)
        )

    def _dunning_get_names(self):
        """Return the numbers of entries, each once."""
        return list(dict.fromkeys(filter(None, self.mapped("name"))))
