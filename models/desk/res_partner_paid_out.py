from odoo import models


class ResPartner(models.Model):
    """Extend customers with the two answers to money paid out to them that nobody
    matched, see the items."""

    _inherit = "res.partner"

    def action_match_dunning_returns(self):
        """Match the returned payments of these customers with their receipts.

        :raise UserError: nothing was paid out, or a receipt is not found
        :raise AccessError: the user may not reconcile entries
        """
        self._get_dunning_paid_out().action_match_dunning_return()

    def action_take_in_dunning_paid_out(self):
        """Take the money paid out to these customers into the follow-up.

        :raise UserError: nothing was paid out
        :raise AccessError: the user is not a collection manager
        """
        self._get_dunning_paid_out().action_take_in_dunning()

    def _get_dunning_paid_out(self):
        """Return the open items of these customers that are money paid out, in the
        companies the user works in."""
        self._dunning_check_readable(self.env.company)
        return self.dunning_open_item_ids._dunning_filter_paid_out()
