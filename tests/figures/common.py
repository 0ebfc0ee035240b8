from fractions import Fraction

from odoo import Command
from odoo.tools.float_utils import float_repr

from ..common import DunningCommon
from .oracle import Item


class FiguresCommon(DunningCommon):
    """Keep the same ledger twice: in Odoo, and as `oracle.Item` objects in `items`."""

    def setUp(self):
        super().setUp()
        self.items = []
        self.records = {}

    def _keep(self, kind, record):
        item = Item(
            kind,
            record.partner_id.name,
            record.date,
            record.date_maturity or record.date,
            _exact(record.balance),
        )
        self.items.append(item)
        self.records[item] = record
        return item

    def _invoice(self, amount, on, due, customer=None):
        """Post an invoice of a day; return its item."""
        claim = self._create_claim(due, amount, customer, date=on)
        return self._keep("invoice", claim)

    def _entry(self, amount, on, due, customer=None):
        """Post an opening balance of a day; return its item."""
        claim = self._create_entry(amount, on, customer, date_maturity=due)
        return self._keep("entry", claim)

    def _note(self, amount, on, customer=None):
        """Post a credit note of a day; return its item."""
        return self._keep("note", self._create_credit_note(amount, on, customer))

    def _receipt(self, amount, on, customer=None):
        """Receive money on the bank; return its item."""
        return self._keep("receipt", self._create_receipt(amount, on, customer))

    def _write_off(self, amount, on, customer=None):
        """Post a loss; return its item, in the customer's favour."""
        data = self.company_data
        return self._move(
            "write_off",
            data["default_journal_misc"],
            data["default_account_expense"],
            -amount,
            on,
            customer,
        )

    def _refund(self, amount, on, customer=None):
        """Pay money back from the bank; return its item."""
        journal = self.company_data["default_journal_bank"]
        account = journal.default_account_id
        return self._move("refund", journal, account, amount, on, customer)

    def _move(self, kind, journal, account, amount, on, customer):
        customer = customer or self.customer
        receivable = self.company_data["default_account_receivable"]
        move = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": on,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable.id,
                            "partner_id": customer.id,
                            "balance": amount,
                        }
                    ),
                    Command.create({"account_id": account.id, "balance": -amount}),
                ],
            }
        )
        move.action_post()
        record = move.line_ids.filtered(lambda line: line.account_id == receivable)
        return self._keep(kind, record)

    def _match(self, debit, credit):
        """Reconcile two items as far as they go, the later day is that of the match."""
        last = max(item.date for item in self.items)
        amount = min(debit.open_on(last), -credit.open_on(last))
        if amount <= 0:
            return
        (self.records[debit] | self.records[credit]).reconcile()
        on = max(debit.date, credit.date)
        debit.matches.append((on, credit, amount))
        credit.matches.append((on, debit, amount))

    def _unmatch(self, item):
        """Undo all reconciliations of an item."""
        self.records[item].remove_move_reconcile()
        for _on, other, _amount in item.matches:
            other.matches = [match for match in other.matches if match[1] is not item]
        item.matches = []


def _exact(amount):
    return Fraction(float_repr(amount, 2))
