import io

from odoo import models

OURS = "account_dunning_scenario."


class IrActionsReport(models.Model):
    """Extend the print menu to give the same sheets as the deliveries."""

    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        name = f"report.{self._get_report(report_ref).report_name}"
        if not self._has_dunning_streams(name) or not res_ids:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
        # The user's environment: the report's own is the superuser's.
        pdfs = self.env[name]._get_streams(res_ids)
        return {
            id_: {"stream": io.BytesIO(pdf), "attachment": None}
            for id_, pdf in pdfs.items()
        }

    def _has_dunning_streams(self, name):
        """Return whether a model prints the sheets of its report itself."""
        registry = self.env.registry
        model, base = registry.get(name), registry["dunning.sheets"]
        return bool(model) and issubclass(model, base) and model._has_streams

    def _run_wkhtmltopdf(self, bodies, report_ref=False, **options):
        """Print the module's other sheets in the same way: nothing is fetched, and a
        program that hangs is stopped."""
        report = self._get_report(report_ref) if report_ref else self
        if not (report.report_name or "").startswith(OURS):
            return super()._run_wkhtmltopdf(bodies, report_ref=report_ref, **options)
        arguments = self._build_wkhtmltopdf_args(
            report.get_paperformat(),
            options.get("landscape"),
            specific_paperformat_args=options.get("specific_paperformat_args"),
            set_viewport_size=options.get("set_viewport_size"),
        )
        press = self.env["dunning.press"]
        pdfs = press._print_parts(bodies, arguments, self._get_print_style())
        return pdfs[0] if len(pdfs) == 1 else press._merge(pdfs)

    def _get_print_style(self):
        """Return the style sheet that Odoo's document layout would fetch."""
        bundle = self.env["ir.qweb"]._get_asset_bundle(
            "web.report_assets_common", css=True, js=False, autoprefix=True
        )
        return "".join(sheet.raw.decode() for sheet in bundle.css())

    def _build_wkhtmltopdf_args(self, paperformat_id, *args, **kwargs):
        """Drop the wait for scripts, one second by default: these pages have none."""
        arguments = super()._build_wkhtmltopdf_args(paperformat_id, *args, **kwargs)
        if paperformat_id == self.env.ref(
            "account_dunning_scenario.paperformat_letter", raise_if_not_found=False
        ):
            arguments[arguments.index("--javascript-delay") + 1] = "0"
        return arguments
