from urllib.parse import quote

from odoo import models

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
        is_owed = any(section["amount_due"] > 0 for section in sections[customer])
        collector = self.collector_id
        return {
            "company": company,
            "sections": sections[customer],
            "urls": moves._dunning_portal_urls(),
            "day": format_day(self.env, today),
            "payment": is_owed and self._get_open_payment_html(),
            "collector": collector,
            "phone": collector.phone or company.phone,
            "email": self._get_page_email(),
            "mailto": self._get_page_mailto(),
        }

    def _get_open_payment_html(self):
        """Return the payment information, unless the claims of the message are
        settled."""
        items = self._get_message_lines().move_line_id
        return any(items.mapped("amount_residual")) and self.payment_html

    def _get_page_email(self):
        return self.collector_id.email_normalized or self.company_id.email_normalized

    def _get_page_mailto(self):
        """Return the `mailto:` address of the collector, else of the company."""
        email = self._get_page_email()
        subject = self.env._("Our account: %(name)s", name=self.partner_id.name)
        return email and f"mailto:{email}?subject={quote(subject)}"
