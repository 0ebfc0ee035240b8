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
    twelve months with a running balance per currency, so that the supplier's and the
    customer's ledgers can be compared entry by entry (S3-31). Exchange differences are
    our own affair: they are left out."""

    _name = "report.account_dunning_scenario.ledger_extract"
    _description = "Ledger Extract"
    _inherit = ["report.account_dunning_scenario.statement_of_account"]

    _document = "account_dunning_scenario.ledger_extract_document"

    def _prepare_statement_values(self, partner, sections, day, company):
        """Add the movements; a past day shows the ledger of that day."""
        writer = StatementFormat(self.env)
        start = day - relativedelta(years=1)
        return {
            **super()._prepare_statement_values(partner, sections, day, company),
            "start": writer.date(start),
            "ledgers": self._get_ledgers(partner, start, day, company, writer),
        }

    def _get_ledgers(self, partner, start, day, company, writer):
        """Return the movements per currency, that of the company first.

        :return: list of dicts: `currency`, `opening` and `closing` as text, `sheets`
            (rows of each, see `_get_rows`)
        """
        movements = self._get_movements(partner, start, day, company)
        balances = self._get_balances(partner, start, company)
        by_currency = movements.grouped("currency_id")
        currencies = company.currency_id.union(*balances, *by_currency)
        ledgers = []
        for currency in currencies:
            of_currency = by_currency.get(currency, movements.browse())
            balance = balances.get(currency, 0)
            closing = balance + sum(of_currency.mapped("amount_currency"))
            rows = self._get_rows(of_currency, balance, writer, currency)
            ledger = {
                "currency": currency,
                "opening": writer.amount(balance, currency),
                "closing": writer.amount(closing, currency),
                "sheets": list(split_every(SHEET_ROWS, rows)) or [[]],
            }
            if rows or balance or len(currencies) == 1:
                ledgers.append(ledger)
        return ledgers

    def _get_domain(self, partner, company):
        """Return the domain of a customer's items on trade receivables, without those
        that have no amount in their currency: revaluations and exchange differences."""
        Item = self.env["account.move.line"]
        return Domain(
            [
                ("partner_id.commercial_partner_id", "=", partner.id),
                ("company_id", "=", company.id),
                ("parent_state", "=", "posted"),
                ("account_id", "in", Item._dunning_receivable_accounts()),
                ("amount_currency", "!=", 0),
                ("move_id.exchange_diff_partial_ids", "=", False),
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

    def _get_balances(self, partner, day, company):
        """Return {currency: the customer's balance at the end of `day`, in it}."""
        customer = partner.commercial_partner_id
        # sudo: as above
        items_sudo = self.env["account.move.line"].sudo()
        domain = self._get_domain(customer, company) & Domain("date", "<=", day)
        groups = items_sudo._read_group(
            domain, ["currency_id"], ["amount_currency:sum"], order="currency_id"
        )
        return {currency: currency.round(total) for currency, total in groups}

    def _get_rows(self, movements, balance, writer, currency):
        """Return the movements as text, each with the balance after it, in their
        currency.

        :return: list of dicts: `date`, `name`, `label`, `debit`, `credit`, `matching`
            and `balance`; `before` is the balance that the row started from
        """
        rows = []
        for item in movements:
            amount = item.amount_currency
            before, balance = balance, currency.round(balance + amount)
            rows.append(
                {
                    "date": writer.date(item.date),
                    "name": item.move_id.name,
                    "label": self._get_label(item),
                    "debit": amount > 0 and writer.amount(amount, currency),
                    "credit": amount < 0 and writer.amount(-amount, currency),
                    "matching": item.matching_number or "",
                    "before": writer.amount(before, currency),
                    "balance": writer.amount(balance, currency),
                }
            )
        return rows

    def _get_label(self, item):
        """Return the reference of an entry, else its label."""
        label = item.move_id.ref or item.name or ""
        if label == item.move_id.name:
            label = ""
        if len(label) > LABEL_LENGTH:
            label = label[: LABEL_LENGTH - 1].rstrip() + "…"
        return label.strip()
