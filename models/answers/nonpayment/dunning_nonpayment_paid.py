from markupsafe import escape

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ...setup.guard.guard import by_code
from .dunning_nonpayment import PAID

TASK = "account_dunning_scenario.mail_activity_type_match_payment"


class DunningNonpayment(models.Model):
    """Extend the reason with payments reported by the customer, which the collector
    matches."""

    _inherit = "dunning.nonpayment"

    @api.constrains("reason", "paid_date", "move_line_id")
    def _check_paid_date(self):
        """Require a day of payment that is not in the future and not before the
        invoice."""
        for record in self.filtered(lambda record: record.reason == PAID):
            if refusal := record._get_date_refusal():
                raise ValidationError(refusal)

    def _get_date_refusal(self):
        """Return the error in the day of payment, in the user's words."""
        self.ensure_one()
        move = self.move_line_id.move_id or self.move_id
        paid, issued = self.paid_date, move.invoice_date or move.date
        if not paid:
            return self.env._(
                "Ask on which day %(invoice)s was paid, so that the payment can be "
                "found.",
                invoice=move.name,
            )
        if paid > self.company_id._dunning_today():
            return self.env._(
                "%(day)s is in the future: note a payment to come as a promise.",
                day=format_date(self.env, paid),
            )
        if paid < issued:
            return self.env._(
                "%(invoice)s is dated %(issued)s and cannot have been paid on %(day)s: "
                "ask again for the day of the payment.",
                invoice=move.name,
                issued=format_date(self.env, issued),
                day=format_date(self.env, paid),
            )
        return None

    def _take_effect(self):
        result = super()._take_effect()
        paid = self.filtered(lambda record: record.reason == PAID)
        paid._ask_to_match()
        paid.move_line_id._dunning_recheck()
        return result

    def _get_payment_text(self):
        self.ensure_one()
        day = format_date(self.env, self.paid_date)
        if not self.payment_reference:
            return self.env._("Paid on %(day)s according to the customer", day=day)
        return self.env._(
            "Paid on %(day)s according to the customer, reference %(reference)s",
            day=day,
            reference=self.payment_reference,
        )

    # ---- matching --------------------------------------------------------------------

    def _ask_to_match(self):
        """Ask the collectors to match the payments: one task per entry, updated when
        the customer answers again."""
        for user, records in self._get_by_collector().items():
            records.move_id.activity_unlink([TASK])
            by_text = records.grouped(lambda record: record._get_payment_text())
            for text, of_text in by_text.items():
                quiet = by_code(of_text.move_id).with_context(
                    mail_activity_quick_update=True
                )
                quiet.activity_schedule(TASK, note=escape(text), user_id=user.id)

    @api.model
    def _close_matched(self, items):
        """Close the tasks about entries that were reported as paid and are now settled.

        :param items: account.move.line whose reconciliations changed
        """
        # sudo: the user who books a payment may not see others' tasks
        records_sudo = self.sudo().search(
            [("move_id", "in", items.move_id.ids), ("reason", "=", PAID)]
        )
        open_sudo = records_sudo.filtered(lambda r: not r.move_line_id.reconciled)
        matched_sudo = records_sudo.move_id - open_sudo.move_id
        matched_sudo.activity_feedback([TASK], feedback=self.env._("Matched"))
