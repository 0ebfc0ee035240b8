import base64

from odoo import models
from odoo.tools import html2plaintext
from odoo.tools.image import image_data_uri

from .qr_code import draw_qr_code
from .typesetting import count_lines

# Countries with the address window on the left.
LEFT_WINDOW_COUNTRIES = ("DE", "AT", "CH", "LI")
# Area in mm from the left and the top of the sheet where text stays visible, however
# the sheet slides in its envelope: DIN 5008 form B, and the French DL window of 35 x
# 100 mm.
LEFT_WINDOW = {"left": 25, "top": 63, "width": 78, "height": 27}
RIGHT_WINDOW = {"left": 105, "top": 55, "width": 84, "height": 24}
LEFT_FOLDS = (105, 148.5, 210)  # the middle one is for the punch
RIGHT_FOLDS = (99, 198)
# Font sizes in points to try until the address fits; leading in mm is 0.42 times the
# size.
ADDRESS_SIZES = (10, 9, 8, 7, 6)
LEADING = 0.42
QR_MAX_AMOUNT = 999_999_999.99


class DunningStationery(models.AbstractModel):
    """Letterhead, address window, foot and payment slip of a company's printed
    documents.

    The window follows the country of the company, which buys the envelopes.
    """

    _name = "dunning.stationery"
    _description = "Follow-Up Stationery"

    def _prepare_sheet_values(self, company, contact):
        """Return the values for the templates of letterhead and window.

        :param contact: the addressee
        """
        is_left = company.country_id.code in LEFT_WINDOW_COUNTRIES
        is_abroad = self._is_abroad(company, contact)
        window = LEFT_WINDOW if is_left else RIGHT_WINDOW
        lines = self._get_recipient_lines(company, contact)
        return {
            "company": company,
            "logo": not company.uses_default_logo and image_data_uri(company.logo),
            "sender": self._get_sender_lines(company, is_abroad),
            "recipient": lines,
            "recipient_size": self._get_size(lines, window),
            "leading": LEADING,
            "is_left": is_left,
            "window": window,
        }

    def _get_margins(self, company):
        """Return the margins stamped on the pages of a company, see `dunning.press`."""
        is_left = company.country_id.code in LEFT_WINDOW_COUNTRIES
        return {
            "legal": self._get_legal_line(company),
            "folds": LEFT_FOLDS if is_left else RIGHT_FOLDS,
            "slips": 0,
        }

    # ---- letterhead ------------------------------------------------------------------

    def _is_abroad(self, company, contact):
        country = contact.country_id
        return bool(country) and country != company.country_id

    def _get_country_name(self, country, company):
        """Return the name of a country in the language of the sender's post."""
        return country.with_context(lang=company._dunning_get_lang()).name.upper()

    def _get_sender_lines(self, company, is_abroad):
        country = company.country_id
        town = " ".join(part for part in (company.zip, company.city) if part)
        if is_abroad and country:
            town = ", ".join((town, self._get_country_name(country, company)))
        lines = [
            ", ".join(part for part in (company.street, company.street2) if part),
            town,
            " · ".join(part for part in (company.phone, company.email) if part),
        ]
        return [line for line in lines if line]

    def _get_legal_line(self, company):
        """Return the foot of the pages: the company's own setting, else name, register
        and tax numbers."""
        foot = html2plaintext(company.report_footer or "")
        if foot.strip():
            return " · ".join(line.strip() for line in foot.splitlines() if line)
        label = company.country_id.vat_label or self.env._("VAT")
        parts = (
            company.name,
            company.company_registry,
            company.vat and f"{label} {company.vat}",
        )
        return " · ".join(part for part in parts if part)

    # ---- window ----------------------------------------------------------------------

    def _get_recipient_lines(self, company, contact):
        """Return the lines of the address window, with the country when abroad."""
        customer = contact.commercial_partner_id
        names = [customer.name, contact.name if contact != customer else False]
        country = contact.country_id
        street = contact.with_context(lang=contact.lang)._display_address(
            without_company=True
        )
        lines = [" ".join(line.split()) for line in street.splitlines()]
        if (
            country
            and lines
            and lines[-1] == country.with_context(lang=contact.lang).name
        ):
            lines.pop()
        lines = [line for line in [*names, *lines] if line]
        if self._is_abroad(company, contact):
            lines.append(self._get_country_name(country, company))
        return lines

    def _get_size(self, lines, window):
        """Return the largest font size in points at which the lines fit in a window."""
        for size in ADDRESS_SIZES:
            count = sum(count_lines(line, size, window["width"]) for line in lines)
            if count * size * LEADING <= window["height"]:
                break
        return size

    # ---- payment slip ----------------------------------------------------------------

    def _get_account_number(self, bank):
        """Return the number of an account; an IBAN in groups of four."""
        if bank.acc_type != "iban":
            return bank.acc_number
        number = bank.sanitized_acc_number
        return " ".join(number[n : n + 4] for n in range(0, len(number), 4))

    def _is_in_sepa(self, bank, currency, debtor):
        """Return whether Odoo makes a code for an account. It is asked once for all
        letters of a transaction, as it reads the SEPA countries each time."""
        known = self.env.cr.cache.setdefault(self._name, {})
        key = (bank.id, bank.sanitized_acc_number, bank.acc_holder_name, currency.id)
        if key not in known:
            known[key] = bool(
                bank._build_qr_code_vals(1, "", "", currency, debtor, "sct_qr")
            )
        return known[key]

    def _get_qr_code(self, bank, currency, amount, reference, debtor):
        """Return the EPC code that fills in a transfer, as an image address.

        :param amount: in `currency`
        :param reference: text to quote; a structured one is told to the bank as such,
            like Odoo's own codes
        :return: False unless the amount is in euros, to an IBAN in the SEPA
        """
        is_payable = 0 < currency.round(amount) <= QR_MAX_AMOUNT
        if not bank or not is_payable or currency != (bank.currency_id or currency):
            return False
        # sudo: Odoo reads countries and accounts that a salesperson may not see
        bank = bank.sudo()
        if not self._is_in_sepa(bank, currency, debtor):
            return False
        payload = "\n".join(
            bank._get_qr_vals(
                "sct_qr", currency.round(amount), currency, debtor, reference, reference
            )
        )
        # Not by `ir.actions.report.barcode`: it needs a rasterizer that recent versions
        # of reportlab no longer include.
        image = base64.b64encode(draw_qr_code(payload.encode())).decode()
        return f"data:image/png;base64,{image}"
