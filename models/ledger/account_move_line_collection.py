from odoo import fields, models
from odoo.fields import Domain


class AccountMoveLine(models.Model):
    """Extend items with the day on which their collection failed: the payment by direct
    debit or card was rejected, cancelled, or taken back by the bank."""

    _inherit = "account.move.line"

    dunning_collection_failed_date = fields.Date(
        string="Collection Failed On",
        copy=False,
        readonly=True,
        help="Day on which its direct debit or card payment failed. From then on it is "
        "followed up like any other, until the next payment is in process.",
        groups="base.group_user",
    )
    dunning_unmatched_receipt_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Payment Unmatched",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="The payment that settled it and was unmatched since.",
        groups="base.group_system",
    )

    def _dunning_fail_collection(self, day):
        """Record the day on which the collection of these items failed.

        :param day: day of the company
        """
        # sudo: who books a payment may not write follow-up fields
        self.sudo().write({"dunning_collection_failed_date": day})

    def _dunning_clear_collection(self):
        """Forget that the collection of these items failed: it is tried again."""
        failed = self.filtered("dunning_collection_failed_date")
        # sudo: as above
        failed.sudo().write({"dunning_collection_failed_date": False})

    def _dunning_note_return(self):
        """Record that the bank took these payments back: the collection of what they
        had settled failed on that day. Payments made by hand are no collection."""
        for receipt in self:
            payment = receipt.payment_id
            if payment and not payment._dunning_is_collection():
                continue
            returns = receipt.matched_debit_ids.debit_move_id.filtered(
                lambda item: item._dunning_is_money() and not item.payment_id
            )
            items = receipt._dunning_get_unmatched() | payment._get_dunning_collected()
            if returns and items:
                items._dunning_fail_collection(max(returns.mapped("date")))

    def _dunning_get_unmatched(self):
        """Return the open items that this payment had settled."""
        # sudo: what a payment had settled does not depend on the reader
        items_sudo = self.sudo()
        return items_sudo.search(
            Domain("dunning_unmatched_receipt_id", "=", self.id)
            & Domain("reconciled", "=", False)
        )
