from collections import defaultdict

from odoo import models
from odoo.fields import Domain

from ..setup.statement_format import StatementFormat

# Payment states of invoices left out although their item is still open.
SETTLED_STATES = ("paid", "reversed", "invoicing_legacy")
# Upper limits, in days late, of the buckets of the ageing line; 0: not due.
AGES = (0, 30, 60, 90)
# Longer texts are no numbers, and would break the table.
LONGEST_ORDER = 60
# Number of the commitment of a public body, where Odoo's module for Chorus Pro is
# installed.
COMMITMENT = "purchase_order_reference"


class DunningStatement(models.AbstractModel):
    """Statement for customers: all their open items, those of the action marked, one
    total per currency.

    E-mail, letter, call note and separate statement of account read the same rows, so
    that they cannot disagree.
    """

    _name = "dunning.statement"
    _description = "Follow-Up Statement"

    # ---- documents -------------------------------------------------------------------

    def _get_pdfs(self, partners, day, company=None):
        """Print statements of account, each in its reader's language.

        :param partners: customers, or their contacts
        :param day: day of the company; a past one gives the ledger as it stood
        :param company: res.company of the claims, the current one by default
        :return: {partner: PDF as bytes}
        :raise UserError: printing fails
        """
        report = self.env["report.account_dunning_scenario.statement_of_account"]
        return report._get_pdfs(partners, day, company or self.env.company)

    def _get_html(self, partners, day, company=None):
        """Return {partner: Markup} of the same statements, for the body of an e-mail.

        It is empty for a customer without open items.
        """
        company = company or self.env.company
        html = {}
        for lang, readers in partners.grouped(
            lambda partner: partner._dunning_get_lang(company)
        ).items():
            statement = self.with_context(lang=lang)
            sections = statement._get_sections_by_customer(readers, day, company)
            for partner in readers:
                html[partner] = statement.env["ir.qweb"]._render(
                    "account_dunning_scenario.mail_statement",
                    {"sections": sections[partner], "urls": {}},
                )
        return html

    # ---- figures ---------------------------------------------------------------------

    def _get_sections(self, actions, day):
        """Return the open items of the actions' customers, in the language of the
        context.

        :param actions: dunning.action of one company
        :param day: the company's day
        :return: {action: one dict per currency, see `_get_section`}
        """
        opens = self._get_open(actions.partner_id, day, actions.company_id)
        writer = StatementFormat(self.env)
        return {
            action: self._get_customer_sections(
                opens.get(action.partner_id, {}),
                day,
                writer,
                action._get_asked_amounts(),
            )
            for action in actions
        }

    def _get_sections_by_customer(self, partners, day, company):
        """Return {partner: one dict per currency} of their customers, without marked
        items.

        :param day: the company's day; a past one gives the ledger as it stood
        """
        opens = self._get_open(partners.commercial_partner_id, day, company)
        writer = StatementFormat(self.env)
        return {
            partner: self._get_customer_sections(
                opens.get(partner.commercial_partner_id, {}), day, writer, {}
            )
            for partner in partners
        }

    def _get_open(self, customers, day, company):
        """Return {customer: {record: amount open on `day`, in its currency}}, in the
        order of the statement: journal items, then payments in process. Refunds in
        process reduce the credits only.

        :param customers: commercial partners
        :param day: the company's day; a past one has no payments in process
        """
        pending = {}
        if day >= company._dunning_today():
            Payment = self.env["account.payment"].sudo()  # sudo: see the items
            pending = Payment._get_dunning_in_process(customers, company, day)
        payments = [payment for amounts in pending.values() for payment in amounts]
        paying = self.env["account.payment"].union(*payments)
        opens = self._get_open_items(customers, day, company, paying)
        for customer, amounts in pending.items():
            for payment, amount in amounts.items():
                if amount > 0:
                    amount = min(amount, self._get_credit(opens[customer], payment))
                if not payment.currency_id.is_zero(amount):
                    opens[customer][payment] = amount
        return opens

    def _get_credit(self, amounts, payment):
        """Return what stands to a customer's credit in the currency of a refund.

        :param amounts: {record: amount open}
        """
        currency = payment.currency_id
        total = sum(
            amount
            for record, amount in amounts.items()
            if record.currency_id == currency and not self._is_claim(record, amount)
        )
        return max(-total, 0)

    def _get_open_items(self, customers, day, company, paying=()):
        """Return {customer: {item: amount open on `day`, in its currency}}, in the
        order of the statement.

        :param paying: account.payment in process that are shown, hence the invoices
            that they pay too
        """
        Item = self.env["account.move.line"].sudo()  # sudo: salespeople see it too
        of_customers = Domain("partner_id.commercial_partner_id", "in", customers.ids)
        is_past = day < company._dunning_today()
        domain = Item._get_dunning_open_domain(company, day)
        items = Item.search(domain & of_customers)
        later = {}
        if is_past:
            domain = Item._get_dunning_settled_since_domain(company, day)
            items |= Item.search(domain & of_customers)
            later = items._get_dunning_settled_since(day)
        paid = paying.invoice_ids if paying else self.env["account.move"]
        # Not part of the domain: the database would read every invoice ever paid.
        items = items.filtered(
            lambda item: (
                item in later
                or item.move_id in paid
                or item.move_id.payment_state not in SETTLED_STATES
            )
        ).sorted(lambda item: (item._dunning_due_date(), item.date, item.id))
        opens = defaultdict(dict)
        for item in items:
            amount = item.amount_residual_currency + later.get(item, 0)
            if not item.currency_id.is_zero(amount):
                opens[item.partner_id.commercial_partner_id][item] = amount
        return opens

    def _is_claim(self, record, amount):
        """Return whether an open amount is owed by the customer: no credit, no money
        paid out to them."""
        return (
            record._name == "account.move.line"
            and amount > 0
            and not record._dunning_filter_paid_out()
        )

    def _get_customer_sections(self, amounts, day, writer, asked):
        """Return one section per currency.

        :param amounts: {record: amount open}, see `_get_open`
        :param writer: StatementFormat
        :param asked: {item: amount asked for it}
        """
        by_currency = defaultdict(dict)
        for item, amount in amounts.items():
            by_currency[item.currency_id][item] = amount
        return [
            self._get_section(currency, of_currency, day, writer, asked)
            for currency, of_currency in by_currency.items()
        ]

    def _get_section(self, currency, amounts, day, writer, asked):
        """Return the statement in one currency.

        :return: dict: `currency`, `rows` (see `_get_row`), `total` and `total_marked`
            as formatted text, `amount_total`, `amount_marked`, `amount_due` (late
            claims less all offsets, never below zero), `is_all_marked` (the whole
            section is asked for), `ageing` (see `_get_ageing`), `asked` (rows of a
            message, see `_add_rows` of it)
        """
        rows = [
            self._get_row(item, amount, day, writer, asked.get(item))
            for item, amount in amounts.items()
        ]
        total = sum(row["amount_open"] for row in rows)
        marked = sum(row["amount_asked"] for row in rows)
        ages = self._get_ages(rows)
        return {
            "currency": currency,
            "rows": rows,
            "total": writer.amount(total, currency),
            "amount_total": total,
            "amount_due": max(total - max(ages[0], 0), 0),
            "amount_marked": marked,
            "total_marked": writer.amount(marked, currency),
            "is_all_marked": all(row["is_marked"] and not row["asked"] for row in rows),
            "ageing": self._get_ageing(ages, currency, writer),
            "asked": [],
        }

    def _get_ages(self, rows):
        """Return the amounts of the buckets of AGES, of older claims, of money paid out
        to the customer, and of offsets."""
        ages = [0.0] * (len(AGES) + 3)
        for row in rows:
            if row["amount_open"] < 0:
                ages[-1] += row["amount_open"]
            elif not row["is_claim"]:
                ages[-2] += row["amount_open"]
            else:
                ages[sum(row["days_late"] > limit for limit in AGES)] += row[
                    "amount_open"
                ]
        return ages

    def _get_ageing(self, ages, currency, writer):
        """Return (label, formatted amount) of each bucket; their sum is the balance."""
        env = self.env
        labels = [
            env._("Not yet due"),
            env._("1–30 days late"),
            env._("31–60 days"),
            env._("61–90 days"),
            env._("Over 90 days"),
            env._("Refunds and returned payments"),
            env._("In your favour"),
        ]
        return [
            (label, writer.amount(amount, currency))
            for label, amount in zip(labels, ages, strict=True)
            if label not in labels[-2:] or amount
        ]

    def _get_row(self, item, amount_open, day, writer, asked=None):
        """Return the data of one open item or payment in process, formatted.

        :param amount_open: amount open on the day of the statement, in the item's
            currency
        :param asked: amount that a message asks for it, None unless it is about it
        :return: dict: `name`, `orders`, `date`, `due_date`, `days_late` (0: not late),
            `original`, `open`, `asked` (empty unless a part is held back),
            `is_marked`, `is_claim`, `amount_open`, `amount_asked`
        """
        if item._name == "account.payment":
            return self._get_payment_row(item, amount_open, writer)
        currency = item.currency_id
        due_date = item._dunning_due_date()
        is_claim = self._is_claim(item, amount_open)
        is_marked = asked is not None
        is_held = is_marked and currency.compare_amounts(asked, amount_open) < 0
        return {
            "move": item.move_id,
            "name": self._get_name(item),
            "orders": self._get_orders(item.move_id),
            "date": writer.date(item.move_id.invoice_date or item.date),
            "due_date": writer.date(due_date) if is_claim else "",
            "days_late": max((day - due_date).days, 0) if is_claim else 0,
            "original": writer.amount(item.amount_currency, currency),
            "open": writer.amount(amount_open, currency),
            "asked": writer.amount(asked, currency) if is_held else "",
            "is_marked": is_marked,
            "is_claim": is_claim,
            "amount_open": amount_open,
            "amount_asked": asked or 0,
        }

    def _get_payment_row(self, payment, amount_open, writer):
        """Return the data of a payment in process, see `_get_row`."""
        amount = writer.amount(amount_open, payment.currency_id)
        is_refund = payment.payment_type == "outbound"
        label = (
            self.env._("Refund in process, %(number)s", number=payment.name)
            if is_refund
            else self.env._("Payment in process, %(number)s", number=payment.name)
        )
        return {
            "move": self.env["account.move"],
            "name": label,
            "orders": "",
            "date": writer.date(payment.date),
            "due_date": "",
            "days_late": 0,
            "original": amount,
            "open": amount,
            "asked": "",
            "is_marked": False,
            "is_claim": False,
            "amount_open": amount_open,
            "amount_asked": 0,
        }

    def _get_name(self, item):
        """Return the customer's name for an item: its number, or the entry's label."""
        move = item.move_id
        if move.is_invoice(include_receipts=True):
            return move.name
        if item.dunning_paid_out == "returned":
            return self.env._("Returned payment %(number)s", number=move.name)
        if item.dunning_paid_out == "refund":
            return self.env._("Refund %(number)s", number=move.name)
        if item.payment_id or item.statement_line_id:
            return self.env._("Payment %(number)s", number=move.name)
        return move.ref or item.name or move.name

    def _get_orders(self, move):
        """Return the customer's number of what was ordered, and ours: by them an
        accountant finds the invoice."""
        if not move.is_invoice(include_receipts=True):
            return ""
        orders = []
        commitment = move[COMMITMENT] if COMMITMENT in move._fields else False
        if commitment:
            orders.append(self.env._("Commitment %(number)s", number=commitment))
        if move.ref and move.ref != commitment and len(move.ref) <= LONGEST_ORDER:
            orders.append(self.env._("Your reference %(number)s", number=move.ref))
        ours = move.invoice_origin
        if ours and ours != move.ref and len(ours) <= LONGEST_ORDER:
            orders.append(self.env._("our order %(number)s", number=ours))
        text = ", ".join(orders)
        return text[:1].upper() + text[1:]
