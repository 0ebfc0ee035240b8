from odoo import api, models

from ..setup.trouble.guarded import guarded


class AccountPartialReconcile(models.Model):
    """Re-check waiting actions at each reconciliation, record it as the outcome of
    earlier ones, and notice payments that the bank took back."""

    _inherit = "account.partial.reconcile"

    # For the claims settled lately (thanks), without reading all of history.
    _dunning_max_date_index = models.Index("(max_date, debit_move_id)")

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        checks = self.env["dunning.pending.check"]
        checks._put_off("changed", partials.debit_move_id | partials.credit_move_id)
        checks._put_off("matched", partials.debit_move_id)
        checks._put_off("taken_back", partials._filter_dunning_returns())
        return partials

    def unlink(self):
        claims = self.debit_move_id
        if settled := self._filter_dunning_settled():
            with guarded(self.env, "remember the payments that were unmatched"):
                settled._note_dunning_unmatched()
        result = super().unlink()
        self.env["dunning.pending.check"]._put_off("matched", claims)
        return result

    def _filter_dunning_returns(self):
        """Return the reconciliations of a payment with money paid out."""
        return self.filtered(
            lambda partial: (
                partial.debit_move_id._dunning_is_money()
                and partial.credit_move_id._dunning_is_money()
            )
        )

    def _filter_dunning_settled(self):
        """Return the reconciliations of a payment with what it settles."""
        return self.filtered(
            lambda partial: (
                partial.credit_move_id._dunning_is_money()
                and not partial.debit_move_id._dunning_is_money()
                and partial.debit_move_id.account_type == "asset_receivable"
            )
        )

    def _note_dunning_unmatched(self):
        """Record which payment had settled each item, for the case that it is taken
        back."""
        for partial in self:
            # sudo: who unmatches a payment may not write follow-up fields
            item_sudo = partial.debit_move_id.sudo()
            item_sudo.dunning_unmatched_receipt_id = partial.credit_move_id

    def _dunning_note_return(self):
        self.credit_move_id._dunning_note_return()

    def _get_dunning_checked(self):
        return self.debit_move_id._get_dunning_checked()
