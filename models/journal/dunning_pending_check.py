from odoo import api, models
from odoo.tools import SQL


class DunningPendingCheck(models.Model):
    """Extend the checks with payments in process, which concern the steps of their
    invoices."""

    _inherit = "dunning.pending.check"

    @api.model
    def _get_followed_payments(self, payment_ids):
        """Return also the payments of invoices with action lines."""
        known = super()._get_followed_payments(payment_ids)
        self.env["account.payment"].flush_model(["invoice_ids"])
        self.env.cr.execute(
            SQL(
                """SELECT DISTINCT link.payment_id
                     FROM account_move__account_payment link
                     JOIN dunning_action_line line ON line.move_id = link.invoice_id
                    WHERE link.payment_id = ANY(%s)""",
                list(payment_ids),
            )
        )
        return known | {payment_id for (payment_id,) in self.env.cr.fetchall()}
