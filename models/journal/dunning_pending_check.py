from odoo import api, models
from odoo.tools import SQL


class DunningPendingCheck(models.Model):
    """Extend the checks with payments in process, which concern the steps of their
    invoices, and what waits for their customers."""

    _inherit = "dunning.pending.check"

    @api.model
    def _get_followed_payments(self, payment_ids):
        """Return also the payments of invoices with action lines, and those in process
        of customers with waiting ones."""
        known = super()._get_followed_payments(payment_ids)
        self.env["account.payment"].flush_model(["invoice_ids", "partner_id"])
        self.env["dunning.action.line"].flush_model(["partner_id", "state"])
        self.env.cr.execute(
            SQL(
                """SELECT link.payment_id
                     FROM account_move__account_payment link
                     JOIN dunning_action_line line ON line.move_id = link.invoice_id
                    WHERE link.payment_id = ANY(%(payments)s)
                    UNION
                   SELECT payment.id
                     FROM account_payment payment
                     JOIN res_partner contact ON contact.id = payment.partner_id
                     JOIN dunning_action_line line
                       ON line.partner_id = contact.commercial_partner_id
                      AND line.state = 'open'
                    WHERE payment.id = ANY(%(payments)s)
                      AND payment.move_id IS NULL""",
                payments=list(payment_ids),
            )
        )
        return known | {payment_id for (payment_id,) in self.env.cr.fetchall()}
