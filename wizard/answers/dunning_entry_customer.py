import re
from datetime import date

from lxml import html

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import format_date, html2plaintext
from odoo.tools.i18n import format_list

from ...models.setup.labels import get_labels
from ...models.setup.statement_format import StatementFormat

# Quotes of earlier messages, as Odoo marks them.
QUOTED = ".//*[@data-o-mail-quote]"


class DunningEntry(models.TransientModel):
    """Extend the dialog with the customer's situation: open items, last contact,
    earlier answers, and their message."""

    _inherit = "dunning.entry"

    open_text = fields.Char(string="Open Amount", compute="_compute_open_text")
    contact_text = fields.Char(string="Last Contact", compute="_compute_past")
    warning_text = fields.Text(string="Already Known", compute="_compute_past")

    @api.depends("partner_id", "company_id", "line_ids")
    def _compute_open_text(self):
        for entry in self:
            lines = entry.line_ids
            writer = StatementFormat(self.env)
            totals = [
                writer.amount(sum(of_currency.mapped("amount")), currency)
                for currency, of_currency in lines.grouped("currency_id").items()
            ]
            oldest = min(filter(None, lines.mapped("due_date")), default=False)
            values = {
                "total": format_list(self.env, totals),
                "day": oldest and format_date(self.env, oldest),
                "days": max(lines.mapped("days_late"), default=0),
            }
            if not totals:
                entry.open_text = self.env._("Nothing is open.")
            elif values["days"]:
                entry.open_text = self.env._(
                    "%(total)s open, the oldest due since %(day)s (%(days)s days)",
                    **values,
                )
            else:
                entry.open_text = self.env._(
                    "%(total)s open, the first due on %(day)s", **values
                )

    @api.depends("partner_id", "company_id")
    def _compute_past(self):
        for entry in self:
            is_allowed = entry.partner_id._dunning_may_note(entry.company_id)
            entry.contact_text = is_allowed and entry._get_contact_text()
            entry.warning_text = is_allowed and "\n".join(entry._get_known_texts())

    def _get_past_domain(self):
        return [
            ("partner_id", "=", self.partner_id.commercial_partner_id.id),
            ("company_id", "=", self.company_id.id),
        ]

    def _get_contact_text(self):
        """Return day, channel and outcome of the last contact."""
        Action = self.env["dunning.action"]
        domain = [*self._get_past_domain(), ("state", "=", "done")]
        action = Action.search(domain, order="performed_date desc, id desc", limit=1)
        if not action:
            return False
        outcomes = get_labels(Action, "outcome")
        what = (action.channel_text, action.wait_text, outcomes.get(action.outcome))
        return self.env._(
            "%(day)s: %(what)s",
            day=format_date(self.env, action.performed_date),
            what=", ".join(filter(None, what)),
        )

    def _get_known_texts(self):
        """Return the customer's earlier answers that still apply, one line each."""
        return []

    # ---- invoices --------------------------------------------------------------------

    @api.depends("partner_id", "company_id", "message_id")
    def _compute_line_ids(self):
        for entry in self:
            items = entry._get_open_items()
            ticked = entry._get_likely_items(items)
            entry.line_ids = [Command.clear()] + [
                Command.create({"move_line_id": item.id, "is_ticked": item in ticked})
                for item in ticked + (items - ticked)
            ]

    def _get_open_items(self):
        """Return the open claims, the oldest first."""
        Item = self.env["account.move.line"]
        if not self.partner_id._dunning_may_note(self.company_id):
            return Item
        # sudo: salespeople may have no accounting rights
        Item = Item.sudo()
        owed = Item._get_dunning_owed_domain(self.company_id, date.max)
        customer = self.partner_id.commercial_partner_id
        own = Domain("partner_id.commercial_partner_id", "=", customer.id)
        return Item.search(owed & own, order="date_maturity, date, id")

    def _get_likely_items(self, items):
        """Return the probable subject of the answer: the invoices that the customer
        names, else those of the subject, else the overdue ones, else all.

        :param items: account.move.line that are open
        """
        today = self.company_id._dunning_today()
        subject = self.env.context.get("dunning_item_ids", ())
        named = items.filtered(lambda item: self._is_named(item.move_id.name))
        return (
            named
            or items.filtered(lambda item: item.id in subject)
            or items.filtered(lambda item: item._dunning_due_date() < today)
            or items
        )

    def _is_named(self, number):
        text = " ".join(
            filter(None, (self.message_id.subject, self._get_message_text()))
        )
        return re.search(rf"(?<!\w){re.escape(number)}(?!\w)", text, re.IGNORECASE)

    def _get_ticked(self):
        return self.line_ids.filtered("is_ticked")

    def _get_items(self):
        """Return the ticked items."""
        items = [line._get_item() for line in self._get_ticked()]
        return self.env["account.move.line"].concat(*items)

    @api.depends("line_ids.is_ticked", "line_ids.currency_id", "company_id")
    def _compute_currency_id(self):
        """Use the common currency of the ticked invoices, else the company's."""
        for entry in self:
            shared = entry._get_ticked().currency_id
            own = entry.company_id.currency_id
            entry.currency_id = shared if len(shared) == 1 else own

    @api.depends("line_ids.is_ticked", "line_ids.amount", "currency_id")
    def _compute_amount_ticked(self):
        for entry in self:
            entry.amount_ticked = sum(entry._get_amounts().values())

    def _get_amounts(self):
        """Return {ticked line: open amount in the currency of the dialog}, the oldest
        first."""
        self.ensure_one()
        day = self.contact_date or self.company_id._dunning_today()
        return {
            line: line._convert(self.currency_id, day)
            for line in self._get_ticked().sorted(
                lambda line: line.due_date or date.min
            )
        }

    # ---- message ---------------------------------------------------------------------

    @api.depends("message_id", "company_id")
    def _compute_from_message(self):
        """Start from the customer's message and its date."""
        channel = self.env["dunning.channel"]
        for entry in self:
            message = entry.message_id
            words = entry._get_message_text()
            entry.channel = channel._get_answering(is_written=bool(message))
            entry.contact_date = entry.company_id._dunning_today(message.date)
            entry.note = words and self.env._("“%(words)s”", words=words)

    def _get_message_text(self):
        """Return the text of the customer's message without quotes."""
        body = self.message_id.body
        if not body:
            return False
        tree = html.fragment_fromstring(str(body), create_parent="div")
        for quoted in tree.xpath(QUOTED):
            quoted.drop_tree()
        text = html.tostring(tree, encoding="unicode")
        return html2plaintext(text, include_references=False).strip()
