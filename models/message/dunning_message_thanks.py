from odoo import api, fields, models
from odoo.tools.i18n import format_list

from ..setup.day_format import format_day
from ..setup.statement_format import StatementFormat


class DunningMessageMixin(models.AbstractModel):
    """Extend thanks with the payment that they are for: its amount and its day; praise
    only for what was paid on time."""

    _inherit = "dunning.message.mixin"

    paid_text = fields.Char(
        string="Amount Paid",
        compute="_compute_thanks",
        compute_sudo=True,
        help="Payments received for the items of a thank-you message, one amount per "
        "currency.",
    )
    thanks_text = fields.Char(
        string="Thanks",
        compute="_compute_thanks",
        compute_sudo=True,
        help="Sentence thanking for the payment, with its amount and its day; a second "
        "one if all was paid on time.",
    )

    @api.depends("line_ids.state", "kind")
    @api.depends_context("lang", "dunning_day")
    def _compute_thanks(self):
        payments = self._get_payments_received()
        for action in self:
            received = payments.get(action, [])
            action.paid_text = action._format_received(received) or action.amount_text
            action.thanks_text = action._get_thanks(received, action.paid_text)

    def _get_payments_received(self):
        """Return {action: [(partial reconciliation, its day)]} of the money received
        for the claims of thanks."""
        thanks = self.filtered(lambda action: action.kind == "thanks")
        items = thanks._get_message_lines().move_line_id
        partials = self.env["account.partial.reconcile"].search(
            [("debit_move_id", "in", items.ids)], order="max_date, id"
        )
        money = partials.filtered(
            lambda partial: partial.credit_move_id._dunning_is_money()
        )
        by_item = money.grouped("debit_move_id")
        return {
            action: [
                (partial, partial.max_date)
                for item in action._get_message_lines().move_line_id
                for partial in by_item.get(item, ())
            ]
            for action in thanks
        }

    def _format_received(self, received):
        """Return the sums of payments, one per currency, False without any.

        :param received: see `_get_payments_received`
        """
        writer, sums = StatementFormat(self.env), {}
        for partial, _day in received:
            currency = partial.debit_currency_id
            amount = sums.get(currency, 0) + partial.debit_amount_currency
            sums[currency] = currency.round(amount)
        texts = [writer.amount(amount, currency) for currency, amount in sums.items()]
        return format_list(self.env, texts) if texts else False

    def _get_thanks(self, received, paid):
        """Return the sentences of thanks.

        :param received: see `_get_payments_received`
        :param paid: amounts as text
        """
        env, days = self.env, sorted({day for _partial, day in received})
        values = {"amount": paid, "day": format_day(env, days[-1]) if days else ""}
        if not days:
            text = env._("Thank you for your payment of %(amount)s.", amount=paid)
        elif len(days) == 1:
            text = env._(
                "Thank you for your payment of %(amount)s, received on %(day)s.",
                **values,
            )
        else:
            text = env._(
                "Thank you for your payments of %(amount)s in total, the last of which "
                "arrived on %(day)s.",
                **values,
            )
        if not days or not self._is_paid_on_time(received):
            return text
        praise = env._("Being paid on the agreed date is a great help to us.")
        return f"{text} {praise}"

    def _is_paid_on_time(self, received):
        """Return whether all payments came by the due dates of their claims."""
        return all(
            day <= partial.debit_move_id._dunning_due_date()
            for partial, day in received
        )
