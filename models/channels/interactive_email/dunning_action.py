from odoo import models
from odoo.exceptions import UserError
from odoo.tools.i18n import format_list

from ...message.amount_row import get_lines, get_sums
from ...setup.day_format import format_day
from ...setup.statement_format import StatementFormat


class DunningAction(models.Model):
    """Page behind the personal link of a message."""

    _inherit = "dunning.action"

    def _get_page_rows(self, rows):
        """Return what adds up to the amount asked for, as (label, amount as text,
        whether it is a total); empty for claims alone.

        :param rows: list of AmountRow
        """
        writer, lines = StatementFormat(self.env), []
        for currency in dict.fromkeys(row.currency for row in rows):
            own = [row for row in rows if row.currency == currency]
            extra = [row for row in own if row.code not in ("claim", "named")]
            if not extra:
                continue
            claims = sum(row.amount for row in own if row.code == "claim")
            lines.append((self.env._("Invoices"), claims, currency, False))
            lines += [
                (row.label, amount, currency, False)
                for row, amount in get_lines(extra)
                if amount
            ]
            total = sum(row.amount for row in own)
            lines.append((self.env._("Asked for"), total, currency, True))
        return [
            (label, writer.amount(currency.round(amount), currency), is_total)
            for label, amount, currency, is_total in lines
        ]

    def _get_current_rows(self, today):
        """Return the rows of what is left to pay today of what the message asked for,
        those it left with where today's cannot be worked out.

        :param today: company's day
        """
        try:
            return self._get_rows_of_day(today)
        except UserError:
            return self._unpack_rows()

    def _tell_change(self, rows):
        """Return sentences on the amount that the message asked for, and on why it is
        another one today; False where it is the same.

        :param rows: list of AmountRow of today
        """
        before = self._unpack_rows()
        reasons = [
            text
            for codes, text in self._get_change_reasons().items()
            if self._get_code_sums(before, codes) != self._get_code_sums(rows, codes)
        ]
        return bool(reasons) and self.env._(
            "Our message of %(day)s asked for %(amount)s. Changes since then: "
            "%(reasons)s.",
            day=format_day(self.env, self._get_message_day()),
            amount=self._format_sums(before),
            reasons=format_list(self.env, reasons),
        )

    def _get_change_reasons(self):
        """Return {codes of rows: why their sum changes}."""
        payments = self.env._("payments received, and our agreements with you")
        offsets = self.env._("credits on your account")
        interest = self.env._("interest accrued since")
        return {
            ("claim",): payments,
            ("credit",): offsets,
            ("interest", "indemnity"): interest,
        }

    def _get_code_sums(self, rows, codes):
        """Return {currency: sum} of the rows of some codes, without zeros."""
        chosen = [row for row in rows if row.code in codes]
        sums = get_sums(chosen, lambda row: row.currency)
        return {currency: amount for currency, amount in sums.items() if amount}
