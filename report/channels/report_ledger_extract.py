from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.fields import Domain
from odoo.tools import split_every

from ...models.setup.statement_format import StatementFormat

# Movements on a sheet, below title and heads; one line each.
SHEET_ROWS = 36
# Characters of a label that fit on one line.
LABEL_LENGTH = 34


class ReportLedgerExtract(models.AbstractModel):
    """Printed ledger of a customer: all open items, and the movements of the last
    twelve months with a running balance, so that the supplier's and the customer's
    ledgers can be compared entry by entry (S3-31)."""

    _name = "report.account_dunning_scenario.ledger_extract"
    _description = "Ledger Extract"
    _inherit = ["report.account_dunning_scenario.statement_of_account"]

    _document = "account_dunning_scenario.ledger_extract_document"

    def _prepare_statement_values(self, partner, sections, day, company):
        """Add the movements; a past day shows the ledger of that day."""
        writer = StatementFormat(self.env)
        start = day - relativedelta(years=1)
        movements = self._get_movements(partner, start, day, company)
        balance = self._get_balance(partner, start, company)
        rows = self._get_rows(movements, balance, writer, company.currency_id)
        closing = balance + sum(movements.mapped("balance"))
        return {
            **super()._prepare_statement_values(partner, sections, day, company),
            "start": writer.date(start),
            "currency": company.currency_id,
            "opening": writer.amount(balance, company.currency_id),
            "closing": writer.amount(closing, company.currency_id),
            "ledger_sheets": list(split_every(SHEET_ROWS, rows)) or [[]],
        }

    def _get_domain(self, partner, company):
        """Return the domain of a customer's items on trade receivables."""
        Item = self.env["account.move.line"]
        return Domain(
            [
                ("partner_id.commercial_partner_id", "=", partner.id),
                ("company_id", "=", company.id),
                ("parent_state", "=", "posted"),
                ("account_id", "in", Item._dunning_receivable_accounts()),
            ]
        )

    def _get_movements(self, partner, start, day, company):
        """Return the entries after `start` up to `day`, in the order of the ledger."""
        customer = partner.commercial_partner_id
        dated = Domain("date", ">", start) & Domain("date", "<=", day)
        # sudo: salespeople print the extract of their customers
        items_sudo = self.env["account.move.line"].sudo()
        domain = self._get_domain(customer, company) & dated
        return items_sudo.search(domain, order="date, move_name, id")

    def _get_balance(self, partner, day, company):
        """Return the customer's balance at the end of `day`, in the company's
        currency."""
        customer = partner.commercial_partner_id
        # sudo: as above
        items_sudo = self.env["account.move.line"].sudo()
        domain = self._get_domain(customer, company) & Domain("date", "<=", day)
        [(total,)] = items_sudo._read_group(domain, [], ["balance:sum"])
        return company.currency_id.round(total)

    def _get_rows(self, movements, balance, writer, currency):
        """Return the movements as text, each with the balance after it.

        :return: list of dicts: `date`, `name`, `label`, `debit`, `credit`, `matching`
            and `balance`; `before` is the balance that the row started from
        """
        rows = []
        for item in movements:
            before, balance = balance, currency.round(balance + item.balance)
            rows.append(
                {
                    "date": writer.date(item.date),
                    "name": item.move_id.name,
                    "label": self._get_label(item, writer),
                    "debit": item.debit and writer.amount(item.debit, currency),
                    "credit": item.credit and writer.amount(item.credit, currency),
                    "matching": item.matching_number or "",
                    "before": writer.amount(before, currency),
                    "balance": writer.amount(balance, currency),
                }
            )
        return rows

    def _get_label(self, item, writer):
        """Return the reference of an entry, else its label, and its amount if it is in
        another currency."""
        label = item.move_id.ref or item.name or ""
        if label == item.move_id.name:
            label = ""
        if item.currency_id != item.company_currency_id:
            amount = writer.amount(item.amount_currency, item.currency_id)
            label = f"{amount} {label}"
        if len(label) > LABEL_LENGTH:
            label = label[: LABEL_LENGTH - 1].rstrip() + "…"
        return label.strip()
