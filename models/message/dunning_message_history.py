from collections import namedtuple

from odoo import api, fields, models
from odoo.tools.i18n import format_list

from ..setup.day_format import format_day
from ..setup.roles import COLLEAGUES
from ..setup.statement_format import StatementFormat

# What happened: `weight` decides what is told first, `day` which of several is.
Told = namedtuple("Told", ["weight", "day", "text"])
CONTACT, PAYMENT = 1, 2
# More would bury the request.
MOST_SENTENCES = 2
MOST_CONTACTS = 3


class DunningMessageMixin(models.AbstractModel):
    """Extend messages with what happened before, which they never deny (S4-16)."""

    _inherit = "dunning.message.mixin"

    history_text = fields.Char(
        string="Recent History",
        compute="_compute_history_text",
        compute_sudo=True,
        help="At most two sentences about this message's claims: a promise that was "
        "not kept, a settled dispute, a returned letter, a part payment, the last "
        "contacts; empty if nothing happened yet.",
    )

    is_oversight_possible = fields.Boolean(
        string="May Be an Oversight",
        compute="_compute_history_text",
        compute_sudo=True,
        help="Whether a message may suppose an oversight: nothing happened yet, and "
        "the customer is no public body, which pays by procedure.",
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
            is_public = action.partner_id.dunning_legal_status == "public"
            action.is_oversight_possible = not sentences and not is_public

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
                told.append(self._tell_contacts(earlier))
            for currency, (day, amount) in payments.get(action, {}).items():
                text = self.env._(
                    "Thank you for your payment of %(amount)s of %(day)s.",
                    amount=writer.amount(amount, currency),
                    day=format_day(self.env, day),
                )
                told.append(Told(PAYMENT, day, text))
        return history

    def _tell_contacts(self, earlier):
        """Return the sentence about the last earlier contacts, as Told.

        :param earlier: dunning.action, not empty
        """
        ordered = earlier.sorted(lambda action: (action.performed_date, action.id))
        last = ordered[-MOST_CONTACTS:]
        means = [
            self.env._(
                "%(means)s on %(day)s",
                means=action._get_channel_used()._get_means(),
                day=format_day(self.env, action.performed_date),
            )
            for action in last
        ]
        text = self.env._(
            "We contacted you about this %(contacts)s.",
            contacts=format_list(self.env, list(dict.fromkeys(means))),
        )
        return Told(CONTACT, last[-1].performed_date, text)

    def _get_channel_used(self):
        """Return the channel that the contact was made by; the deliveries know the one
        that reached the customer."""
        self.ensure_one()
        return self.env["dunning.channel"]._get(self.channel)

    def _has_reached_customer(self):
        """Return whether the customer was contacted: a committee or a colleague is not
        the customer; extended by the channels."""
        self.ensure_one()
        is_inside = self.step_id.recipient in COLLEAGUES
        return not is_inside and self._get_channel_used()._channel_reaches_customer

    def _get_earlier_contacts(self):
        """Return {action: earlier contacts with the customer about its claims, thanks
        aside}."""
        return {
            action: contacts
            for action, earlier in self._get_earlier_actions().items()
            if (contacts := earlier.filtered(lambda a: a._has_reached_customer()))
        }

    def _get_earlier_actions(self):
        """Return {action: earlier actions performed about its claims, thanks aside}."""
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
            found[action] = earlier.filtered(
                lambda other, own=action, on=day: (
                    other != own._origin and other.performed_date <= on
                )
            )
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
