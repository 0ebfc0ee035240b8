"""Books of companies up to a day: flows, and what is open, in SQL without models."""

from odoo.tools import SQL

from .ledger_day import LedgerDay

# Models whose rows the queries read.
READ_MODELS = (
    "account.account",
    "account.journal",
    "account.move",
    "account.move.line",
    "account.partial.reconcile",
    "res.partner",
)


class LedgerBooks:
    """Trade receivable items of companies up to the end of a day, see `LedgerDay`.

    :param companies: res.company
    :param day: date
    :param partners: res.partner, commercial; all of them if None
    """

    def __init__(self, env, companies, day, partners=None):
        self.env = env
        self.items = env["account.move.line"]
        self.companies = companies
        self.day = day
        self.partners = partners

    def flush(self):
        """Write pending changes of all that the queries read."""
        for name in READ_MODELS:
            self.env[name].flush_model()

    def open_items(self):
        """Return the query of the items open at the end of the day, in both directions;
        columns: see `LedgerDay`."""
        return LedgerDay(self.env, self.companies, self.day, self.partners).query()

    def billed_items(self, first):
        """Return the query of what was billed from `first` to the day, tax included:
        items of posted customer invoices, credit notes and receipts.

        Columns: line_id, company_id, partner_id (commercial), date, balance.

        :param first: date
        """
        return SQL(
            """SELECT item.id AS line_id, item.company_id,
                      contact.commercial_partner_id AS partner_id, item.date,
                      item.balance
                 FROM account_move_line item
                 JOIN account_move move ON move.id = item.move_id
                 JOIN res_partner contact ON contact.id = item.partner_id
                WHERE move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                  AND item.date >= %(first)s
                  AND %(is_item)s""",
            first=first,
            is_item=self.is_item(),
        )

    def is_item(self):
        """Return the SQL condition of an item of the ledger, on aliases `item` and
        `contact`."""
        return SQL(
            """(item.parent_state = 'posted'
                AND item.date <= %(day)s
                AND item.amount_currency <> 0
                AND item.company_id = ANY(%(companies)s)
                AND item.account_id = ANY(%(accounts)s)
                AND %(partners)s)""",
            day=self.day,
            companies=self.companies.ids,
            accounts=self.items._dunning_receivable_accounts(),
            partners=self._is_partner(),
        )

    def _is_partner(self):
        if self.partners is None:
            return SQL("contact.commercial_partner_id IS NOT NULL")
        return SQL("contact.commercial_partner_id = ANY(%s)", self.partners.ids)
