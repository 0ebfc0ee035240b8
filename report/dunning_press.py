import io
from operator import itemgetter

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.pdf import PdfReader, PdfWriter

from odoo.addons.base.models.ir_actions_report import _wkhtml

from .stamp import add_stamp, make_stamps

REPORT = "account_dunning_scenario.action_report_letter"
BATCH = "account_dunning_scenario.print_batch"
# A white image of a size that no other image has: it opens every document, and tells
# the first pages apart without reading their text, which takes half a second each.
MARKER = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAMAAAAHCAIAAABC22D+AAAADklEQVR42mP4"
    "DwMMFLAAlSE+wjihviwAAAAASUVORK5CYII="
)
MARKER_SIZE = (3, 7)
# Without Qt's patches wkhtmltopdf prints everything at 0.768 of its size.
UNPATCHED_ZOOM = 1.30208


class DunningPress(models.AbstractModel):
    """Prints documents: one wkhtmltopdf call for a batch, cut into one PDF for each.

    Starting the program and waiting for it takes most of the time. What is printed
    loads nothing from the server, so that it prints alike wherever it is made. The
    margins of the pages (fold marks, company line, page x / y) are stamped afterwards:
    Debian's wkhtmltopdf knows neither footers nor page numbers.
    """

    _name = "dunning.press"
    _description = "Dunning Press"

    @api.model
    def _print(self, documents, margins):
        """Print documents.

        :param documents: {key: markup}, each opened by the image MARKER
        :param margins: {key: dict(`legal`: text at the foot of each page, `folds`:
            heights in mm of the marks on the first)}
        :return: {key: PDF as bytes}, all documents bound into one PDF in this order
        :raise UserError: they cannot be printed
        """
        sheets = self._get_sheets(documents)
        for key, pages in sheets.items():
            for page, stamp in zip(
                pages, make_stamps(len(pages), **margins[key]), strict=True
            ):
                add_stamp(page, stamp)
        pdfs = {key: self._bind(pages) for key, pages in sheets.items()}
        return pdfs, self._bind([page for pages in sheets.values() for page in pages])

    @api.model
    def _merge(self, pdfs):
        """Bind several PDFs into one, to print them at once."""
        return self._bind(
            [page for pdf in pdfs for page in PdfReader(io.BytesIO(pdf)).pages]
        )

    @api.model
    def _get_zoom(self):
        return 1 if _wkhtml().is_patched_qt else UNPATCHED_ZOOM

    @api.model
    def _get_sheets(self, documents):
        """Return {key: the printed pages of its document}."""
        pages = PdfReader(io.BytesIO(self._run(documents.values()))).pages
        starts = self._find_starts(pages)
        if len(starts) != len(documents):
            if len(documents) > 1:  # they cannot be told apart: one by one
                return {
                    key: self._get_sheets({key: document})[key]
                    for key, document in documents.items()
                }
            starts = [0]
        ends = [*starts[1:], len(pages)]
        pages = list(pages)
        return {
            key: pages[start:end]
            for key, start, end in zip(documents, starts, ends, strict=True)
        }

    @api.model
    def _get_html(self, documents):
        """Return one HTML page with all documents."""
        return self.env["ir.qweb"]._render(
            BATCH, {"documents": documents, "zoom": self._get_zoom()}
        )

    @api.model
    def _run(self, documents):
        Report = self.env["ir.actions.report"]
        if Report.get_wkhtmltopdf_state() == "install":
            raise UserError(
                self.env._(
                    "Letters cannot be printed: wkhtmltopdf is not installed on the "
                    "server."
                )
            )
        html = self._get_html(documents)
        try:
            return Report._run_wkhtmltopdf([html], report_ref=REPORT)
        except UserError as error:
            raise UserError(
                self.env._(
                    "The document could not be printed: the program wkhtmltopdf "
                    "failed. The disk or the memory of the server may be full: ask "
                    "your administrator, then try again."
                )
            ) from error

    @api.model
    def _find_starts(self, pages):
        """Return the numbers of the pages on which a document starts."""
        return [n for n, page in enumerate(pages) if MARKER_SIZE in self._sizes(page)]

    @api.model
    def _sizes(self, page):
        """Return the sizes in pixels of the images on a page."""
        objects = page["/Resources"].get("/XObject") or {}
        images = [image.get_object() for image in objects.values()]
        return [itemgetter("/Width", "/Height")(image) for image in images]

    @api.model
    def _bind(self, pages):
        """Make one PDF of pages."""
        writer = PdfWriter()
        for page in pages:
            writer.add_page(page)
        stream = io.BytesIO()
        writer.write(stream)
        return stream.getvalue()
