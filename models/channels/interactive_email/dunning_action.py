from urllib.parse import quote

from odoo import models
from odoo.exceptions import UserError
from odoo.tools.i18n import format_list

from ...message.amount_row import get_sums
from ...setup.day_format import format_day


class DunningAction(models.Model):
    """Page behind the personal link of a message."""

    _inherit = "dunning.action"

    def _get_page_values(self):
        """Return the values of the customer's page, in the language of the context: all
        their open items with this company today.

        Public: the caller has checked the link, and calls as superuser.
        """
        self.ensure_one()
        company, today = self.company_id, self.company_id._dunning_today()
        customer = self.partner_id
        statement = self.env["dunning.statement"].with_company(company)
        sections = statement._get_sections_by_customer(customer, today, company)
        rows = [row for section in sections[customer] for row in section["rows"]]
        moves = self.env["account.move"].union(*(row["move"] for row in rows))
        collector, now = self.collector_id, self._get_current_rows(today)
        return {
            "company": company,
            "sections": sections[customer],
            "urls": moves._dunning_portal_urls(),
            "day": format_day(self.env, today),
            "payment": self._get_open_payment_html(now),
            "to_pay": self._format_sums(now),
            "change": self._tell_change(now),
            "collector": collector,
            "phone": collector.phone or company.phone,
            "email": self._get_page_email(),
            "mailto": self._get_page_mailto(),
        }

    def _get_current_rows(self, today):
        """Return the rows of what is left to pay today of what the message asked for,
        those it left with where today's cannot be worked out.

        :param today: company's day
        """
        try:
            return self._get_rows_of_day(today)
        except UserError:
            return self._unpack_rows()

    def _get_open_payment_html(self, rows):
        """Return the payment information of today, False where nothing is left to pay
        or the message asked for no payment.

        :param rows: list of AmountRow of today
        """
        if self.step_id.request != "payment" or not self._get_payments(rows):
            return False
        url = self._filtered_online() and self._get_payment_url(rows)
        return self._render_payments(rows, url)

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

    def _get_page_email(self):
        return self.collector_id.email_normalized or self.company_id.email_normalized

    def _get_page_mailto(self):
        """Return the `mailto:` address of the collector, else of the company."""
        email = self._get_page_email()
        subject = self.env._("Our account: %(name)s", name=self.partner_id.name)
        return email and f"mailto:{email}?subject={quote(subject)}"
