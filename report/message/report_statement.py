from odoo import models

from ...models.setup.day_format import format_day
from ..paper.dunning_sheets import HEADED_SHEET_HEIGHT, SLIP_HEIGHT


class ReportStatement(models.AbstractModel):
    """Statements of account printed on their own."""

    _name = "report.account_dunning_scenario.statement_of_account"
    _description = "Statement of Account"
    _inherit = ["dunning.sheets"]

    _has_streams = True
    _document = "account_dunning_scenario.statement_document"

    def _get_report_values(self, docids, data=None):
        """Return today's statements, for a user's preview."""
        partners = self.env["res.partner"].browse(docids)
        company = self.env.company
        documents = self._get_documents(partners, company._dunning_today(), company)
        return self._prepare_preview_values(partners, documents)

    def _get_streams(self, docids):
        """Return {id: PDF} of today's statements."""
        partners = self.env["res.partner"].browse(docids)
        company = self.env.company
        pdfs = self._get_pdfs(partners, company._dunning_today(), company)
        return {partner.id: pdf for partner, pdf in pdfs.items()}

    def _get_pdfs(self, partners, day, company):
        """Return {partner: PDF as bytes}, see `dunning.statement`."""
        documents = self._get_documents(partners, day, company)
        margins = dict.fromkeys(documents, self._get_margins(company))
        pdfs, _batch = self.env["dunning.press"]._print(documents, margins)
        return pdfs

    def _get_documents(self, partners, day, company):
        """Return {partner: markup}, each in its reader's language.

        :raise AccessError: neither accountant, collector nor salesperson of a customer
        """
        partners._dunning_check_readable(company)
        documents = dict.fromkeys(partners)
        for lang, readers in partners.grouped(
            lambda partner: partner._dunning_get_lang(company)
        ).items():
            report = self.with_context(lang=lang)
            by_partner = report.env["dunning.statement"]._get_sections_by_customer(
                readers, day, company
            )
            for partner in readers:
                values = report._prepare_statement_values(
                    partner, by_partner[partner], day, company
                )
                documents[partner] = report.env["ir.qweb"]._render(
                    self._document, values
                )
        return documents

    def _prepare_statement_values(self, partner, sections, day, company):
        customer = partner.commercial_partner_id
        contact = partner.browse(partner.address_get(["invoice"])["invoice"])
        reference = customer.ref or f"C{customer.id:07d}"
        # sudo: users who see a customer may know the accounts to pay to
        payments = self.env["dunning.statement"]._get_payments(sections, company.sudo())
        slips = self._get_slips(
            [(*payment, reference) for payment in payments], customer
        )
        tail = SLIP_HEIGHT * max(len(slips), 1)
        return {
            **self._prepare_sheet_values(company, contact),
            "customer": customer,
            "sheets": self._get_sheets(sections, HEADED_SHEET_HEIGHT, tail),
            "slips": slips,
            "day": format_day(self.env, day),
            "reference": reference,
        }
