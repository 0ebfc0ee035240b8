from odoo import models
from odoo.exceptions import AccessError

# Groups that may read the debts of all customers of their companies; collectors have
# the first one.
READERS = "account.group_account_invoice,account.group_account_readonly"


class ResPartner(models.Model):
    """Read access to a customer's debts and follow-up: accountants and collectors for
    all customers, salespeople for their own."""

    _inherit = "res.partner"

    def _dunning_filter_readable(self):
        """Return the contacts whose customer's debt the user may read."""
        user = self.env.user
        if self.env.su or user.has_groups(READERS):
            return self
        if not user._is_internal():
            return self.browse()
        return self.filtered(
            lambda contact: contact.commercial_partner_id.user_id == user
        )

    def _dunning_check_readable(self, company):
        """Refuse users who may not read the debts of these contacts' customers to a
        company.

        :raise AccessError: names the people to ask
        """
        if self.env.su:
            return
        self.check_access("read")
        is_own = company in self.env.user.company_ids
        hidden = self - self._dunning_filter_readable() if is_own else self
        if hidden:
            raise AccessError(
                self.env._(
                    "Only collectors, accountants and the customer's salesperson see "
                    "the follow-up of %(customer)s: ask one of them.",
                    customer=hidden[0].display_name,
                )
            )
