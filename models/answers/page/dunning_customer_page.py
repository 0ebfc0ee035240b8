import hashlib
import json
import secrets
import time

from odoo import models
from odoo.tools import consteq, hmac
from odoo.tools.i18n import format_list

from ...setup.day_format import format_day
from ...setup.statement_format import StatementFormat
from .page_form import PageForm

# A form is taken for so many seconds after the page was shown.
FORM_AGE = 24 * 3600
MOST_MESSAGES = 10


class DunningCustomerPage(models.AbstractModel):
    """Page of a customer, reached by the key of a message: what is open with the
    company of the message, what was said about it, and what can be answered.

    Its methods run as superuser: the caller has checked the key. Ids that a visitor
    sends only select among what the page shows.
    """

    _name = "dunning.customer.page"
    _description = "Customer's Page"

    # ---- content ---------------------------------------------------------------------

    def _get_values(self, delivery, form=None, errors=None):
        """Return the values of the page, in the language of the context.

        :param delivery: dunning.delivery of the key
        :param form: PageForm to show again, None for a first look
        :param errors: {field: message}
        """
        action, company = delivery.action_id, delivery.company_id
        form = form or PageForm()
        rows, current = self._get_rows(delivery), self._get_current(delivery)
        selected = self._get_selected(rows, form)
        return {
            "company": company,
            "action": action,
            "customer": action.partner_id,
            "title": self.env._(
                "Your account on %(day)s",
                day=format_day(self.env, company._dunning_today()),
            ),
            "intro": self._get_intro(delivery),
            "day": company._dunning_today().isoformat(),
            "is_notice": action.kind == "notice",
            "agent_text": self._get_agent_text(delivery),
            "rows": [{**row, "is_selected": row["item"] in selected} for row in rows],
            "credits": self._get_credits(delivery),
            "asked": action._get_page_rows(current),
            "change": action._tell_change(current),
            "selection": self._get_selection_text(rows, selected),
            "locale": (self.env.lang or "en_US").replace("_", "-"),
            "payments": self._get_payments(delivery, rows, selected),
            "reasons": self.env["dunning.declaration"]._get_reasons(company),
            "promises": self._get_promises(delivery),
            "messages": self._get_messages(delivery),
            "contact": self._get_contact(action),
            "form": form,
            "errors": errors or {},
            "token": self._make_token(delivery, rows),
        }

    def _get_rows(self, delivery):
        """Return the open claims that may be selected: dicts with `item`, `currency`,
        `to_pay` and texts; the oldest first."""
        company, today = delivery.company_id, delivery.company_id._dunning_today()
        Declaration = self.env["dunning.declaration"]
        customer = delivery.action_id.partner_id
        items = Declaration._get_open_items(customer, company)
        states = Declaration._get_item_states(items)
        left = Declaration._get_undisputed(items)
        current = self._get_current(delivery)
        asked = {row.item for row in current if row.code == "claim"}
        writer = StatementFormat(self.env)
        rows = []
        for item in items:
            currency, due_date = item.currency_id, item._dunning_due_date()
            own = [row.amount for row in current if row.item == item]
            to_pay = currency.round(sum(own)) if item in asked else left[item]
            rows.append(
                {
                    "item": item,
                    "currency": currency,
                    "to_pay": max(to_pay, 0),
                    "name": self._get_name(item),
                    "details": self._get_details(item, today, to_pay),
                    "days_late": max((today - due_date).days, 0),
                    "open": writer.amount(item.amount_residual_currency, currency),
                    "asked": writer.amount(max(to_pay, 0), currency),
                    "is_asked": item in asked,
                    "has_file": item.move_id.is_invoice(include_receipts=True),
                    "states": states.get(item, []),
                }
            )
        return rows

    def _get_intro(self, delivery):
        """Return who wrote to whom, when and why."""
        action = delivery.action_id
        values = {
            "company": delivery.company_id.name,
            "reader": (delivery.contact_id or action.partner_id).name,
            "means": self.env["dunning.channel"]._get(delivery.channel)._get_means(),
            "day": format_day(self.env, delivery.performed_date),
        }
        if action.kind == "notice":
            return self.env._(
                "%(company)s wrote to %(reader)s %(means)s on %(day)s about a payment "
                "that falls due soon.",
                **values,
            )
        return self.env._(
            "%(company)s wrote to %(reader)s %(means)s on %(day)s about invoices that "
            "are late.",
            **values,
        )

    def _get_details(self, item, today, to_pay):
        """Return the details of a claim as (text, whether it is late)."""
        env, writer, currency = self.env, StatementFormat(self.env), item.currency_id
        due_date, move = item._dunning_due_date(), item.move_id
        details = [
            (
                env._("of %(day)s", day=writer.date(move.invoice_date or item.date)),
                False,
            ),
            (env._("due on %(day)s", day=writer.date(due_date)), False),
        ]
        if due_date < today:
            days = (today - due_date).days
            details.append((env._("%(days)s days late", days=days), True))
        if move.ref:
            text = env._("Your reference %(number)s", number=move.ref)
            details.insert(0, (text, False))
        is_less = currency.compare_amounts(to_pay, item.amount_residual_currency)
        if is_less and currency.compare_amounts(to_pay, 0) > 0:
            amount = writer.amount(to_pay, currency)
            details.append((env._("to pay now: %(amount)s", amount=amount), False))
        return details

    def _get_name(self, item):
        """Return the customer's name of a claim; of instalments, which one it is."""
        move = item.move_id
        name = self.env["dunning.statement"]._get_name(item)
        parts = move.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).sorted(lambda line: (line._dunning_due_date(), line.id))
        if len(parts) < 2 or item not in parts:
            return name
        return self.env._(
            "%(name)s, instalment %(number)s of %(count)s",
            name=name,
            number=list(parts).index(item) + 1,
            count=len(parts),
        )

    def _get_current(self, delivery):
        """Return the rows of what the message asks for today."""
        action = delivery.action_id
        return action._get_current_rows(delivery.company_id._dunning_today())

    def _get_selected(self, rows, form):
        """Return the items selected: those sent, else those asked for, else those that
        are late, else all."""
        if form.is_sent:
            return {row["item"] for row in rows if row["item"].id in form.items}
        payable = [row for row in rows if row["to_pay"]]
        for name in ("is_asked", "days_late"):
            if chosen := {row["item"] for row in payable if row[name]}:
                return chosen
        return {row["item"] for row in payable}

    def _get_selection_text(self, rows, selected):
        """Return what is to pay for the selection, per currency, as text."""
        sums = {}
        for row in rows:
            if row["item"] in selected:
                currency = row["currency"]
                sums[currency] = sums.get(currency, 0) + row["to_pay"]
        writer = StatementFormat(self.env)
        texts = [writer.amount(amount, currency) for currency, amount in sums.items()]
        return format_list(self.env, texts) if texts else ""

    def _get_credits(self, delivery):
        """Return the credits of the customer with the company as (name, amount)."""
        company = delivery.company_id
        customer = delivery.action_id.partner_id
        statement = self.env["dunning.statement"].with_company(company)
        sections = statement._get_sections_by_customer(
            customer, company._dunning_today(), company
        )
        return [
            (row["name"], row["open"])
            for section in sections[customer]
            for row in section["rows"]
            if row["amount_open"] < 0
        ]

    def _get_promises(self, delivery):
        """Return the agreements that wait for the customer's confirmation, as (id,
        text)."""
        promises = self.env["dunning.declaration"]._get_promises_to_confirm(
            delivery.action_id.partner_id, delivery.company_id
        )
        writer = StatementFormat(self.env)
        return [
            (
                promise.id,
                format_list(
                    self.env,
                    [
                        self.env._(
                            "%(amount)s by %(day)s",
                            amount=writer.amount(term.amount, promise.currency_id),
                            day=format_day(self.env, term.date),
                        )
                        for term in promise.term_ids
                    ],
                ),
            )
            for promise in promises
        ]

    def _get_messages(self, delivery):
        """Return the earlier messages to the customer, the last first, as texts."""
        earlier = self.env["dunning.delivery"].search(
            [
                ("action_id.partner_id", "=", delivery.action_id.partner_id.id),
                ("company_id", "=", delivery.company_id.id),
                ("state", "=", "done"),
                ("performed_date", "!=", False),
                ("id", "!=", delivery.id),
            ],
            order="performed_date desc, id desc",
            limit=MOST_MESSAGES,
        )
        Channel = self.env["dunning.channel"]
        return [
            self.env._(
                "%(day)s, %(means)s",
                day=format_day(self.env, way.performed_date),
                means=Channel._get(way.channel)._get_means(),
            )
            for way in earlier
        ]

    def _get_contact(self, action):
        """Return the person to talk to: dict of `name`, `phone`, `email`."""
        collector, company = action.collector_id, action.company_id
        return {
            "name": collector.name or company.name,
            "phone": collector.phone or company.phone,
            "email": collector.email_normalized or company.partner_id.email_normalized,
        }

    def _get_agent_text(self, delivery):
        """Return whom to write to where the customer was handed over, empty else."""
        customer = delivery.action_id.partner_id.with_company(delivery.company_id)
        agent = customer.dunning_handover_id.agent_id
        if not agent:
            return ""
        ways = ", ".join(filter(None, (agent.email_normalized, agent.phone)))
        if not ways:
            return self.env._(
                "Your file is now with %(agent)s: please write to them.",
                agent=agent.name,
            )
        return self.env._(
            "Your file is now with %(agent)s: please write to them (%(ways)s).",
            agent=agent.name,
            ways=ways,
        )

    # ---- form ------------------------------------------------------------------------

    def _make_token(self, delivery, rows):
        """Return the token of a form: when the page was shown, what it showed, and a
        number that makes it count once. Without the database's secret nobody can make
        one."""
        parts = [str(int(time.time())), secrets.token_hex(12), self._get_shown(rows)]
        return ".".join([*parts, self._sign(delivery, parts)])

    def _check_token(self, delivery, rows, token):
        """Return the number of a form, and whether the page still shows the same.

        :param token: as a visitor sent it
        :return: (None, False) for a token that is not ours, or too old
        """
        *parts, signature = token.split(".") if token.count(".") == 3 else ("", "")
        if not consteq(signature.encode(), self._sign(delivery, parts).encode()):
            return None, False
        started_at, number, shown = parts
        if not 0 <= time.time() - int(started_at) <= FORM_AGE:
            return None, False
        return number, shown == self._get_shown(rows)

    def _sign(self, delivery, parts):
        message = json.dumps([delivery.id, delivery.key_hash, list(parts)])
        return hmac(self.env(su=True), "dunning-customer-page", message)

    def _get_shown(self, rows):
        """Return a digest of the claims shown and what is open of each."""
        shown = [[row["item"].id, row["open"], row["asked"]] for row in rows]
        return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:16]
