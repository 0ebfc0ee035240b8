import io

from odoo import models
from odoo.exceptions import UserError
from odoo.tools.pdf import PdfReader, PdfWriter

from odoo.addons.base.models.ir_actions_report import _wkhtml

from ...models.setup.guard.guard import is_sealed
from .pdf_file import PdfFile
from .printer import PrintError, PrintTimeout, print_parts, share_out
from .stamp import make_stamps

PAPER = "account_dunning_scenario.paperformat_letter"
BATCH = "account_dunning_scenario.print_batch"
# A white image of a unique size: it opens every document and marks the first pages,
# since reading their text would take half a second each.
MARKER = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAMAAAAHCAIAAABC22D+AAAADklEQVR42mP4"
    "DwMMFLAAlSE+wjihviwAAAAASUVORK5CYII="
)
MARKER_SIZE = (3, 7)
# Without Qt's patches wkhtmltopdf prints everything at 0.768 of its size.
UNPATCHED_ZOOM = 1.30208


class DunningPress(models.AbstractModel):
    """Print documents: few wkhtmltopdf calls per batch, split into one PDF each.

    Starting the program and waiting for it takes most of the time. Pages load nothing
    from the server, so that they print alike wherever they are made. The margins of the
    pages (fold marks, company line, page x / y) are stamped afterwards: Debian's
    wkhtmltopdf supports neither footers nor page numbers.
    """

    _name = "dunning.press"
    _description = "Follow-Up Press"

    def _print(self, documents, margins):
        """Print documents.

        :param documents: {key: markup}, each opened by the image MARKER
        :param margins: {key: dict(`legal`: text at the foot of each page, `folds`:
            heights in mm of the marks on the first, `slips`: number of last pages
            outside of the document)}
        :return: {key: PDF as bytes}, all documents bound into one PDF in this order
        :raise UserError: printing fails
        """
        printed = self._run(list(documents.values()))
        starts = self._find_starts(printed)
        if len(starts) != len(documents):
            if len(documents) > 1:  # not separable: one by one
                pdfs = {
                    key: self._print({key: document}, margins)[1]
                    for key, document in documents.items()
                }
                return pdfs, self._merge(pdfs.values())
            starts = [0]
        ends = [*starts[1:], len(printed.pages)]
        sheets = {
            key: printed.pages[start:end]
            for key, start, end in zip(documents, starts, ends, strict=True)
        }
        self._stamp(printed, sheets, margins)
        pdfs = {key: printed.bind(pages) for key, pages in sheets.items()}
        return pdfs, printed.bind(printed.pages)

    def _merge(self, pdfs):
        """Merge several PDFs into one, to print them at once."""
        writer = PdfWriter()
        for pdf in pdfs:
            for page in PdfReader(io.BytesIO(pdf)).pages:
                writer.add_page(page)
        stream = io.BytesIO()
        writer.write(stream)
        return stream.getvalue()

    def _stamp(self, printed, sheets, margins):
        """Draw the margins of all pages, each distinct margin once."""
        forms = {}
        for key, pages in sheets.items():
            margin = margins[key]
            look = (len(pages), margin["legal"], margin["folds"], margin["slips"])
            if look not in forms:
                forms[look] = printed.add_forms(PdfFile(make_stamps(*look)))
            for page, form in zip(pages, forms[look], strict=True):
                printed.draw(page, form)

    def _get_zoom(self):
        return 1 if _wkhtml().is_patched_qt else UNPATCHED_ZOOM

    def _get_html(self, documents):
        """Return one HTML page with all documents."""
        return self.env["ir.qweb"]._render(
            BATCH, {"documents": documents, "zoom": self._get_zoom()}
        )

    def _run(self, documents):
        """Return the printed documents as one file.

        :raise UserError: printing fails
        """
        Report = self.env["ir.actions.report"]
        if Report.get_wkhtmltopdf_state() == "install":
            raise UserError(
                self.env._(
                    "Letters cannot be printed: wkhtmltopdf is not installed on the "
                    "server."
                )
            )
        arguments = Report._build_wkhtmltopdf_args(self._get_paper(), False)
        if is_sealed(self.env, "dunning_grayscale"):
            arguments.append("--grayscale")
        pages = [self._get_html(part) for part in share_out(documents)]
        first, *others = map(PdfFile, self._print_parts(pages, arguments))
        for other in others:
            first.append(other)
        return first

    def _get_paper(self):
        """Return the paper format of the sheets; if it was deleted, the company's."""
        # sudo: users who print may not have the right to read paper formats
        env_sudo = self.sudo().env
        paper = env_sudo.ref(PAPER, raise_if_not_found=False)
        return paper or env_sudo.company.paperformat_id

    def _print_parts(self, pages, arguments, style=""):
        """Print HTML pages, see `printer`.

        :raise UserError: printing fails
        """
        try:
            return print_parts(pages, arguments, style)
        except PrintTimeout as error:
            raise UserError(
                self.env._(
                    "The document could not be printed in time: simplify its text and "
                    "its pictures, or ask your administrator whether the server is "
                    "busy, then try again."
                )
            ) from error
        except PrintError as error:
            raise UserError(
                self.env._(
                    "The document could not be printed: the program wkhtmltopdf "
                    "failed. The disk or the memory of the server may be full: ask "
                    "your administrator, then try again."
                )
            ) from error

    def _find_starts(self, printed):
        """Return the page numbers on which documents start."""
        return [
            number
            for number, page in enumerate(printed.pages)
            if MARKER_SIZE in printed.find_images(page)
        ]
