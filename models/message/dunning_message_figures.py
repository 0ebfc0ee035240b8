from odoo import api, fields, models

from ..setup.day_format import format_day
from ..setup.roles import COLLEAGUES
from ..setup.statement_format import StatementFormat
from .amount_row import get_lines

STATEMENT = "account_dunning_scenario.mail_statement"


class DunningMessageMixin(models.AbstractModel):
    """Extend messages with the figures that people read or say, and with the statement
    of account that shows what adds up to the amount asked for."""

    _inherit = "dunning.message.mixin"

    statement_html = fields.Html(
        string="Statement of Account",
        compute="_compute_statement_html",
        compute_sudo=True,
        sanitize=False,
    )

    # ---- figures ---------------------------------------------------------------------

    def _tell_figures(self):
        """Return the requested amount and its due date, in one sentence."""
        env = self.env
        is_late = self.days_late > 0
        due_date = self.oldest_due_date if is_late else self.next_due_date
        values = {
            "total": self.amount_text,
            "count": self.claim_count,
            "day": format_day(env, due_date),
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
        asked = self._get_asked_amounts()
        return [
            {
                "name": line.move_id.name,
                "due": writer.date(line.due_date),
                "days_late": max((day - line.due_date).days, 0),
                "amount": writer.amount(
                    asked.get(line.move_line_id, 0), line.currency_id
                ),
            }
            for line in self._get_message_lines().sorted("due_date")
        ]

    # ---- statement -------------------------------------------------------------------

    @api.depends("amount_rows")
    @api.depends_context("lang", "dunning_day", "dunning_channel")
    def _compute_statement_html(self):
        sections = self._get_statement_sections()
        for action in self:
            action.statement_html = self.env["ir.qweb"]._render(
                STATEMENT,
                {
                    "sections": sections[action],
                    "urls": action._get_invoice_urls(),
                    "is_inside": action.step_id.recipient in COLLEAGUES,
                },
            )

    def _get_statement_sections(self):
        """Return {action: sections of its statement}, see `dunning.statement`; with
        the rows that lead from the claims to the amount asked for."""
        sections = {}
        for (_company, day), actions in self._grouped_by_day().items():
            sections |= self.env["dunning.statement"]._get_sections(actions, day)
        for action in self:
            action._add_rows(sections[action])
        return sections

    def _get_asked_amounts(self):
        """Return {item: amount asked for it}, in its currency."""
        rows = self._unpack_rows()
        return {row.item: row.amount for row in rows if row.code == "claim"}

    def _add_rows(self, sections):
        """Add to each section, as `asked`, what is deducted and claimed on top, and the
        amount to pay: dicts with `label`, `amount` as text, and `is_total`. Empty where
        nothing but the marked claims is asked for."""
        rows = self._unpack_rows()
        writer = StatementFormat(self.env)
        for section in sections:
            currency = section["currency"]
            own = [row for row in rows if row.currency == currency]
            extra = [row for row in own if row.code not in ("claim", "named")]
            lines = [
                (row.label, amount, False) for row, amount in get_lines(extra) if amount
            ]
            if lines:
                total = currency.round(sum(row.amount for row in own))
                lines.append((self.env._("To pay"), total, True))
            section["asked"] = [
                {
                    "label": label,
                    "amount": writer.amount(amount, currency),
                    "is_total": is_total,
                }
                for label, amount, is_total in lines
            ]

    def _get_invoice_urls(self):
        """Return {account.move: URL of its page}, for an e-mail whose step joins the
        invoices; `_ensure_keys` has created the access tokens."""
        style = self.env["dunning.channel"]._get_current_style()
        if style != "linked" or self.step_id.invoice_documents == "none":
            return {}
        return self._get_message_lines().move_id._dunning_portal_urls()
