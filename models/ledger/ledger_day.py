"""Ledger as of a day, for all that looks back: SQL without models."""

from odoo.tools import SQL


class LedgerDay:
    """Open trade receivable items at the end of a day, of the ledger as it stands now.

    Items: posted, dated on or before the day, with a partner, whatever their exclusion
    from follow-up; foreign ones without an amount in their currency are left out.

    :param companies: res.company
    :param day: date
    :param partners: res.partner, commercial; all of them if None
    :param accounts: account.account; all trade receivable accounts if None
    """

    def __init__(self, env, companies, day, partners=None, accounts=None):
        self.items = env["account.move.line"]
        self.companies = companies
        self.day = day
        self.partners = partners
        self.account_ids = self.items._dunning_receivable_accounts()
        if accounts is not None:
            self.account_ids = accounts.ids

    def query(self):
        """Return the query of the items open at the end of the day, in both directions.

        Open: balance less reconciliations with `max_date` on or before the day. It is
        read from what is open now and from what was reconciled since.

        Columns: line_id, move_id, company_id, partner_id (commercial), account_id,
        currency_id, date, due_date, balance, residual (both in company currency),
        residual_currency.
        """
        return SQL(
            """WITH later AS MATERIALIZED (%(later)s)
               SELECT item.id AS line_id, item.move_id, item.company_id,
                      contact.commercial_partner_id AS partner_id, item.account_id,
                      item.currency_id, item.date, %(due_date)s AS due_date,
                      item.balance,
                      item.amount_residual + COALESCE(later.amount, 0) AS residual,
                      item.amount_residual_currency
                          + COALESCE(later.amount_currency, 0) AS residual_currency
                 FROM account_move_line item
                 JOIN res_partner contact ON contact.id = item.partner_id
                 LEFT JOIN later ON later.line_id = item.id
                WHERE item.id IN (
                          SELECT unmatched.id
                            FROM account_move_line unmatched
                           WHERE unmatched.reconciled IS NOT TRUE
                             AND unmatched.account_id = ANY(%(accounts)s)
                             AND unmatched.parent_state = 'posted'
                           UNION SELECT line_id FROM later)
                  AND item.parent_state = 'posted'
                  AND item.date <= %(day)s
                  AND item.amount_currency <> 0
                  AND item.company_id = ANY(%(companies)s)
                  AND item.account_id = ANY(%(accounts)s)
                  AND %(partners)s
                  AND item.amount_residual + COALESCE(later.amount, 0) <> 0""",
            later=self._later(),
            due_date=self.items._dunning_due_date_sql(),
            accounts=self.account_ids,
            day=self.day,
            companies=self.companies.ids,
            partners=self._is_partner(),
        )

    def _is_partner(self):
        if self.partners is None:
            return SQL("contact.commercial_partner_id IS NOT NULL")
        return SQL("contact.commercial_partner_id = ANY(%s)", self.partners.ids)

    def _later(self):
        """Return the query of what was reconciled of each item after the day."""
        return SQL(
            """SELECT part.line_id, SUM(part.amount) AS amount,
                      SUM(part.amount_currency) AS amount_currency
                 FROM (SELECT debit_move_id AS line_id, amount,
                              debit_amount_currency AS amount_currency
                         FROM account_partial_reconcile
                        WHERE max_date > %(day)s
                        UNION ALL
                       SELECT credit_move_id, -amount, -credit_amount_currency
                         FROM account_partial_reconcile
                        WHERE max_date > %(day)s) part
                GROUP BY part.line_id""",
            day=self.day,
        )
