"""Ledger as of a day: the only definition of what was open at the end of a past day."""

from odoo.tools import SQL

# Fields that the query reads; pending changes of them are to be flushed before.
READ_FIELDS = {
    "account.move.line": (
        "account_id",
        "amount_residual",
        "amount_residual_currency",
        "balance",
        "company_id",
        "currency_id",
        "date",
        "date_maturity",
        "move_id",
        "parent_state",
        "partner_id",
        "reconciled",
    ),
    "account.partial.reconcile": (
        "amount",
        "credit_amount_currency",
        "credit_move_id",
        "debit_amount_currency",
        "debit_move_id",
        "max_date",
    ),
    "res.partner": ("commercial_partner_id",),
}


class LedgerDay:
    """Open trade receivable items, claims and offsets alike, at the end of a day.

    An item counts from its accounting date on. What is open of it is its balance less
    the partial reconciliations dated on or before the day, whatever was matched or
    unmatched since. That is read as what is open now plus what was matched later, so
    that a recent day costs little. Foreign items with nothing open in their own
    currency are left out, as by the planner.

    :param env: environment
    :param companies: res.company of the items
    :param day: last day that counts: date of the companies, or SQL of one
    :param partners: commercial partners, all by default
    :param accounts: account.account of the items, by default those of trade receivables
    """

    def __init__(self, env, companies, day, partners=None, accounts=None):
        self.env = env
        self.companies = companies
        self.day = day if isinstance(day, SQL) else SQL("%s::date", day)
        self.partners = partners
        self.accounts = accounts

    def query(self):
        """Return the SQL query of the items, flushing what it reads.

        :return: SQL of a SELECT of `line_id`, `move_id`, `company_id`, `partner_id`
            (commercial), `account_id`, `currency_id`, `date`, `due_date`, `balance` and
            `residual` in company currency, `residual_currency` in that of the item
        """
        for model, names in READ_FIELDS.items():
            self.env[model].flush_model(names)
        return SQL(
            """WITH later AS (%(later)s),
                candidate AS (
                    SELECT item.id
                      FROM account_move_line item
                     WHERE item.reconciled IS NOT TRUE AND %(is_in_scope)s
                     UNION
                    SELECT item_id FROM later)
               SELECT item.id AS line_id, item.move_id, item.company_id,
                      contact.commercial_partner_id AS partner_id, item.account_id,
                      item.currency_id, item.date, %(due_date)s AS due_date,
                      item.balance,
                      item.amount_residual + COALESCE(later.amount, 0) AS residual,
                      item.amount_residual_currency
                          + COALESCE(later.amount_currency, 0) AS residual_currency
                 FROM candidate
                 JOIN account_move_line item ON item.id = candidate.id
                 JOIN res_partner contact ON contact.id = item.partner_id
                 LEFT JOIN later ON later.item_id = item.id
                WHERE %(is_in_scope)s
                  AND item.amount_residual + COALESCE(later.amount, 0) <> 0
                  AND item.amount_residual_currency
                          + COALESCE(later.amount_currency, 0) <> 0""",
            later=self._get_matched_later(),
            is_in_scope=self._is_in_scope(),
            due_date=self.env["account.move.line"]._dunning_due_date_sql(),
        )

    def fetch(self):
        """Return the rows of the query as dicts."""
        self.env.cr.execute(self.query())
        return self.env.cr.dictfetchall()

    def _is_in_scope(self):
        """Return the SQL condition of a posted trade receivable item, dated on or
        before the day, on alias `item`."""
        accounts = self.env["account.move.line"]._dunning_receivable_accounts()
        if self.accounts is not None:
            accounts = self.accounts.ids
        return SQL(
            """(item.parent_state = 'posted'
                AND item.date <= %(day)s
                AND item.company_id = ANY(%(companies)s)
                AND item.account_id = ANY(%(accounts)s)
                AND item.partner_id IS NOT NULL
                AND %(is_of_partners)s)""",
            day=self.day,
            companies=list(self.companies.ids),
            accounts=list(accounts),
            is_of_partners=self._is_of_partners(),
        )

    def _is_of_partners(self):
        if self.partners is None:
            return SQL("TRUE")
        return SQL(
            """item.partner_id IN (SELECT id FROM res_partner
                                    WHERE commercial_partner_id = ANY(%s))""",
            list(self.partners.ids),
        )

    def _get_matched_later(self):
        """Return the SQL query of what was matched after the day per item, with the
        sign of the item."""
        return SQL(
            """SELECT item_id, SUM(amount) AS amount,
                      SUM(amount_currency) AS amount_currency
                 FROM (%s UNION ALL %s) AS matched
                GROUP BY item_id""",
            self._get_matched_side("debit", 1),
            self._get_matched_side("credit", -1),
        )

    def _get_matched_side(self, side, sign):
        """Return the SQL query of the partial reconciliations after the day.

        :param side: `debit` or `credit`: the items that were matched
        :param sign: sign of these items
        """
        return SQL(
            """SELECT item.id AS item_id, %(sign)s * partial.amount AS amount,
                      %(sign)s * partial.%(amount)s AS amount_currency
                 FROM account_partial_reconcile partial
                 JOIN account_move_line item ON item.id = partial.%(item)s
                WHERE partial.max_date > %(day)s AND %(is_of_partners)s""",
            sign=sign,
            amount=SQL.identifier(f"{side}_amount_currency"),
            item=SQL.identifier(f"{side}_move_id"),
            day=self.day,
            is_of_partners=self._is_of_partners(),
        )
