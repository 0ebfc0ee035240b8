import io

from odoo import models

PRINTED = (
    "account_dunning_scenario.committee_agenda",
    "account_dunning_scenario.ledger_extract",
    "account_dunning_scenario.letter",
    "account_dunning_scenario.statement_of_account",
)


class IrActionsReport(models.Model):
    """Lets the print menu give the very sheets that are delivered."""

    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        report = self._get_report(report_ref)
        if report.report_name not in PRINTED or not res_ids:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
        pdfs = self.env[f"report.{report.report_name}"]._get_streams(res_ids)
        return {
            id_: {"stream": io.BytesIO(pdf), "attachment": None}
            for id_, pdf in pdfs.items()
        }

    def _build_wkhtmltopdf_args(self, paperformat_id, *args, **kwargs):
        """Do not wait for scripts, a second by default: what is printed has none."""
        arguments = super()._build_wkhtmltopdf_args(paperformat_id, *args, **kwargs)
        if paperformat_id == self.env.ref(
            "account_dunning_scenario.paperformat_letter", raise_if_not_found=False
        ):
            arguments[arguments.index("--javascript-delay") + 1] = "0"
        return arguments
