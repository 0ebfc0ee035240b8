from collections import defaultdict
from datetime import date

from odoo import api, models
from odoo.fields import Domain
from odoo.tools.i18n import format_list

from ...setup.day_format import format_day
from ...setup.labels import get_labels
from .dunning_declaration import ACCEPTED_STATES

# Outcome of a message once a declaration about it is accepted; *reply* for all others.
OUTCOMES = {"promise": "promise", "dispute": "dispute"}


class DunningDeclaration(models.Model):
    """Extend the declaration with what is shown of it: to the customer on the page, and
    to colleagues."""

    _inherit = "dunning.declaration"

    @api.depends(
        "kind",
        "term_ids.date",
        "term_ids.amount",
        "line_ids.left_as",
        "amount",
        "paid_date",
        "payment_means",
        "payment_reference",
        "reason_id.name",
        "new_contact_name",
    )
    @api.depends_context("lang")
    def _compute_summary(self):
        for declaration in self:
            parts = (declaration._get_claims_text(), declaration._get_summary())
            declaration.summary = ": ".join(filter(None, parts))

    # ---- what may be declared --------------------------------------------------------

    @api.model
    def _get_open_items(self, customer, company):
        """Return the claims about which a customer may declare something, the oldest
        first.

        :param customer: commercial partner
        :param company: res.company
        """
        Item = self.env["account.move.line"]
        claims = Item._get_dunning_claim_domain(company, date.max)
        own = Domain("partner_id.commercial_partner_id", "=", customer.id)
        return Item.search(claims & own, order="date_maturity, date, id")

    @api.model
    def _get_reasons(self, company):
        """Return the reasons for a problem that customers of a company may choose."""
        return self.env["dunning.dispute.reason"].search(
            [
                ("is_for_customers", "=", True),
                ("company_id", "in", (False, *company.parent_ids.ids)),
            ]
        )

    @api.model
    def _get_promises_to_confirm(self, customer, company):
        """Return the running promises that the customer was asked to confirm and has
        not confirmed yet (S4-23)."""
        return self.env["dunning.promise"].search(
            [
                ("partner_id", "=", customer.id),
                ("company_id", "=", company.id),
                ("state", "=", "open"),
                ("confirmed_date", "!=", False),
                ("agreed_date", "=", False),
            ]
        )

    # ---- for the customer ------------------------------------------------------------

    @api.model
    def _get_item_states(self, items):
        """Return what is known of claims, in the language of the context: disputed,
        promised, declared.

        :param items: account.move.line
        :return: {item: list of texts}; items without any are left out
        """
        states = defaultdict(list)
        for item, text in self._get_disputed_texts(items):
            states[item].append(text)
        for item, text in self._get_promised_texts(items):
            states[item].append(text)
        for item, text in self._get_declared_texts(items):
            states[item].append(text)
        return dict(states)

    @api.model
    def _get_disputed_texts(self, items):
        currency = items.company_currency_id[:1]
        disputed = self.env["dunning.dispute.claim"]._get_disputed(items)
        for item, amount in disputed.items():
            yield (
                item,
                self.env._(
                    "%(amount)s disputed: we are looking into it",
                    amount=currency.format(amount),
                ),
            )

    @api.model
    def _get_promised_texts(self, items):
        claims = self.env["dunning.promise.claim"].search(
            [("move_line_id", "in", items.ids), ("is_open", "=", True)]
        )
        for claim in claims:
            yield (
                claim.move_line_id,
                self.env._(
                    "%(amount)s announced by %(day)s",
                    amount=claim.promise_currency_id.format(claim.share),
                    day=format_day(self.env, claim.promise_id.date),
                ),
            )

    @api.model
    def _get_declared_texts(self, items):
        lines = self.env["dunning.declaration.line"].search(
            [
                ("move_line_id", "in", items.ids),
                ("left_as", "=", False),
                ("declaration_id.state", "in", ("new", "expired", "refused")),
            ],
            order="id desc",
        )
        last = {}
        for line in lines:
            last.setdefault((line.move_line_id, line.topic), line.declaration_id)
        for (item, _topic), declaration in last.items():
            yield item, declaration._get_state_text()

    def _get_state_text(self):
        """Return the customer's declaration and its state, in the customer's view."""
        self.ensure_one()
        said = self._get_said_text()
        if self.state == "refused":
            return self.env._("%(said)s: not accepted", said=said)
        if self.state == "expired":
            return self.env._("%(said)s: not confirmed by us yet", said=said)
        return self.env._("%(said)s: being checked", said=said)

    def _get_said_text(self):
        day = format_day(self.env, self.declared_date)
        texts = {
            "promise": self.env._("On %(day)s you announced a payment", day=day),
            "paid": self.env._("On %(day)s you told us that it is paid", day=day),
            "not_received": self.env._(
                "On %(day)s you told us that you did not receive it", day=day
            ),
            "dispute": self.env._("On %(day)s you reported a problem", day=day),
        }
        return texts[self.kind]

    def _get_next_text(self):
        """Return what happens next, and when, in the customer's view."""
        self.ensure_one()
        if self.kind == "confirm":
            return self.env._("Thank you: your confirmation is noted.")
        if self.kind in ("contact", "question"):
            return self.env._(
                "The person in charge of your account will read it and answer you."
            )
        if self.state in ("accepted", "corrected"):
            return self._get_accepted_text()
        held = max(filter(None, self.claim_ids.mapped("held_until")), default=False)
        if not held or held < self.company_id._dunning_today():
            return self.env._(
                "We will check what you told us. Meanwhile our reminder stands."
            )
        return self.env._(
            "We will check what you told us by %(day)s. Until then you will not "
            "receive a reminder about it.",
            day=format_day(self.env, held),
        )

    def _get_accepted_text(self):
        texts = {
            "promise": self.env._("Your payment is noted for the days you named."),
            "paid": self.env._("We are looking for your payment on our account."),
            "not_received": self.env._("The invoice is being sent to you again."),
            "dispute": self.env._("Your case is open; you will hear from us."),
        }
        return texts[self.kind]

    # ---- for colleagues --------------------------------------------------------------

    @api.model
    def _get_open_texts(self, actions):
        """Return {action: texts of its customer's declarations to decide on}.

        :param actions: dunning.action
        """
        # sudo: whoever makes the call has to know
        new = self.sudo().search(
            [
                ("partner_id", "in", actions.partner_id.ids),
                ("company_id", "in", actions.company_id.ids),
                ("state", "=", "new"),
            ]
        )
        by_customer = new.grouped(lambda d: (d.partner_id.id, d.company_id.id))
        return {
            action: [declaration._get_open_text() for declaration in declarations]
            for action in actions
            if (
                declarations := by_customer.get(
                    (action.partner_id.id, action.company_id.id)
                )
            )
        }

    def _get_open_text(self):
        """Return the declaration for a caller or a committee, in one line."""
        self.ensure_one()
        return self.env._(
            "Declared on %(day)s, to decide on: %(what)s",
            day=format_day(self.env, self.declared_date),
            what=" – ".join(
                filter(None, (get_labels(self, "kind")[self.kind], self.summary))
            ),
        )

    def _get_details(self):
        """Return what was said, by whom and from where, for the message's chatter."""
        self.ensure_one()
        author = self.author_name or self.contact_id.name
        parts = [
            self.summary,
            self.description and self.env._("“%(words)s”", words=self.description),
            author and self.env._("Declared by %(name)s", name=author),
            self.address_prefix
            and self.env._("Network: %(prefix)s", prefix=self.address_prefix),
        ]
        return " – ".join(filter(None, parts))

    def _get_outcome(self):
        """Return the outcome of its message: what it became once accepted, else an
        answer."""
        self.ensure_one()
        is_accepted = self.state in ACCEPTED_STATES
        return OUTCOMES.get(self.kind, "reply") if is_accepted else "reply"

    def _get_claims_text(self):
        names = dict.fromkeys(self.claim_ids.move_id.mapped("name"))
        return format_list(self.env, list(filter(None, names))) if names else ""

    def _get_summary(self):
        """Return what the customer declared, in one line, without their words."""
        self.ensure_one()
        texts = {
            "promise": self._tell_terms,
            "paid": self._tell_paid,
            "dispute": self._tell_problem,
            "confirm": lambda: self.confirmed_promise_id.display_name,
            "contact": self._tell_contact,
        }
        tell = texts.get(self.kind)
        return tell() if tell else ""

    def _tell_terms(self):
        terms = [
            self.env._(
                "%(amount)s by %(day)s",
                amount=self.currency_id.format(term.amount),
                day=format_day(self.env, term.date),
            )
            for term in self.term_ids
        ]
        return format_list(self.env, terms)

    def _tell_paid(self):
        means = get_labels(self, "payment_means").get(self.payment_means)
        day = self.paid_date and format_day(self.env, self.paid_date)
        return ", ".join(filter(None, (day, means, self.payment_reference)))

    def _tell_problem(self):
        return self.env._(
            "%(amount)s: %(reason)s",
            amount=self.currency_id.format(self.amount),
            reason=self.reason_id.name,
        )

    def _tell_contact(self):
        parts = (self.new_contact_name, self.new_contact_email, self.new_contact_phone)
        return ", ".join(filter(None, parts))
