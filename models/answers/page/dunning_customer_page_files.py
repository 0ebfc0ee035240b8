import io

import xlsxwriter

from odoo import models

STATEMENT = "report.account_dunning_scenario.statement_of_account"
INVOICES = "account.account_invoices"


class DunningCustomerPage(models.AbstractModel):
    """Extend the page with its files: statement as PDF and spreadsheet, invoices."""

    _inherit = "dunning.customer.page"

    def _get_statement_pdf(self, delivery):
        """Return the statement of account of today as PDF."""
        company, customer = delivery.company_id, delivery.action_id.partner_id
        report = self.env[STATEMENT].with_company(company)
        pdfs = report._get_pdfs(customer, company._dunning_today(), company)
        return pdfs[customer]

    def _get_statement_sheet(self, delivery):
        """Return the statement of account of today as a spreadsheet (XLSX)."""
        company, customer = delivery.company_id, delivery.action_id.partner_id
        opens = self.env["dunning.statement"]._get_open(
            customer, company._dunning_today(), company
        )
        output = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False}
        with xlsxwriter.Workbook(output, options) as book:
            self._write_sheet(book, opens.get(customer, {}))
        return output.getvalue()

    def _write_sheet(self, book, amounts):
        """Write the open items into a workbook, a row each; texts are never formulas.

        :param amounts: {journal item or payment: open amount in its currency}
        """
        env = self.env
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        money = book.add_format({"num_format": "#,##0.00"})
        titles = [
            env._("Document"),
            env._("Your reference"),
            env._("Date"),
            env._("Due date"),
            env._("Amount"),
            env._("Still open"),
            env._("Currency"),
        ]
        sheet.write_row(0, 0, titles, bold)
        for number, (record, amount) in enumerate(amounts.items(), start=1):
            is_item = record._name == "account.move.line"
            name = (
                env["dunning.statement"]._get_name(record) if is_item else record.name
            )
            sheet.write_string(number, 0, name or "")
            sheet.write_string(number, 1, (is_item and record.move_id.ref) or "")
            sheet.write_datetime(number, 2, record.date, day)
            if is_item and amount > 0:
                sheet.write_datetime(number, 3, record._dunning_due_date(), day)
            if is_item:
                sheet.write_number(number, 4, record.amount_currency, money)
            sheet.write_number(number, 5, amount, money)
            sheet.write_string(number, 6, record.currency_id.name)
        sheet.set_column(0, 1, 24)
        sheet.set_column(2, 5, 14)

    def _get_invoice_pdf(self, delivery, item_id):
        """Return (name, PDF) of the invoice of a claim shown on the page, None without.

        :param item_id: as a visitor gave it
        """
        items = {row["item"].id: row["item"] for row in self._get_rows(delivery)}
        item = items.get(item_id)
        if not item or not item.move_id.is_invoice(include_receipts=True):
            return None
        move = item.move_id
        Report = self.env["ir.actions.report"].with_company(delivery.company_id)
        content, _kind = Report._render_qweb_pdf(INVOICES, move.ids)
        return f"{move.name.replace('/', '-')}.pdf", content
