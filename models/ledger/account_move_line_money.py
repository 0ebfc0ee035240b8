from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# Types of the journals whose entries move money.
MONEY_JOURNALS = ("bank", "cash", "credit")
# Types of the accounts that money comes to: banks, cash, money under way.
MONEY_ACCOUNTS = ("asset_cash", "asset_current", "liability_credit_card")


class AccountMoveLine(models.Model):
    """Extend items with the entries that move money: payments received, and what was
    paid back or taken back by the bank."""

    _inherit = "account.move.line"

    dunning_paid_out = fields.Selection(
        selection=[("refund", "Refund"), ("returned", "Returned Payment")],
        string="Paid Out",
        compute="_compute_dunning_paid_out",
        help="Money that left for the customer: a refund, or a payment that the bank "
        "took back. It is asked for only if it was taken in.",
        groups="base.group_user",
    )

    @api.depends("balance", "journal_id", "payment_id", "statement_line_id")
    def _compute_dunning_paid_out(self):
        """Compute what money paid out is: returned if an earlier payment of the same
        amount settled something, unless we paid it ourselves."""
        self.dunning_paid_out = False
        paid_out = self.filtered(
            lambda item: item.balance > 0 and item._dunning_is_money()
        )
        paid_out.dunning_paid_out = "refund"
        unknown = paid_out.filtered(lambda item: not item.payment_id)
        receipts = unknown._dunning_search_receipts()
        for item in unknown:
            if item._dunning_filter_receipts(receipts):
                item.dunning_paid_out = "returned"

    def _dunning_search_receipts(self, is_matched=True):
        """Return the payments of the same amounts received from the customers of these
        items.

        :param is_matched: whether they settled something
        """
        if not self:
            return self
        # sudo: what an item is does not depend on the reader
        items_sudo = self.sudo()
        return items_sudo.search(
            Domain(
                [
                    (
                        "partner_id.commercial_partner_id",
                        "in",
                        items_sudo.partner_id.commercial_partner_id.ids,
                    ),
                    ("company_id", "in", items_sudo.company_id.ids),
                    ("account_id", "in", self._dunning_receivable_accounts()),
                    ("parent_state", "=", "posted"),
                    (
                        "amount_currency",
                        "in",
                        [-amount for amount in self.mapped("amount_currency")],
                    ),
                    ("matched_debit_ids", "!=" if is_matched else "=", False),
                ]
            )
            & self._get_dunning_money_domain()
        )

    def _dunning_filter_receipts(self, receipts):
        """Return the receipts that money paid out may return: of the same customer,
        company, currency and amount, not later.

        :param receipts: account.move.line
        """
        self.ensure_one()
        currency = self.currency_id
        customer = self.partner_id.commercial_partner_id
        return receipts.filtered(
            lambda receipt: (
                receipt.partner_id.commercial_partner_id == customer
                and receipt.company_id == self.company_id
                and receipt.currency_id == currency
                and receipt.date <= self.date
                and not currency.compare_amounts(
                    receipt.amount_currency, -self.amount_currency
                )
            )
        )

    @api.model
    def _dunning_money_journals(self):
        # sudo: the journals that move money do not depend on the reader
        journals_sudo = self.env["account.journal"].sudo()
        return journals_sudo.search([("type", "in", MONEY_JOURNALS)]).ids

    @api.model
    def _dunning_money_accounts(self):
        # sudo: the accounts that money comes to do not depend on the reader
        accounts_sudo = self.env["account.account"].sudo()
        return accounts_sudo.search([("account_type", "in", MONEY_ACCOUNTS)]).ids

    @api.model
    def _dunning_is_paid_out(self, item="item"):
        """Return the SQL condition of money paid out to the customer: a refund, or a
        payment that the bank took back. It is no claim unless it was taken in.

        :param item: alias of the journal item
        """
        return SQL(
            """(%(balance)s > 0 AND %(is_taken_in)s IS NOT TRUE
                AND (%(payment)s IS NOT NULL OR %(statement)s IS NOT NULL
                     OR %(journal)s = ANY(%(journals)s)))""",
            balance=SQL.identifier(item, "balance"),
            is_taken_in=SQL.identifier(item, "dunning_is_taken_in"),
            payment=SQL.identifier(item, "payment_id"),
            statement=SQL.identifier(item, "statement_line_id"),
            journal=SQL.identifier(item, "journal_id"),
            journals=self._dunning_money_journals(),
        )

    @api.model
    def _get_dunning_paid_out_domain(self):
        """Return the domain of money paid out to customers and not taken in, see
        `_dunning_is_paid_out`."""
        return (
            Domain("balance", ">", 0)
            & Domain("dunning_is_taken_in", "=", False)
            & self._get_dunning_money_domain()
        )

    @api.model
    def _get_dunning_money_domain(self):
        return (
            Domain("payment_id", "!=", False)
            | Domain("statement_line_id", "!=", False)
            | Domain("journal_id", "in", self._dunning_money_journals())
        )

    def _dunning_filter_paid_out(self):
        """Return the items that are money paid out to the customer and not taken in."""
        return self.filtered(
            lambda item: (
                item.balance > 0
                and not item.dunning_is_taken_in
                and item._dunning_is_money()
            )
        )

    def _dunning_is_money(self):
        """Return whether the item belongs to an entry that moves money."""
        self.ensure_one()
        return bool(
            self.payment_id
            or self.statement_line_id
            or self.journal_id.type in MONEY_JOURNALS
        )

    @api.model
    def _dunning_is_payment(self, item, journal):
        """Return the SQL condition of a received payment: money came in. No credit
        note, no write-off, no transfer between accounts or customers, though booked in
        a bank journal.

        :param item: alias of the journal item
        :param journal: alias of its journal
        """
        return SQL(
            """(%(payment)s IS NOT NULL OR %(statement)s IS NOT NULL
                OR %(type)s = ANY(%(journals)s) AND COALESCE((
                       SELECT TRUE FROM account_move_line money
                        WHERE money.move_id = %(move)s AND money.balance > 0
                          AND money.account_id = ANY(%(accounts)s)
                        LIMIT 1), FALSE))""",
            payment=SQL.identifier(item, "payment_id"),
            statement=SQL.identifier(item, "statement_line_id"),
            type=SQL.identifier(journal, "type"),
            move=SQL.identifier(item, "move_id"),
            journals=list(MONEY_JOURNALS),
            accounts=self._dunning_money_accounts(),
        )

    @api.model
    def _dunning_stays(self, item, paying):
        """Return the SQL condition that what settled an item is new money: a payment
        that was taken back and then matched with its return settles nothing.

        :param item: alias of the settled item, in the companies' favour
        :param paying: alias of the item that settled it
        """
        return SQL(
            "(%(is_taken_in)s IS NOT TRUE OR %(paid)s >= %(date)s)",
            is_taken_in=SQL.identifier(item, "dunning_is_taken_in"),
            paid=SQL.identifier(paying, "date"),
            date=SQL.identifier(item, "date"),
        )
