from odoo import api, models
from odoo.tools import format_date

from .declaration_error import DeclarationError
from .dunning_declaration import CLAIM_KINDS

MOST_TERMS = 4
# Greatest number of characters of a text, by its name in the values.
LENGTHS = {
    "text": 2000,
    "reference": 64,
    "author": 64,
    "contact_name": 64,
    "contact_email": 254,
    "contact_phone": 32,
    "token": 64,
    "address": 64,
}
# Days from today within which a payment may be announced.
FARTHEST = 3650


class DunningDeclaration(models.Model):
    """Extend the declaration with the checks of what was entered, in the words of the
    customer's page."""

    _inherit = "dunning.declaration"

    @api.model
    def _check_declared(self, kind, values):
        """Refuse values that make no sense, whatever the page allowed.

        :raise DeclarationError: with the field to correct
        """
        checks = {
            "promise": self._check_terms,
            "paid": self._check_paid,
            "dispute": self._check_disputed,
            "confirm": self._check_confirmed,
            "contact": self._check_new_contact,
            "question": self._check_question,
        }
        if kind not in self._fields["kind"].get_values(self.env):
            raise DeclarationError("kind", self.env._("Choose what you want to tell."))
        self._check_texts(values)
        if kind in CLAIM_KINDS:
            self._check_items(values)
        if check := checks.get(kind):
            check(values)

    @api.model
    def _check_texts(self, values):
        for name, longest in LENGTHS.items():
            if len(values.get(name) or "") > longest:
                raise DeclarationError(
                    name,
                    self.env._("Enter at most %(count)s characters.", count=longest),
                )

    @api.model
    def _check_items(self, values):
        items = values["items"]
        if not items:
            raise DeclarationError(
                "items", self.env._("Choose at least one invoice of the list.")
            )
        if items - self._get_open_items(values["customer"], values["company"]):
            raise DeclarationError(
                "items",
                self.env._(
                    "One of the invoices chosen has been settled meanwhile: look at "
                    "the list again."
                ),
            )

    @api.model
    def _check_terms(self, values):
        """Check the days and amounts announced: in order, one currency, at most what is
        open."""
        terms, items = values.get("terms") or (), values["items"]
        if not 1 <= len(terms) <= MOST_TERMS:
            raise DeclarationError(
                "terms",
                self.env._(
                    "Enter one to %(count)s payments, each with its day and amount.",
                    count=MOST_TERMS,
                ),
            )
        if len(items.currency_id) > 1:
            raise DeclarationError(
                "items", self.env._("Choose invoices in one currency at a time.")
            )
        for index, (date, amount) in enumerate(terms):
            self._check_term(values, index, date, amount)
        self._check_total(values, sum(amount for _date, amount in terms))

    @api.model
    def _check_term(self, values, index, date, amount):
        today, currency = (
            values["company"]._dunning_today(),
            values["items"].currency_id,
        )
        ahead = (date - today).days if date else -1
        if not 0 <= ahead <= FARTHEST:
            raise DeclarationError(
                "terms", self.env._("Choose today or a later day."), index
            )
        if currency.compare_amounts(amount or 0, 0) <= 0:
            raise DeclarationError(
                "terms", self.env._("Enter an amount above zero."), index
            )

    @api.model
    def _check_total(self, values, total):
        items = values["items"]
        most, currency = sum(self._get_undisputed(items).values()), items.currency_id
        if currency.compare_amounts(total, most) > 0:
            raise DeclarationError(
                "terms",
                self.env._(
                    "%(amount)s is open on the invoices chosen, apart from what is "
                    "disputed: enter at most this amount.",
                    amount=currency.format(most),
                ),
            )

    @api.model
    def _check_paid(self, values):
        paid, today = values.get("paid_date"), values["company"]._dunning_today()
        if not paid or paid > today:
            raise DeclarationError(
                "paid_date", self.env._("Enter the day on which you paid.")
            )
        issued = max(item.move_id.invoice_date or item.date for item in values["items"])
        if paid < issued:
            raise DeclarationError(
                "paid_date",
                self.env._(
                    "An invoice chosen is dated %(day)s and cannot have been paid "
                    "before.",
                    day=format_date(self.env, issued),
                ),
            )
        means = self._fields["payment_means"].get_values(self.env)
        if values.get("means") not in (None, False, "", *means):
            raise DeclarationError("means", self.env._("Choose how you paid."))

    @api.model
    def _check_disputed(self, values):
        """Check the reason, the words and the amounts of a problem."""
        reason = values.get("reason")
        if not reason or reason not in self._get_reasons(values["company"]):
            raise DeclarationError("reason", self.env._("Choose what the problem is."))
        if not (values.get("text") or "").strip():
            raise DeclarationError(
                "text", self.env._("Describe the problem in a few words.")
            )
        for item, amount in (values.get("amounts") or {}).items():
            most, compare = (
                item.amount_residual_currency,
                item.currency_id.compare_amounts,
            )
            if item not in values["items"] or not (
                compare(amount, 0) > 0 and compare(amount, most) <= 0
            ):
                raise DeclarationError(
                    "amounts",
                    self.env._(
                        "Enter an amount above zero and at most %(amount)s.",
                        amount=item.currency_id.format(most),
                    ),
                )

    @api.model
    def _check_confirmed(self, values):
        asked = self._get_promises_to_confirm(values["customer"], values["company"])
        if not values.get("promise") or values["promise"] not in asked:
            raise DeclarationError(
                "promise", self.env._("There is no agreement to confirm any more.")
            )

    @api.model
    def _check_new_contact(self, values):
        if not (values.get("contact_name") or "").strip():
            raise DeclarationError(
                "contact_name", self.env._("Enter the name of this person.")
            )
        email = values.get("contact_email")
        if not (email or values.get("contact_phone")):
            raise DeclarationError(
                "contact_email", self.env._("Enter an e-mail address or a number.")
            )

    @api.model
    def _check_question(self, values):
        if not (values.get("text") or "").strip():
            raise DeclarationError("text", self.env._("Write your question."))
