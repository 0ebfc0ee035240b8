from collections import namedtuple

from odoo import api, fields, models

from ..setup.day_format import format_day
from ..setup.statement_format import StatementFormat

# What happened: `weight` decides what is told first, `day` which of several is.
Told = namedtuple("Told", ["weight", "day", "text"])
CONTACT, PAYMENT = 1, 2
# More would bury the request.
MOST_SENTENCES = 2


class DunningMessageMixin(models.AbstractModel):
    """Extend messages with what happened before, which they never deny (S4-16)."""

    _inherit = "dunning.message.mixin"

    history_text = fields.Char(
        string="Recent History",
        compute="_compute_history_text",
        compute_sudo=True,
        help="At most two sentences about this message's claims: a promise that was "
        "not kept, a part payment, a settled dispute, else the last contact; empty if "
        "nothing happened yet.",
    )

    @api.depends("line_ids.state", "partner_id", "company_id")
    @api.depends_context("lang", "dunning_day")
    def _compute_history_text(self):
        history = self._get_history()
        for action in self:
            told = sorted(history.get(action, ()), reverse=True)
            best = {entry.weight: entry for entry in reversed(told)}
            weights = sorted(best, reverse=True)[:MOST_SENTENCES]
            sentences = [best[weight].text for weight in weights]
            action.history_text = " ".join(sentences) or False

    def _get_history(self):
        """Return what happened about the claims of these messages before; other rooms
        add what they know.

        :return: {action: list of Told}, in the language of the context
        """
        contacts = self._get_earlier_contacts()
        payments = self._get_part_payments()
        writer = StatementFormat(self.env)
        history = {}
        for action in self:
            told = history.setdefault(action, [])
            if earlier := contacts.get(action):
                told.append(Told(CONTACT, earlier.performed_date, self._tell(earlier)))
            for currency, (day, amount) in payments.get(action, {}).items():
                text = self.env._(
                    "Thank you for your payment of %(amount)s of %(day)s.",
                    amount=writer.amount(amount, currency),
                    day=format_day(self.env, day),
                )
                told.append(Told(PAYMENT, day, text))
        return history

    def _tell(self, earlier):
        """Return the sentence about an earlier contact."""
        channel = self.env["dunning.channel"]._get(earlier.channel)
        return self.env._(
            "We contacted you about this %(means)s on %(day)s.",
            means=channel._get_means(),
            day=format_day(self.env, earlier.performed_date),
        )

    def _get_earlier_contacts(self):
        """Return {action: last contact about one of its claims before the message},
        thanks aside."""
        items = self._get_message_lines().move_line_id
        lines = self.env["dunning.action.line"].search(
            [
                ("move_line_id", "in", items.ids),
                ("state", "=", "done"),
                ("action_id.state", "=", "done"),
                ("action_id.performed_date", "!=", False),
                ("kind", "!=", "thanks"),
            ]
        )
        by_item = lines.grouped("move_line_id")
        none = lines.action_id.browse()
        found = {}
        for action in self:
            day = action._get_message_day()
            earlier = none.union(
                *(
                    by_item[item].action_id
                    for item in action._get_message_lines().move_line_id
                    if item in by_item
                )
            )
            earlier = earlier.filtered(
                lambda other, own=action, on=day: (
                    other != own._origin and other.performed_date <= on
                )
            )
            if earlier:
                found[action] = max(earlier, key=lambda a: (a.performed_date, a.id))
        return found

    def _get_part_payments(self):
        """Return {action: {currency: (day, amount)}} of the customer's last payment on
        claims that are still open."""
        items = self._get_message_lines().move_line_id
        partials = self.env["account.partial.reconcile"].search(
            [("debit_move_id", "in", items.ids)], order="max_date, id"
        )
        by_item = partials.grouped("debit_move_id")
        found = {}
        for action in self:
            day, sums = action._get_message_day(), {}
            for item in action._get_message_lines().move_line_id:
                for partial in by_item.get(item, ()):
                    is_payment = partial.credit_move_id._dunning_is_money()
                    if is_payment and partial.max_date <= day:
                        key = item.currency_id
                        before, amount = sums.get(key, (partial.max_date, 0))
                        if partial.max_date > before:
                            before, amount = partial.max_date, 0
                        if partial.max_date == before:
                            amount += partial.debit_amount_currency
                        sums[key] = (before, amount)
            if sums:
                found[action] = sums
        return found
