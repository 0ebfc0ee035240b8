from odoo import SUPERUSER_ID, api, models
from odoo.fields import Command

from ...journal.dunning_chronicle import Told
from ...setup.labels import get_labels
from .dunning_declaration import CLAIM_KINDS, READ_KINDS

# Values of a declaration that are taken as the page gives them: {its name: field}.
TAKEN = {
    "paid_date": "paid_date",
    "means": "payment_means",
    "reference": "payment_reference",
    "text": "description",
    "contact_name": "new_contact_name",
    "contact_email": "new_contact_email",
    "contact_phone": "new_contact_phone",
    "author": "author_name",
    "address": "address_prefix",
    "token": "form_token",
}
# Values that are records.
TAKEN_RECORDS = {
    "reason": "reason_id",
    "promise": "confirmed_promise_id",
    "contact": "contact_id",
}


class DunningDeclaration(models.Model):
    """Extend the declaration with its making, from the values of the page."""

    _inherit = "dunning.declaration"

    @api.model
    def _declare(self, delivery, kind, values):
        """Declare something for a customer: hold the claims, tell the action, and
        accept it at once where the company says so.

        Works as OdooBot: the caller has checked that the visitor may speak for the
        customer.

        :param delivery: dunning.delivery whose link was followed; empty from the portal
        :param kind: code of the selection of `kind`
        :param values: dict of what was entered, all optional unless the kind needs it:
            `company` (res.company) and `customer` (commercial partner), without a
            delivery; `items` (account.move.line); `terms` ([(date, amount)], currency
            of the items); `amounts` ({item: disputed amount in its currency});
            `paid_date`, `means`, `reference`; `reason`; `promise`; `contact_name`,
            `contact_email`, `contact_phone`; `text`; `files` ([(name, bytes)]);
            `author`, `contact` (res.partner), `address`, `token`
        :return: dunning.declaration; the existing one for a form token used before
        :raise DeclarationError: with the field to correct
        """
        declarations = self.with_user(SUPERUSER_ID).with_context(active_test=True)
        delivery = delivery.with_env(declarations.env)
        values = declarations._prepare_declared(delivery, values)
        if known := declarations._find_sent(values):
            return known
        declarations._check_declared(kind, values)
        day = values["company"]._dunning_today()
        # Written first: of two tabs that declare at once, the second one is repeated.
        values["action"]._register_declared("reply", day)
        self.env.flush_all()
        created = declarations._create_declared(delivery, kind, values, day)
        created._take_effect()
        return created

    @api.model
    def _prepare_declared(self, delivery, values):
        """Return the values with company, customer, action and records in this
        environment."""
        values = {
            name: value.with_env(self.env)
            if isinstance(value, models.BaseModel)
            else value
            for name, value in values.items()
        }
        values["action"] = delivery.action_id
        if delivery:
            values["company"] = delivery.company_id
            values["customer"] = delivery.action_id.partner_id.commercial_partner_id
            values.setdefault("contact", delivery.contact_id)
        values.setdefault("items", self.env["account.move.line"])
        return values

    @api.model
    def _find_sent(self, values):
        token = values.get("token")
        return token and self.search(
            [("partner_id", "=", values["customer"].id), ("form_token", "=", token)],
            limit=1,
        )

    @api.model
    def _create_declared(self, delivery, kind, values, day):
        company, items = values["company"], values["items"]
        currency = items.currency_id
        is_shared = len(currency) == 1
        declared = self.with_company(company).create(
            {
                "kind": kind,
                "company_id": company.id,
                "partner_id": values["customer"].id,
                "delivery_id": delivery.id,
                "action_id": values["action"].id,
                "source": "portal",
                "currency_id": (currency if is_shared else company.currency_id).id,
                "declared_date": day,
                "expiry_date": kind in CLAIM_KINDS and self._get_expiry(company, day),
                **{name: values.get(key) for key, name in TAKEN.items()},
                **{
                    name: values[key].id
                    for key, name in TAKEN_RECORDS.items()
                    if values.get(key)
                },
                "term_ids": [
                    Command.create({"date": date, "amount": amount})
                    for date, amount in values.get("terms") or ()
                ],
            }
        )
        declared._keep_files(values.get("files") or ())
        declared._add_claims(values)
        return declared

    def _keep_files(self, files):
        """Attach the customer's files to the declaration.

        :param files: [(name, bytes)]
        """
        place = {"res_model": self._name, "res_id": self.id}
        self.attachment_ids = [
            Command.create({"name": name, "raw": content, **place})
            for name, content in files
        ]

    # ---- claims ----------------------------------------------------------------------

    def _add_claims(self, values):
        """Add the claims with their amounts; earlier declarations of the same sort lose
        them, and payments lose what is disputed."""
        items = values["items"]
        if self.kind not in CLAIM_KINDS:
            return
        if self.kind == "dispute":
            shares = self._get_disputed_shares(items, values.get("amounts") or {})
        else:
            shares = self._get_payment_shares(items)
        lines = self.env["dunning.declaration.line"]
        self._replace_earlier(items)
        lines.create(
            [
                {
                    "declaration_id": self.id,
                    "move_line_id": item.id,
                    "amount_currency": share,
                    "amount": self._get_company_amount(item, share),
                }
                for item, share in shares.items()
            ]
        )
        if self.kind == "dispute":
            self._reduce_payments(items)

    @api.model
    def _get_company_amount(self, item, amount):
        """Return a part of an item's open amount in company currency.

        :param amount: in the item's currency
        """
        part = amount / item.amount_residual_currency
        return item.company_currency_id.round(item.amount_residual * part)

    @api.model
    def _get_disputed_shares(self, items, amounts):
        """Return {item: disputed amount in its currency}: the whole open amount where
        none is given."""
        return {
            item: amounts.get(item) or item.amount_residual_currency for item in items
        }

    def _get_payment_shares(self, items):
        """Return {item: amount in its currency}: what is announced, the oldest first,
        or all that is not disputed."""
        room = self._get_undisputed(items)
        if self.kind != "promise":
            return room
        left, shares = sum(self.term_ids.mapped("amount")), {}
        for item in items.sorted(lambda item: (item._dunning_due_date(), item.id)):
            shares[item] = self.currency_id.round(min(left, room[item]))
            left -= shares[item]
        return {item: share for item, share in shares.items() if share}

    @api.model
    def _get_undisputed(self, items):
        """Return {item: open amount in its currency, less what is disputed, or declared
        so}."""
        parts = self.env["dunning.dispute.claim"]._get_undisputed_parts(items)
        lines = self.env["dunning.declaration.line"].search(
            [
                ("move_line_id", "in", items.ids),
                ("topic", "=", "dispute"),
                ("is_open", "=", True),
            ]
        )
        declared = {line.move_line_id: line.amount_currency for line in lines}
        return {
            item: item.currency_id.round(
                max(
                    item.amount_residual_currency * parts[item] - declared.get(item, 0),
                    0,
                )
            )
            for item in items
        }

    def _reduce_payments(self, items):
        """Reduce new declarations about the payment of disputed claims to the rest: the
        dispute takes its amount first."""
        room = self._get_undisputed(items)
        lines = self.env["dunning.declaration.line"].search(
            [
                ("move_line_id", "in", items.ids),
                ("topic", "=", "payment"),
                ("is_open", "=", True),
            ]
        )
        for line in lines:
            item = line.move_line_id
            share = min(line.amount_currency, room[item])
            line.amount_currency = share
            line.amount = self._get_company_amount(item, share)
        emptied = lines.filtered(
            lambda line: line.company_currency_id.is_zero(line.amount)
        )
        emptied._leave("replaced", self)

    # ---- effect ----------------------------------------------------------------------

    def _take_effect(self):
        """Tell the action, hold the claims, and accept what needs no person."""
        self._log_declared()
        if self.kind in READ_KINDS:
            self.action_id._register_reply()
            self._notify_reader()
        elif self.kind == "confirm":
            self._confirm_promise()
        else:
            self._accept_by_itself()
            self.line_ids.move_line_id._dunning_recheck()

    def _notify_reader(self):
        """Ask the collector to read what needs an answer and belongs to no message."""
        if not self.action_id:
            self._give_tasks(
                date_deadline=self.declared_date,
                summary=self._in_company_language().env._("Answer the customer"),
            )

    def _confirm_promise(self):
        """Record on the promise that the customer agreed."""
        self.confirmed_promise_id.agreed_date = self.declared_date
        self._conclude("accepted", is_automatic=True)

    def _log_declared(self):
        """Log on the message, or else here, what was said, by whom, when and from
        where; in the customer's chatter without figures and words."""
        lang = self.company_id._dunning_get_lang()
        declared = self.with_context(lang=lang)
        labels = get_labels(declared, "kind")
        record = declared.action_id or declared
        told = Told(
            record,
            declared.env._(
                "On the customer's page: %(kind)s", kind=labels[self.kind].lower()
            ),
            declared._get_details(),
            tuple(self.attachment_ids.ids),
        )
        self.env["dunning.chronicle"]._tell([told])
