from collections import defaultdict, namedtuple

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .interest import ONE_DAY, get_amount, get_half_year, get_pieces

# Data read once for all items: {company: {status: rule}}, {reference: reader}, {item:
# [(day, amount)]}, {item: day of the formal notice}, {item: agreed rate}, entries whose
# interest and whose indemnity is waived, invoiced amounts, the indemnities of the law.
Basis = namedtuple(
    "Basis",
    [
        "rules",
        "readers",
        "payments",
        "notices",
        "agreements",
        "interest_waived",
        "indemnity_waived",
        "charged",
        "indemnities",
    ],
)


class DunningLegalInterest(models.AbstractModel):
    """Legal claims of a creditor on late payment: interest and, once per invoice, the
    recovery indemnity. Computed, never booked here."""

    _name = "dunning.legal.interest"
    _description = "Interest on Late Payment"

    def _compute(self, items, day, deducted=None):
        """Compute interest and indemnity of late claims, whether still open or not.

        Interest runs from the day after the due date (C. com. L441-10 II; towards
        consumers from the formal notice, C. civ. 1231-6) until the payment, the opening
        of insolvency proceedings or the given day, on what is owed incl. tax, at the
        rate of each half-year, or the one agreed on. Credit notes count as if they had
        been there from the start. The indemnity (D441-5) is due once per invoice by
        professionals, without interest or VAT, but not in insolvency. Amounts waived
        or already invoiced are left out.

        :param items: account.move.line, receivable, of any companies
        :param day: date until which interest runs
        :param deducted: {item: [(day, amount)]} that a message deducts from what is
            owed, in the currency of the item; without a day, from the start
        :return: {item: dict} with `pieces` (dicts `date_from`, `date_to`, `days`,
            `principal`, `rate` in percent, `amount`), `interest` and `indemnity`, all
            in the currency of the item, `indemnity_due` and `indemnity_currency` as
            the law has it, and the amounts left out: `invoiced`, `is_interest_waived`,
            `is_indemnity_waived`
        :raise UserError: a rate, an amount or a rule is not on record
        """
        basis = self._get_basis(items)
        for item, amounts in (deducted or {}).items():
            basis.payments[item].extend(amounts)
        results = {}
        indemnified = set(basis.charged.indemnified)
        for item in items.sorted(lambda i: (i._dunning_due_date(), i.id)):
            pieces = self._get_item_pieces(item, day, basis)
            indemnity = (0, item.currency_id, 0)
            if pieces and self._is_indemnity_due(item, day, basis, indemnified):
                indemnity = basis.indemnities._get_indemnity(
                    item, pieces[0]["principal"], pieces[0]["date_from"], day
                )
            results[item] = self._get_result(item, pieces, indemnity, basis)
        return {item: results[item] for item in items}

    def _get_result(self, item, pieces, indemnity, basis):
        """Return the amounts still to claim on an item.

        :param indemnity: (amount of the law, its currency, amount in that of the item)
        """
        due, currency, own = indemnity
        interest = sum(piece["amount"] for piece in pieces)
        charged, charged_indemnity = basis.charged.take(item, interest)
        is_waived = item.move_id in basis.interest_waived
        is_indemnity_waived = item.move_id in basis.indemnity_waived
        if is_indemnity_waived:
            due = own = 0
        return {
            "pieces": pieces,
            "interest": 0
            if is_waived
            else item.currency_id.round(max(interest - charged, 0)),
            "indemnity_due": due,
            "indemnity_currency": currency,
            "indemnity": own,
            "invoiced": item.currency_id.round(charged + charged_indemnity),
            "is_interest_waived": is_waived and bool(pieces),
            "is_indemnity_waived": is_indemnity_waived and bool(pieces),
        }

    def _get_basis(self, items):
        rules = self.env["dunning.legal.rule"]
        return Basis(
            {company: rules._get_rules(company) for company in items.company_id},
            self.env["dunning.legal.rate"]._get_readers(),
            self._get_payments(items),
            self._get_notice_dates(items),
            self.env["dunning.legal.agreement"]._get_agreements(items),
            *self.env["dunning.legal.waiver"]._get_waived(items.move_id),
            self.env["dunning.legal.charge"]._get_charged(items),
            self.env["dunning.legal.indemnity"]._get_all(),
        )

    def _get_rule(self, item, basis):
        status = item.partner_id.commercial_partner_id.dunning_legal_status
        rule = basis.rules[item.company_id].get(status)
        if not rule:
            raise UserError(
                self.env._(
                    "No legal rule is on record for %(company)s and %(customer)s: "
                    "choose the legal status of the customer, or add the rule with its "
                    "source in Set-Up, Legal Rules.",
                    company=item.company_id.name,
                    customer=item.partner_id.display_name,
                )
            )
        return rule

    # ---- interest --------------------------------------------------------------------

    def _get_item_pieces(self, item, day, basis):
        """Return the pieces of an item as dicts, each amount rounded, so that they add
        up."""
        rule = self._get_rule(item, basis)
        start = self._get_start(item, rule, basis)
        end = self._get_end(item, day)
        if not start or end <= start or item.move_id in basis.charged.own:
            return []
        payments = basis.payments[item]
        in_time = sum(amount for on, amount in payments if not on or on <= start)
        pieces = get_pieces(
            start,
            end,
            item.currency_id.round(item.amount_currency - in_time),
            [(on, amount) for on, amount in payments if on and on > start],
            self._get_rate_reader(item, rule, start, basis),
        )
        return [
            {**piece._asdict(), "amount": item.currency_id.round(get_amount(piece))}
            for piece in pieces
            if item.currency_id.compare_amounts(piece.principal, 0) > 0
        ]

    def _get_start(self, item, rule, basis):
        """Return the last day without interest, False if none will ever run."""
        due = item._dunning_due_date()
        if not rule.is_from_notice:
            return due
        notice = basis.notices.get(item)
        return notice and max(notice, due)

    def _get_end(self, item, day):
        judgment = item.partner_id.commercial_partner_id.dunning_insolvent_since
        return min(day, judgment) if judgment else day

    def _get_rate_reader(self, item, rule, start, basis):
        agreement = basis.agreements.get(item)
        if agreement and rule.status == "business":
            return agreement._get_rate_reader(basis.readers)
        read = basis.readers[rule.reference]
        if rule.is_single_rate:
            rate = read(get_half_year(start + ONE_DAY)) + rule.points
            return lambda _half_year: rate
        return lambda half_year: read(half_year) + rule.points

    def _get_notice_dates(self, items):
        """Return {item: day of its formal notice}, judged by the step of the action,
        not by the claim's own step in it."""
        lines = self.env["dunning.action.line"].search_fetch(
            [
                ("move_line_id", "in", items.ids),
                ("state", "=", "done"),
                ("action_id.step_id.is_formal_notice", "=", True),
            ],
            ["move_line_id", "performed_date"],
            order="performed_date desc",
        )
        return {line.move_line_id: line.performed_date for line in lines}

    def _get_payments(self, items):
        """Return {item: [(day, amount in its currency)]}, earliest first; credit notes
        have no day, as they count from the start."""
        partials = self.env["account.partial.reconcile"].search(
            Domain("debit_move_id", "in", items.ids), order="max_date, id"
        )
        payments = defaultdict(list)
        for partial in partials:
            is_credit = partial.credit_move_id.move_id.move_type == "out_refund"
            payments[partial.debit_move_id].append(
                (not is_credit and partial.max_date, partial.debit_amount_currency)
            )
        return payments

    # ---- indemnity -------------------------------------------------------------------

    def _is_indemnity_due(self, item, day, basis, indemnified):
        """Return whether the indemnity is due on a late item.

        :param indemnified: documents whose indemnity is counted; this one is added
        """
        judgment = item.partner_id.commercial_partner_id.dunning_insolvent_since
        if (
            not self._get_rule(item, basis).is_indemnity_due
            or (judgment and judgment <= day)
            or not indemnified.isdisjoint({item, item.move_id})
        ):
            return False
        indemnified.add(item.move_id if item.move_id.is_invoice(True) else item)
        return True
