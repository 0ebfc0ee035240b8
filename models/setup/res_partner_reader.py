from odoo import models
from odoo.exceptions import AccessError

# Who may read what any customer of their companies owes; collectors have the first one.
READERS = "account.group_account_invoice,account.group_account_readonly"


class ResPartner(models.Model):
    """Who may read what a customer owes, and how they are followed up: accountants and
    collectors of all customers, salespeople of their own."""

    _inherit = "res.partner"

    def _dunning_filter_readable(self):
        """Return those of these contacts whose customer's debt the user may read."""
        user = self.env.user
        if self.env.su or user.has_groups(READERS):
            return self
        if not user._is_internal():
            return self.browse()
        return self.filtered(
            lambda contact: contact.commercial_partner_id.user_id == user
        )

    def _dunning_check_readable(self, company):
        """Refuse who may not read what these contacts' customers owe to a company.

        :raise AccessError: with whom to ask
        """
        if self.env.su:
            return
        self.check_access("read")
        is_own = company in self.env.user.company_ids
        hidden = self - self._dunning_filter_readable() if is_own else self
        if hidden:
            raise AccessError(
                self.env._(
                    "How %(customer)s is followed up is shown to collectors and "
                    "accountants, and to the customer's salesperson: ask one of them.",
                    customer=hidden[0].display_name,
                )
            )
