from odoo import models

from ...message.dunning_message_history import Told
from ...setup.day_format import format_day
from ...setup.statement_format import StatementFormat
from .dunning_promise import MISSED_STATES

PROMISE = 5


class DunningMessageMixin(models.AbstractModel):
    """Extend messages with the customer's last promise that was not kept."""

    _inherit = "dunning.message.mixin"

    def _get_history(self):
        history = super()._get_history()
        claims = self.env["dunning.promise.claim"].search(
            [
                ("move_line_id", "in", self._get_message_lines().move_line_id.ids),
                ("promise_id.state", "in", MISSED_STATES),
            ]
        )
        by_item = claims.grouped("move_line_id")
        for action in self:
            items = action._get_message_lines().move_line_id
            of_action = claims.browse().union(
                *(by_item[item] for item in items if item in by_item)
            )
            promises = of_action.promise_id.filtered("judged_date")
            if promises:
                last = max(promises, key=lambda p: (p.judged_date, p.id))
                told = Told(PROMISE, last.judged_date, self._tell_promise(last))
                history[action].append(told)
        return history

    def _tell_promise(self, promise):
        """Return the sentence about a promise that was kept in part or not at all."""
        writer = StatementFormat(self.env)
        values = {
            "amount": writer.amount(promise.amount, promise.currency_id),
            "paid": writer.amount(promise.amount_paid, promise.currency_id),
            "day": format_day(self.env, promise.date),
        }
        if promise.state == "partly_kept":
            return self.env._(
                "Of the %(amount)s that you announced for %(day)s, we have received "
                "%(paid)s.",
                **values,
            )
        return self.env._(
            "You told us that you would pay %(amount)s by %(day)s; this payment has "
            "not reached us.",
            **values,
        )
