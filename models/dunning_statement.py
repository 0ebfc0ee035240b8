from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

# Paid or taken back according to the invoice, though its item is still open.
SETTLED_STATES = ("paid", "reversed", "invoicing_legacy")


class DunningStatement(models.AbstractModel):
    """The statement shown to customers: all their open items, those of the action
    marked, one total per currency.

    E-mail, letter and call note read the same rows, so that they cannot disagree.
    """

    _name = "dunning.statement"
    _description = "Dunning Statement"

    @api.model
    def _get_sections(self, actions, day):
        """Return what the customers of actions owe, for the reader's language in use.

        :param actions: dunning.action of one company
        :param day: the company's day
        :return: {action: one dict per currency}: `currency`, `rows` (see `_get_row`),
            `total`, `total_marked` as formatted text, `amount_marked`, `is_all_marked`
        """
        items = self._get_items(actions, day).grouped(
            lambda item: (item.company_id, item.partner_id.commercial_partner_id)
        )
        none = self.env["account.move.line"]
        return {
            action: self._get_action_sections(
                action, items.get((action.company_id, action.partner_id), none), day
            )
            for action in actions
        }

    @api.model
    def _get_items(self, actions, day):
        """Return the open items of all the customers, in the order of the statement."""
        Item = self.env["account.move.line"].sudo()  # sudo: salespeople see it too
        domain = Item._get_dunning_open_domain(actions.company_id, day)
        customers = ("partner_id.commercial_partner_id", "in", actions.partner_id.ids)
        settled = ("move_id.payment_state", "in", SETTLED_STATES)
        items = Item.search_fetch(domain & Domain([customers]) & ~Domain([settled]))
        return items.sorted(lambda i: (i._dunning_due_date(), i.date, i.id))

    @api.model
    def _get_action_sections(self, action, items, day):
        lines = {line.move_line_id: line for line in action._get_message_lines()}
        return [
            self._get_section(currency, currency_items, lines, day)
            for currency, currency_items in items.grouped("currency_id").items()
        ]

    @api.model
    def _get_section(self, currency, items, lines, day):
        rows = [self._get_row(item, lines.get(item), day) for item in items]
        marked = [row for row in rows if row["is_marked"]]
        amount_marked = sum(row["amount_asked"] for row in marked)
        total = sum(row["amount_open"] for row in rows)
        return {
            "currency": currency,
            "rows": rows,
            "total": self._format(total, currency),
            "amount_marked": amount_marked,
            "total_marked": self._format(amount_marked, currency),
            "is_all_marked": not currency.compare_amounts(amount_marked, total),
        }

    @api.model
    def _get_row(self, item, line, day):
        """Return one open item, formatted.

        :param line: the line of the action about this item, if any
        :return: dict: `name`, `date`, `due_date`, `days_late` (0: not late),
            `original`, `open`, `asked` (empty unless a part is held back),
            `is_marked`, `amount_open`, `amount_asked`
        """
        currency = item.currency_id
        due_date = item._dunning_due_date()
        is_offset = item.amount_residual < 0
        asked = line._get_amount_asked() if line else 0
        amount_open = item.amount_residual_currency
        is_held = bool(line) and currency.compare_amounts(asked, amount_open) < 0
        return {
            "name": self._get_name(item),
            "date": format_date(self.env, item.move_id.invoice_date or item.date),
            "due_date": "" if is_offset else format_date(self.env, due_date),
            "days_late": 0 if is_offset else max((day - due_date).days, 0),
            "original": self._format(item.amount_currency, currency),
            "open": self._format(amount_open, currency),
            "asked": self._format(asked, currency) if is_held else "",
            "is_marked": bool(line),
            "amount_open": amount_open,
            "amount_asked": asked,
        }

    @api.model
    def _get_name(self, item):
        """Name an item as the customer knows it: number, or what the entry says."""
        move = item.move_id
        if move.is_invoice(include_receipts=True):
            return move.name
        if item.payment_id or item.statement_line_id:
            return self.env._("Payment %(number)s", number=move.name)
        return move.ref or item.name or move.name

    @api.model
    def _format(self, amount, currency):
        return format_amount(self.env, amount, currency)
