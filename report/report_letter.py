import io

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date
from odoo.tools.pdf import PdfReader, PdfWriter

from odoo.addons.base.models.ir_actions_report import _wkhtml

REPORT = "account_dunning_scenario.action_report_letter"
DOCUMENT = "account_dunning_scenario.letter_document"
BATCH = "account_dunning_scenario.letter_batch"
# A white image of a size that no other image has: it opens every letter, and tells the
# first pages apart without reading their text, which takes half a second each.
MARKER = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAMAAAAHCAIAAABC22D+AAAADklEQVR42mP4"
    "DwMMFLAAlSE+wjihviwAAAAASUVORK5CYII="
)
MARKER_SIZE = (3, 7)
# Without Qt's patches wkhtmltopdf prints everything at 0.768 of its size.
UNPATCHED_ZOOM = 1.30208


class ReportLetter(models.AbstractModel):
    """Prints letters: one wkhtmltopdf call for a batch, cut into one PDF per letter.

    Starting the program and waiting for it takes most of the time. The document loads
    nothing from the server, so that it prints alike wherever it is made.
    """

    _name = "report.account_dunning_scenario.letter"
    _description = "Dunning Letters"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Give the letters as they would be printed now (preview by a user)."""
        actions = self.env["dunning.action"].browse(docids)
        actions = actions.with_context(dunning_channel="letter")
        texts = self.env["dunning.channel.letter"]._get_texts(actions)
        return {
            "doc_ids": docids,
            "doc_model": actions._name,
            "docs": actions,
            "letters": list(self._get_letters(actions, texts).values()),
            "zoom": self._get_zoom(),
        }

    @api.model
    def _get_pdfs(self, letters):
        """Print letters.

        :param letters: {action: markup}, see `_get_letters`
        :return: {action: PDF as bytes}
        :raise UserError: the letters cannot be printed
        """
        pages = PdfReader(io.BytesIO(self._run(letters.values()))).pages
        starts = self._find_starts(pages)
        if len(starts) != len(letters):
            if len(letters) > 1:  # they cannot be told apart: one by one
                return {a: self._get_pdfs({a: letters[a]})[a] for a in letters}
            starts = [0]
        return {
            action: self._bind(pages[start:end])
            for action, start, end in zip(
                letters, starts, [*starts[1:], len(pages)], strict=True
            )
        }

    @api.model
    def _merge(self, pdfs):
        """Bind several PDFs into one, to print them at once."""
        writer = PdfWriter()
        for pdf in pdfs:
            for page in PdfReader(io.BytesIO(pdf)).pages:
                writer.add_page(page)
        return self._write(writer)

    # ---- HTML ------------------------------------------------------------------------

    @api.model
    def _get_letters(self, actions, texts):
        """Return {action: markup of its letter}, each in its reader's language.

        :param texts: {action: {subject, body_html}} in the readers' languages
        """
        letters = dict.fromkeys(actions)
        langs = actions._get_reader_langs()
        for lang, group in actions.grouped(lambda action: langs[action]).items():
            localized = group.with_context(lang=lang)
            sections = localized._get_statement_sections()
            for action in localized:
                letters[action] = localized.env["ir.qweb"]._render(
                    DOCUMENT,
                    self._prepare_letter_values(
                        action, texts[action], sections[action]
                    ),
                )
        return letters

    @api.model
    def _get_date_line(self, action):
        """Return place and day of a letter, in its reader's language."""
        day = format_date(action.env, action._get_message_day(), date_format="long")
        city = action.company_id.city
        return action.env._("%(city)s, %(day)s", city=city, day=day) if city else day

    @api.model
    def _prepare_letter_values(self, action, text, sections):
        company = action.company_id
        contact = action.contact_id
        body = text["body_html"] or ""
        return {
            "action": action,
            "company": company,
            "recipient": self._get_recipient_lines(contact, company),
            "subject": text["subject"],
            "body": body,
            # A text written for e-mail brings the statement itself.
            "sections": [] if "o_dunning_statement" in body else sections,
            "is_payable": action.kind != "thanks",
            "bank": self._get_bank_account(action),
            "date": self._get_date_line(action),
            "reference": self._get_reference(action),
            "marker": MARKER,
        }

    @api.model
    def _get_recipient_lines(self, contact, company):
        """Return the lines for the window of the envelope; the country when abroad."""
        customer = contact.commercial_partner_id
        names = [customer.name, contact.name if contact != customer else False]
        country = contact.country_id
        street = contact.with_context(lang=contact.lang)._display_address(
            without_company=True
        )
        lines = [" ".join(line.split()) for line in street.splitlines()]
        is_abroad = country and country != company.country_id
        if country and lines and lines[-1] == country.name:
            lines.pop()
        return [line for line in [*names, *lines] if line] + (
            [country.name.upper()] if is_abroad else []
        )

    @api.model
    def _get_bank_account(self, action):
        """Return the account the invoices ask to be paid on, else the company's."""
        invoices = action._get_message_lines().move_id
        return invoices.partner_bank_id[:1] or action.company_id.bank_ids[:1]

    @api.model
    def _get_reference(self, action):
        return f"R{action.id:07d}"

    @api.model
    def _get_zoom(self):
        return 1 if _wkhtml().is_patched_qt else UNPATCHED_ZOOM

    # ---- PDF -------------------------------------------------------------------------

    @api.model
    def _run(self, letters):
        html = self.env["ir.qweb"]._render(
            BATCH, {"letters": letters, "zoom": self._get_zoom()}
        )
        Report = self.env["ir.actions.report"]
        if Report.get_wkhtmltopdf_state() == "install":
            raise UserError(
                self.env._(
                    "Letters cannot be printed: wkhtmltopdf is not installed on the "
                    "server."
                )
            )
        return Report._run_wkhtmltopdf([html], report_ref=REPORT)

    @api.model
    def _find_starts(self, pages):
        """Return the numbers of the pages on which a letter starts."""
        return [n for n, page in enumerate(pages) if MARKER_SIZE in self._sizes(page)]

    @api.model
    def _sizes(self, page):
        """Return the sizes in pixels of the images on a page."""
        objects = page["/Resources"].get("/XObject") or {}
        images = [image.get_object() for image in objects.values()]
        return [(image.get("/Width"), image.get("/Height")) for image in images]

    @api.model
    def _bind(self, pages):
        """Make one letter of pages, numbered when there are several."""
        writer = PdfWriter()
        for number, page in enumerate(pages, start=1):
            if len(pages) > 1:
                page.merge_page(self._get_stamp(page, f"{number} / {len(pages)}"))
            writer.add_page(page)
        return self._write(writer)

    @api.model
    def _get_stamp(self, page, text):
        stream = io.BytesIO()
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        canvas = Canvas(stream, pagesize=(width, height))
        canvas.setFont("Helvetica", 8)
        canvas.drawRightString(width - 20 * mm, 12 * mm, text)
        canvas.save()
        return PdfReader(stream).pages[0]

    @api.model
    def _write(self, writer):
        stream = io.BytesIO()
        writer.write(stream)
        return stream.getvalue()
