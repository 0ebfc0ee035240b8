from collections import defaultdict
from datetime import date

from odoo import models

from ..ledger.credits import Claim, Credit, allocate, deduct


class DunningStatement(models.AbstractModel):
    """Extend the statement of account with the payments that it invites to: what is
    late, less all credits, per account and currency."""

    _inherit = "dunning.statement"

    def _get_payments(self, sections, company):
        """Return the payments of a statement.

        :param sections: see `_get_section`
        :param company: res.company of the claims
        :return: list of (res.partner.bank, res.currency, amount), in the order of the
            oldest claims; the amount is 0 where nothing is late, so that the customer
            knows the account
        """
        payments = []
        for section in sections:
            currency = section["currency"]
            sums = self._get_due_by_account(section, company)
            due = {a: s for a, s in sums.items() if currency.compare_amounts(s, 0) > 0}
            if not due and currency.compare_amounts(section["amount_total"], 0) > 0:
                due = dict.fromkeys(self._get_accounts(section, company), 0)
            payments += [(account, currency, amount) for account, amount in due.items()]
        return payments

    def _get_accounts(self, section, company):
        """Return the accounts on which the claims of a section are to be paid."""
        return [
            row["move"]._dunning_get_bank(company, section["currency"])
            for row in section["rows"]
            if row["is_claim"]
        ]

    def _get_due_by_account(self, section, company):
        """Return {res.partner.bank: amount late on it}, credits, less what was paid
        out, set against the oldest claims first."""
        currency, rows = section["currency"], section["rows"]
        late = [row for row in rows if row["is_claim"] and row["days_late"]]
        claims = [
            Claim(number, 0, currency.id, date.min, True, row["amount_open"])
            for number, row in enumerate(late)
        ]
        offsets = [
            Credit(number, 0, currency.id, -row["amount_open"])
            for number, row in enumerate(rows)
            if row["amount_open"] < 0
        ]
        paid_out = [
            Credit(number, 0, currency.id, row["amount_open"])
            for number, row in enumerate(rows)
            if row["amount_open"] > 0 and not row["is_claim"]
        ]
        used = defaultdict(float)
        for number, _credit, amount in allocate(claims, deduct(offsets, paid_out)):
            used[number] += amount
        sums = defaultdict(float)
        for number, row in enumerate(late):
            account = row["move"]._dunning_get_bank(company, currency)
            sums[account] += row["amount_open"] - used[number]
        return {account: currency.round(amount) for account, amount in sums.items()}
