import re

from odoo.http import Controller, content_disposition, request, route

from ..models.answers.declaration.declaration_error import DeclarationError
from ..models.answers.page.page_form import (
    LARGEST_FILE,
    MOST_FILES,
    get_extension,
    read_form,
    read_id,
)
from .customer_page import (
    answer_busy,
    answer_gone,
    get_address_prefix,
    is_barred,
    is_key,
    is_worn,
    is_writing_worn,
    keep_private,
)

PAGE = "account_dunning_scenario.customer_page"
DONE_PAGE = "account_dunning_scenario.customer_page_done"
# Programs that follow links before the reader: mail filters, link previews.
MACHINES = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|facebookexternalhit|whatsapp|skypeuripreview"
    r"|mimecast|proofpoint|barracuda|safelinks|urldefense|headless|curl/|wget/"
    r"|python-requests|go-http-client|java/",
    re.IGNORECASE,
)
PREFETCH_HEADERS = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
# Nothing but what lies on this server, and nothing written into the page itself.
POLICY = (
    "default-src 'self'; object-src 'none'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
# Files, and the texts beside them.
LARGEST_REQUEST = MOST_FILES * LARGEST_FILE + 256 * 1024


class FollowUpController(Controller):
    """Customer's page, reached by the key in a message: looking changes nothing but
    that the link was followed; what is sent becomes a declaration."""

    @route(
        "/my/follow-up/<string:delivery_id>/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
    )
    def follow_up(self, delivery_id, token, **_parameters):
        """Lead from the address in earlier messages to the page."""
        if not is_key(token):
            return answer_gone()
        return keep_private(request.redirect(f"/f/{token}", code=303))

    @route("/f/<string:key>", type="http", auth="public", methods=["GET"])
    def show(self, key, **_parameters):
        """Show a customer their open items, by the key in a message."""
        delivery_sudo, refusal = self._open(key)
        if refusal:
            return refusal
        if self._is_customer(delivery_sudo):
            delivery_sudo._register_followed()
        return self._answer(PAGE, delivery_sudo, self._get_values(delivery_sudo, key))

    @route(
        "/f/<string:key>/answer",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,  # without a session: the form has a token of its own
        max_content_length=LARGEST_REQUEST,
    )
    def answer(self, key, **parameters):
        """Take what a customer declares; with a fault, show the page again with what
        was typed."""
        delivery_sudo, refusal = self._open(key)
        if refusal:
            return refusal
        form = read_form(parameters, request.httprequest.form.getlist)
        if "show" in parameters:
            return self._show_again(delivery_sudo, key, form, {})
        if is_writing_worn(key):
            return answer_busy()
        page = self._get_page(delivery_sudo)
        try:
            declaration = page._declare(delivery_sudo, form, self._prepare(parameters))
        except DeclarationError as error:
            errors = {error.field: str(error), "index": error.index}
            return self._show_again(delivery_sudo, key, form, errors)
        path = f"/f/{key}/done/{declaration.id}"
        return keep_private(request.redirect(path, code=303))

    @route(
        "/f/<string:key>/done/<string:number>",
        type="http",
        auth="public",
        methods=["GET"],
    )
    def done(self, key, number, **_parameters):
        """Show what was noted, and what happens next."""
        delivery_sudo, refusal = self._open(key)
        if refusal:
            return refusal
        values = self._get_page(delivery_sudo)._get_done(delivery_sudo, read_id(number))
        if not values:
            return keep_private(request.redirect(f"/f/{key}", code=303))
        return self._answer(DONE_PAGE, delivery_sudo, {**values, "key": key})

    @route(
        "/f/<string:key>/statement.<string:kind>",
        type="http",
        auth="public",
        methods=["GET"],
    )
    def statement(self, key, kind, **_parameters):
        """Download the statement of account, as PDF or spreadsheet."""
        delivery_sudo, refusal = self._open(key)
        if refusal:
            return refusal
        page = self._get_page(delivery_sudo)
        if kind == "pdf":
            return self._send(page._get_statement_pdf(delivery_sudo), "statement.pdf")
        if kind == "xlsx":
            content = page._get_statement_sheet(delivery_sudo)
            return self._send(content, "statement.xlsx")
        return answer_gone()

    @route(
        "/f/<string:key>/invoice/<string:item>",
        type="http",
        auth="public",
        methods=["GET"],
    )
    def invoice(self, key, item, **_parameters):
        """Download the invoice of a claim shown on the page."""
        delivery_sudo, refusal = self._open(key)
        if refusal:
            return refusal
        page = self._get_page(delivery_sudo)
        found = page._get_invoice_pdf(delivery_sudo, read_id(item))
        return self._send(found[1], found[0]) if found else answer_gone()

    @route("/f/<string:key>/code", type="http", auth="public", methods=["GET"])
    def code(self, key, **_parameters):
        """Show the code that fills in a transfer for the claims selected."""
        delivery_sudo, refusal = self._open(key)
        if refusal:
            return refusal
        ids = [read_id(text) for text in request.httprequest.args.getlist("i")]
        content = self._get_page(delivery_sudo)._get_code_of(delivery_sudo, ids)
        if not content:
            return keep_private(request.not_found())
        return self._send(content, "code.png")

    # ---- who is let in ---------------------------------------------------------------

    def _open(self, key):
        """Return the delivery of a key, as superuser, and the answer to give instead
        where the visitor is not let in."""
        if is_barred():
            return None, answer_busy()
        delivery_sudo = is_key(key) and request.env["dunning.delivery"]._find_link(key)
        if not delivery_sudo:
            return None, answer_gone()
        if is_worn(key):
            return None, answer_busy()
        return delivery_sudo, None

    def _is_customer(self, delivery_sudo):
        """Return whether a person of the customer follows the link: neither a program
        nor a user logged in as somebody else."""
        http_request = request.httprequest
        headers = http_request.headers
        purposes = " ".join(headers.get(name, "") for name in PREFETCH_HEADERS)
        is_ahead = "prefetch" in purposes or "preview" in purposes
        is_machine = MACHINES.search(headers.get("User-Agent", ""))
        user = request.env.user
        customer_sudo = delivery_sudo.action_id.partner_id.commercial_partner_id
        is_other = not user._is_public() and user.commercial_partner_id != customer_sudo
        return not (http_request.method != "GET" or is_ahead or is_machine or is_other)

    # ---- what is shown ---------------------------------------------------------------

    def _get_page(self, delivery_sudo):
        """Return the page's model in the reader's language, as superuser."""
        action_sudo = delivery_sudo._in_channel().action_id
        lang = action_sudo._get_reader_langs()[action_sudo]
        request.update_context(lang=lang)
        # sudo: the key, which was checked, gives the right
        return request.env["dunning.customer.page"].sudo().with_context(lang=lang)

    def _get_values(self, delivery_sudo, key, form=None, errors=None):
        page = self._get_page(delivery_sudo)
        delivery_sudo = delivery_sudo._in_channel().with_env(page.env)
        return {**page._get_values(delivery_sudo, form, errors), "key": key}

    def _show_again(self, delivery_sudo, key, form, errors):
        values = self._get_values(delivery_sudo, key, form, errors)
        return self._answer(PAGE, delivery_sudo, values, status=422 if errors else 200)

    def _answer(self, template, delivery_sudo, values, status=200):
        """Return a page of its own: no bundle of Odoo's, nothing written into it."""
        lang = self._get_page(delivery_sudo).env.lang
        values = {
            **values,
            "company": delivery_sudo.company_id,
            "html_lang": lang.replace("_", "-"),
        }
        response = keep_private(request.render(template, values, status=status))
        response.headers["Content-Security-Policy"] = POLICY
        return response

    def _send(self, content, name):
        """Return a file. Only the browser decides whether it is shown or kept."""
        kinds = {
            "pdf": "application/pdf",
            "png": "image/png",
            "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
        headers = [("Content-Type", kinds[name.rpartition(".")[2]])]
        if not name.endswith(".png"):
            headers.append(("Content-Disposition", content_disposition(name)))
        return keep_private(request.make_response(content, headers))

    # ---- what is sent ----------------------------------------------------------------

    def _prepare(self, parameters):
        """Return what comes with a form: its token, files and the visitor's network."""
        token = parameters.get("token")
        return {
            "token": token if isinstance(token, str) else "",
            "files": self._read_files(),
            "address": get_address_prefix(),
        }

    def _read_files(self):
        """Return (name, content) of the files sent, with neutral names.

        :raise DeclarationError: too many, too large, or of a kind that is not taken
        """
        files = []
        for upload in request.httprequest.files.getlist("files"):
            content = upload.stream.read(LARGEST_FILE + 1)
            if not content:
                continue
            extension = get_extension(content)
            if len(content) > LARGEST_FILE or not extension:
                raise DeclarationError(
                    "files",
                    request.env._(
                        "Choose pictures or PDF files of at most 5 MB each, without "
                        "active content."
                    ),
                )
            files.append((f"file-{len(files) + 1}.{extension}", content))
            if len(files) > MOST_FILES:
                raise DeclarationError(
                    "files", request.env._("Choose at most five files.")
                )
        return files
