from odoo import models
from odoo.exceptions import UserError


class AccountMoveLine(models.Model):
    """Extend items with the two answers to money paid out that nobody matched."""

    _inherit = "account.move.line"

    def action_match_dunning_return(self):
        """Match returned payments with their receipts: what these had settled is open
        again.

        :raise UserError: nothing was paid out, or no receipt of the same amount is
            found
        :raise AccessError: the user may not reconcile entries
        """
        self.check_access("write")
        for item in self._dunning_get_paid_out():
            receipt = item._dunning_find_receipt()
            if not receipt:
                raise UserError(
                    self.env._(
                        "No payment of %(customer)s of the same amount is on record "
                        "before %(entry)s: match it by hand, or take it in.",
                        customer=item.partner_id.display_name,
                        entry=item.move_id.name,
                    )
                )
            receipt.remove_move_reconcile()
            (receipt | item).reconcile()

    def action_take_in_dunning(self):
        """Take money paid out into the follow-up: the customer owes it.

        :raise UserError: nothing was paid out
        :raise AccessError: the user is not a collection manager
        """
        self.check_access("read")
        self.env["dunning.golive"]._check_manager()
        items = self._dunning_get_paid_out()
        for company in items.company_id:
            company._dunning_check_allowed()
        # sudo: a collection manager may not have the right to write journal items
        items.sudo().write({"dunning_is_taken_in": True, "no_followup": False})

    def _dunning_get_paid_out(self):
        """Return the open items among these that are money paid out.

        :raise UserError: there is none
        """
        items = self._dunning_filter_paid_out().filtered(
            lambda item: item.parent_state == "posted" and not item.reconciled
        )
        if not items:
            raise UserError(
                self.env._("No refund or returned payment waits to be matched here.")
            )
        return items

    def _dunning_find_receipt(self):
        """Return the last payment that this item may return: first one that settled
        something, else one not matched yet."""
        self.ensure_one()
        for is_matched in (True, False):
            receipts = self._dunning_search_receipts(is_matched=is_matched)
            found = self._dunning_filter_receipts(receipts).filtered(
                lambda receipt: receipt.account_id == self.account_id
            )
            if found:
                last = found.sorted(lambda receipt: (receipt.date, receipt.id))[-1]
                # The user's own rights decide whether it is reconciled.
                return last.with_env(self.env)
        return self.browse()
