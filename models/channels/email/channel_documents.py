from collections import defaultdict

from odoo import models
from odoo.fields import Command

from odoo.addons.base.models.ir_actions_report import _wkhtml

# Above either limit, the statement only links to the invoices.
INVOICE_LIMIT = 20
SIZE_LIMIT = 8 * 1024 * 1024
INVOICE_REPORT = "account.account_invoices"


class DunningChannelEmail(models.AbstractModel):
    """Attachments of an e-mail: the statement of account, the invoices (S3-24, S3-25).

    Made for all the mails of a batch at once.
    """

    _inherit = "dunning.channel.email"

    def _get_documents(self, actions):
        """Return {action: commands for the attachments required by its step}."""
        documents = defaultdict(list)
        with_statement = actions.filtered("step_id.is_statement_attached")
        statements = self._get_statements(with_statement)
        langs = with_statement._get_reader_langs()
        stored = self.env["dunning.document"]._store(
            [
                {
                    "name": self._get_statement_name(action, langs[action]),
                    "raw": pdf,
                    "res_model": "mail.message",
                }
                for action, pdf in statements.items()
            ]
        )
        for action, file in zip(statements, stored, strict=True):
            documents[action].append(Command.link(file.id))
        for action, files in self._get_annex_files(actions).items():
            documents[action] += [Command.link(file.id) for file in files]
        with_invoices = actions.filtered(
            lambda action: action.step_id.invoice_documents == "pdf"
        )
        for action, files in self._get_invoice_files(with_invoices).items():
            documents[action] += [Command.link(file.id) for file in files]
        return documents

    # ---- statement -------------------------------------------------------------------

    def _get_statements(self, actions):
        """Return {action: PDF of the statement of its customer}."""
        statements = {}
        for (company, day), group in actions._grouped_by_day().items():
            Statement = self.env["dunning.statement"].with_company(company)
            pdfs = Statement._get_pdfs(group.contact_id, day)
            statements |= {action: pdfs[action.contact_id] for action in group}
        return statements

    def _get_statement_name(self, action, lang):
        return self.with_context(lang=lang).env._(
            "Statement of account %(day)s.pdf",
            day=action._get_message_day().isoformat(),
        )

    # ---- annexes ---------------------------------------------------------------------

    def _get_annex_files(self, actions):
        """Return {action: attachments with its annexes}, printed at once."""
        sheets = {
            (action, name): sheet
            for action, annexes in actions._get_annexes().items()
            for name, sheet in annexes
        }
        if not sheets:
            return {}
        paper = self.env["dunning.sheets"]
        margins = {key: paper._get_margins(key[0].company_id) for key in sheets}
        pdfs, _batch = self.env["dunning.press"]._print(sheets, margins)
        files = self.env["dunning.document"]._store(
            [
                {"name": name, "raw": pdfs[action, name], "res_model": "mail.message"}
                for action, name in sheets
            ]
        )
        found = defaultdict(list)
        for (action, _name), file in zip(sheets, files, strict=True):
            found[action].append(file)
        return found

    # ---- invoices --------------------------------------------------------------------

    def _get_invoice_files(self, actions):
        """Return {action: attachments with its invoices}, unless they are too many or
        too large for an e-mail."""
        wanted = {
            action: action._get_message_lines().move_id.filtered(
                lambda move: move.is_invoice(include_receipts=True)
            )
            for action in actions
        }
        few = {a: moves for a, moves in wanted.items() if len(moves) <= INVOICE_LIMIT}
        invoices = self.env["account.move"].union(*few.values())
        files = self._get_files(invoices)
        joined = {
            action: self.env["ir.attachment"].union(*(files[move] for move in moves))
            for action, moves in few.items()
        }
        return {
            action: found
            for action, found in joined.items()
            if sum(found.mapped("file_size")) <= SIZE_LIMIT
        }

    def _get_files(self, invoices):
        """Return {invoice: its legal PDF, else a print of its present state}."""
        missing = invoices.filtered(lambda move: not move.invoice_pdf_report_id)
        printed = self._print_invoices(missing)
        created = self.env["dunning.document"]._store(
            [
                {
                    "name": move._get_invoice_report_filename(),
                    "raw": printed[move],
                    # Not attached to the invoice: it is no legal document.
                    "res_model": "mail.message",
                }
                for move in missing
            ]
        )
        files = dict(zip(missing, created, strict=True))
        return {move: move.invoice_pdf_report_id or files[move] for move in invoices}

    def _print_invoices(self, invoices):
        """Return {invoice: PDF}: printed in one go, unless wkhtmltopdf cannot split the
        file (Debian's has no outlines)."""
        printed = {}
        groups = [invoices] if _wkhtml().is_patched_qt else list(invoices)
        for group in filter(None, groups):
            Report = self.env["ir.actions.report"].with_company(group.company_id)
            content, kind = Report._pre_render_qweb_pdf(INVOICE_REPORT, group.ids)
            pdfs = Report._get_splitted_report(INVOICE_REPORT, content, kind)
            printed |= {move: pdfs[move.id] for move in group}
        return printed
