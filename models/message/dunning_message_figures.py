from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import format_date
from odoo.tools.i18n import format_list

from ..setup.statement_format import StatementFormat

STATEMENT = "account_dunning_scenario.mail_statement"


class DunningMessageMixin(models.AbstractModel):
    """Extend messages with their amounts, and the statement that shows them: never more
    than the customer's net balance, per currency."""

    _inherit = "dunning.message.mixin"

    totals_text = fields.Char(
        string="Totals",
        compute="_compute_totals",
        compute_sudo=True,
        help="Amount to pay for the claims of the action, one per currency, the "
        "customer's credits deducted.",
    )
    credits_text = fields.Char(
        string="Credits Deducted",
        compute="_compute_totals",
        compute_sudo=True,
        help="Credit notes and payments not yet allocated that reduce what is to be "
        "paid; empty when nothing is deducted.",
    )
    statement_html = fields.Html(
        string="Statement of Account",
        compute="_compute_statement_html",
        compute_sudo=True,
        sanitize=False,
    )

    # ---- amounts ---------------------------------------------------------------------

    @api.depends("line_ids.state", "line_ids.amount_chased_currency", "performed_date")
    @api.depends_context("lang", "dunning_day")
    def _compute_totals(self):
        Statement = self.env["dunning.statement"]
        for (company, day), actions in self._grouped_by_day().items():
            opens = Statement._get_open(actions.partner_id, day, company)
            for action in actions:
                items = opens.get(action.partner_id, {})
                dues = action._get_dues(action._get_others(items, day))
                action.totals_text = action._format_totals(dues)
                action.credits_text = action._format_credits(dues)

    def _get_others(self, items, day):
        """Return {currency: amounts of the customer's other items that count}.

        :param items: {open item of the customer: amount}
        """
        own = self._get_message_lines().move_line_id
        others = defaultdict(list)
        for item, amount in items.items():
            is_late = item._dunning_due_date() < day
            if item not in own and self._is_counted(amount, is_late):
                others[item.currency_id].append(amount)
        return others

    def _is_counted(self, amount, is_late):
        """Return whether an item beside the claims changes the requested amount: a
        notice is set against the balance of the account, a reminder against its overdue
        part and all credits, as in planning. A sent message stays as it was."""
        if self.performed_date or self.kind == "thanks":
            return False
        return amount < 0 or is_late or self.kind == "notice"

    def _get_dues(self, others):
        """Return the amounts requested for the action's claims, and the credits that
        reduce them, so that the action never requests more than the customer's net
        balance.

        :param others: {currency: amounts of the other items that count}
        :return: {currency: (asked, credit)}; `asked - credit` is to be paid
        """
        dues = {}
        for currency, lines in self._get_message_lines().grouped("currency_id").items():
            asked = currency.round(sum(line._get_amount_asked() for line in lines))
            credit = currency.round(-sum(others.get(currency, ())))
            dues[currency] = (asked, min(max(credit, 0), asked))
        return dues

    def _format_totals(self, dues):
        totals = [
            (asked - credit, self._format(asked - credit, currency, dues))
            for currency, (asked, credit) in dues.items()
        ]
        due = [text for amount, text in totals if amount]
        return format_list(self.env, due or [text for _amount, text in totals[:1]])

    def _format_credits(self, dues):
        amounts = [
            self._format(credit, currency, dues)
            for currency, (_asked, credit) in dues.items()
            if credit
        ]
        return format_list(self.env, amounts) if amounts else False

    def _format(self, amount, currency, currencies):
        """Format an amount, with its currency code where another currency has the same
        symbol.

        :param currencies: all currencies of the message
        """
        text = StatementFormat(self.env).amount(amount, currency)
        alike = [c for c in currencies if c.symbol == currency.symbol]
        return text.replace(currency.symbol, currency.name) if alike[1:] else text

    def _tell_figures(self):
        """Return the requested amount and its due date, in one sentence."""
        env = self.env
        is_late = self.days_late > 0
        due_date = self.oldest_due_date if is_late else self.next_due_date
        values = {
            "total": self.totals_text,
            "count": self.claim_count,
            "day": format_date(env, due_date),
            "days": self.days_late,
        }
        if is_late and self.claim_count == 1:
            text = env._("%(total)s, due since %(day)s (%(days)s days)", **values)
        elif is_late:
            text = env._(
                "%(total)s for %(count)s items, the oldest due since %(day)s "
                "(%(days)s days)",
                **values,
            )
        elif self.claim_count == 1:
            text = env._("%(total)s, due on %(day)s", **values)
        else:
            text = env._(
                "%(total)s for %(count)s items, the first due on %(day)s", **values
            )
        if self.credits_text:
            deducted = env._("%(amount)s of credits deducted", amount=self.credits_text)
            text = f"{text}; {deducted}"
        return text

    def _get_asked_items(self):
        """Return the requested items as text, oldest first: `name`, `due`, `days_late`,
        `amount`."""
        writer = StatementFormat(self.env)
        day = self._get_message_day()
        return [
            {
                "name": line.move_id.name,
                "due": format_date(self.env, line.due_date),
                "days_late": max((day - line.due_date).days, 0),
                "amount": writer.amount(line._get_amount_asked(), line.currency_id),
            }
            for line in self._get_message_lines().sorted("due_date")
        ]

    # ---- statement -------------------------------------------------------------------

    @api.depends("line_ids.state", "line_ids.amount_chased_currency", "performed_date")
    @api.depends_context("lang", "dunning_day", "dunning_channel")
    def _compute_statement_html(self):
        sections = self._get_statement_sections()
        for action in self:
            action.statement_html = self.env["ir.qweb"]._render(
                STATEMENT,
                {
                    "sections": sections[action],
                    "urls": action._get_invoice_urls(),
                },
            )

    def _get_statement_sections(self):
        """Return {action: sections of its statement}, see `dunning.statement`; where
        credits are deducted, with `credit` and `to_pay` as text."""
        sections = {}
        for (_company, day), actions in self._grouped_by_day().items():
            sections |= self.env["dunning.statement"]._get_sections(actions, day)
        for action in self:
            action._add_credits(sections[action])
        return sections

    def _add_credits(self, sections):
        others = {
            section["currency"]: [
                row["amount_open"]
                for row in section["rows"]
                if not row["is_marked"]
                and self._is_counted(row["amount_open"], row["days_late"] > 0)
            ]
            for section in sections
        }
        dues = self._get_dues(others)
        writer = StatementFormat(self.env)
        for section in sections:
            currency = section["currency"]
            asked, credit = dues.get(currency, (0, 0))
            if credit:
                section["credit"] = writer.amount(-credit, currency)
                section["to_pay"] = writer.amount(asked - credit, currency)

    def _get_invoice_urls(self):
        """Return {account.move: URL of its page}, for an e-mail whose step joins the
        invoices; `_ensure_keys` has created the access tokens."""
        style = self.env["dunning.channel"]._get_current_style()
        if style != "linked" or self.step_id.invoice_documents == "none":
            return {}
        return self._get_message_lines().move_id._dunning_portal_urls()
