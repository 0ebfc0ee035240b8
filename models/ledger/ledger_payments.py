"""Payments of claims up to a day, and the sums made of them: SQL without models."""

from datetime import timedelta

from odoo.tools import SQL

from .ledger_books import LedgerBooks

# Days before the last one of a window of a year.
YEAR = timedelta(days=364)


class LedgerPayments(LedgerBooks):
    """Payments of the claims of a ledger: reconciliations with money received.

    A claim is an item in the companies' favour, no money paid out unless it was taken
    in. The window of the sums is a year: 364 days before the day, and the day.
    """

    def payments(self, first):
        """Return the query of the payments from `first` to the day.

        Columns: partial_id, line_id (claim), company_id, partner_id (commercial), day,
        due_date, invoice_date (the entry's date without one), amount (company
        currency).

        :param first: date
        """
        return SQL(
            """SELECT partial.id AS partial_id, item.id AS line_id, item.company_id,
                      contact.commercial_partner_id AS partner_id,
                      partial.max_date AS day, %(due_date)s AS due_date,
                      COALESCE(move.invoice_date, item.date) AS invoice_date,
                      partial.amount
                 FROM account_partial_reconcile partial
                 JOIN account_move_line item ON item.id = partial.debit_move_id
                 JOIN account_move move ON move.id = item.move_id
                 JOIN res_partner contact ON contact.id = item.partner_id
                 JOIN account_move_line paying ON paying.id = partial.credit_move_id
                 JOIN account_journal journal ON journal.id = paying.journal_id
                WHERE partial.max_date BETWEEN %(first)s AND %(day)s
                  AND %(is_claim)s
                  AND %(is_payment)s""",
            due_date=self.items._dunning_due_date_sql(),
            first=first,
            day=self.day,
            is_claim=self._is_claim(),
            is_payment=self.is_payment(),
        )

    def weights(self):
        """Return the query of the means over the payments of the year: one row with
        amount, amount × days late, amount × days to pay; days are counted from the due
        date and from the invoice date, and are negative when it is later."""
        return SQL(
            """SELECT SUM(amount) AS amount, SUM(amount * (day - due_date)) AS late,
                      SUM(amount * (day - invoice_date)) AS to_pay
                 FROM (%s) payment""",
            self.payments(self.day - YEAR),
        )

    def within_term(self):
        """Return the query of what was paid within term on the claims due in the year:
        one row with what was paid on or before the due date, and the balances less what
        was settled of them by anything but payments."""
        return SQL(
            """SELECT SUM(COALESCE(part.in_time, 0)) AS in_time,
                      SUM(item.balance - COALESCE(part.otherwise, 0)) AS payable
                 FROM account_move_line item
                 JOIN res_partner contact ON contact.id = item.partner_id
                 LEFT JOIN LATERAL (
                      SELECT SUM(partial.amount) FILTER (
                                 WHERE %(is_payment)s
                                   AND partial.max_date <= %(due_date)s) AS in_time,
                             SUM(partial.amount) FILTER (
                                 WHERE NOT %(is_payment)s) AS otherwise
                        FROM account_partial_reconcile partial
                        JOIN account_move_line paying
                          ON paying.id = partial.credit_move_id
                        JOIN account_journal journal ON journal.id = paying.journal_id
                       WHERE partial.debit_move_id = item.id
                         AND partial.max_date <= %(day)s) part ON TRUE
                WHERE %(is_claim)s
                  AND %(due_date)s BETWEEN %(first)s AND %(day)s""",
            is_payment=self.is_payment(),
            due_date=self.items._dunning_due_date_sql(),
            day=self.day,
            first=self.day - YEAR,
            is_claim=self._is_claim(),
        )

    def is_payment(self):
        """Return the SQL condition of a payment, on aliases `paying` and `journal`:
        exchange differences are none."""
        return SQL(
            """(%s AND NOT EXISTS (
                    SELECT 1 FROM account_partial_reconcile exchange
                     WHERE exchange.exchange_move_id = paying.move_id))""",
            self.items._dunning_is_payment("paying", "journal"),
        )

    def _is_claim(self):
        return SQL(
            "(%s AND item.balance > 0 AND NOT %s)",
            self.is_item(),
            self.items._dunning_is_paid_out(),
        )
