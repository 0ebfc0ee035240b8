from odoo import models

from ..declaration.declaration_error import DeclarationError
from ..declaration.dunning_declaration import CLAIM_KINDS
from .page_form import read_amount, read_day

# Fields of a form that hold the words for each kind of declaration.
WORDS = {"dispute": "dispute_text", "question": "question_text"}


class DunningCustomerPage(models.AbstractModel):
    """Extend the page with what customers declare on it."""

    _inherit = "dunning.customer.page"

    def _declare(self, delivery, form, sent):
        """Make a declaration of what was sent, and confirm its receipt by e-mail.

        :param form: PageForm
        :param sent: dict with `token`, `files`, `address`
        :return: dunning.declaration; the earlier one of a form that is sent twice
        :raise DeclarationError: with the field to correct
        """
        rows = self._get_rows(delivery)
        number, is_same = self._check_token(delivery, rows, sent["token"])
        if not number:
            raise DeclarationError(
                "token",
                self.env._(
                    "This page was open for a long time. Check your entries, and send "
                    "them once more."
                ),
            )
        Declaration = self.env["dunning.declaration"]
        known = Declaration.search(
            [("delivery_id", "=", delivery.id), ("form_token", "=", number)], limit=1
        )
        if known:
            return known
        kind = form.get("kind")
        values = self._read_values(delivery, rows, form, kind)
        if kind in CLAIM_KINDS and not is_same:
            raise DeclarationError(
                "items",
                self.env._(
                    "Something changed on your account in the meantime. Check the "
                    "amounts, and send your answer once more."
                ),
            )
        declaration = Declaration._declare(
            delivery,
            kind,
            {**values, **self._get_sender(form, sent), "token": number},
        )
        declaration._confirm_receipt()
        return declaration

    def _get_sender(self, form, sent):
        return {
            "files": sent["files"],
            "address": sent["address"],
            "author": form.get("author"),
        }

    def _read_values(self, delivery, rows, form, kind):
        """Return what was entered for a kind of declaration, see
        `dunning.declaration._declare`."""
        Item = self.env["account.move.line"]
        selected = Item.union(
            *(row["item"] for row in rows if row["item"].id in form.items)
        )
        values = {"text": form.get(WORDS.get(kind, "comment"))}
        if kind in CLAIM_KINDS:
            values["items"] = selected
        read = {
            "promise": self._read_promise,
            "paid": self._read_paid,
            "dispute": self._read_dispute,
            "confirm": self._read_confirm,
            "contact": self._read_contact,
        }.get(kind)
        return {**values, **read(delivery, form, selected)} if read else values

    def _read_promise(self, _delivery, form, selected):
        """Return the days and amounts announced; without an amount, all that is open of
        the selection is meant."""
        typed = [term for term in form.terms if term.day or term.amount]
        left = self.env["dunning.declaration"]._get_undisputed(selected)
        terms = []
        for term in typed:
            amount = read_amount(term.amount) if term.amount else None
            if not term.amount and len(typed) == 1:
                amount = sum(left.values())
            terms.append((self._read_day(term.day), amount))
        return {"terms": terms}

    def _read_paid(self, _delivery, form, _selected):
        return {
            "paid_date": self._read_day(form.get("paid_date")),
            "means": form.get("means") or False,
            "reference": form.get("reference"),
        }

    def _read_dispute(self, delivery, form, selected):
        """Return the reason and the amount in dispute, of one claim; whole claims
        without an amount."""
        reasons = self.env["dunning.declaration"]._get_reasons(delivery.company_id)
        values = {"reason": reasons.filtered(lambda reason: reason.id == form.reason)}
        if typed := form.get("dispute_amount"):
            amount = read_amount(typed)
            if len(selected) != 1 or amount is None:
                raise DeclarationError(
                    "amounts",
                    self.env._(
                        "Enter an amount for one invoice at a time, or leave it empty "
                        "if the invoices chosen are wrong as a whole."
                    ),
                )
            values["amounts"] = {selected: amount}
        return values

    def _read_confirm(self, delivery, form, _selected):
        promises = self.env["dunning.declaration"]._get_promises_to_confirm(
            delivery.action_id.partner_id, delivery.company_id
        )
        chosen = promises.filtered(lambda promise: promise.id == form.promise)
        return {"promise": chosen or (len(promises) == 1 and promises)}

    def _read_contact(self, _delivery, form, _selected):
        names = ("contact_name", "contact_email", "contact_phone")
        return {name: form.get(name) for name in names}

    def _read_day(self, text):
        return read_day(text, is_month_first=self.env.lang == "en_US")

    # ---- afterwards ------------------------------------------------------------------

    def _get_done(self, delivery, declaration_id):
        """Return the values of the page after an answer, None for one that was not
        given by this key.

        :param declaration_id: as a visitor gave it
        """
        declaration = self.env["dunning.declaration"].search(
            [("id", "=", declaration_id), ("delivery_id", "=", delivery.id)]
        )
        if not declaration:
            return None
        return {
            "declaration": declaration,
            "claims": declaration._get_claims_text(),
            "said": declaration._get_summary(),
            "next": declaration._get_next_text(),
            "contact": self._get_contact(delivery.action_id),
        }
