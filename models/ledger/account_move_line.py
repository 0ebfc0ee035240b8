from datetime import date

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .ledger_day import LedgerDay

# Fields whose change on a posted item changes its follow-up.
RECHECKED_FIELDS = {"date_maturity", "no_followup"}
# Payment states of invoices that customers are not asked to pay.
SETTLED_STATES = ("paid", "blocked", "reversed", "invoicing_legacy")


class AccountMoveLine(models.Model):
    """Journal items with the only definitions of “open” and “due”."""

    _inherit = "account.move.line"

    dunning_cycle = fields.Integer(
        string="Follow-Up Cycle",
        copy=False,
        help="Goes up by one each time the follow-up of this item starts afresh.",
        groups="base.group_user",
    )
    dunning_counted_from = fields.Date(
        string="Follow-Up Counted From",
        copy=False,
        help="Day on which the invoice was sent again: steps are not counted from "
        "earlier dates.",
        groups="base.group_user",
    )
    dunning_is_taken_in = fields.Boolean(
        string="Taken In",
        copy=False,
        help="Followed up although it was due before the follow-up started.",
        groups="base.group_user",
    )

    def write(self, vals):
        """Re-check waiting actions when fields change on which messages depend."""
        result = super().write(vals)
        if vals.keys() & RECHECKED_FIELDS:
            self.env["dunning.pending.check"]._put_off("changed", self)
        return result

    def _dunning_due_date(self):
        """Return the due date of an item: its instalment's, else the entry's date."""
        self.ensure_one()
        return self.date_maturity or self.date

    @api.model
    def _get_dunning_open_item_domain(self):
        """Return the domain of open items for lists, future ones included."""
        return self._get_dunning_open_domain(self.env.companies, date.max)

    @api.model
    def _dunning_open_item_conditions(self, company_ids, day):
        """Return the SQL conditions of an open journal item, on alias `item`.

        Open: posted, dated on or before `day`, on a trade receivable account, with a
        partner, not reconciled, with something open in its own currency: revaluations
        and exchange differences have nothing. Uses core's partial index on unreconciled
        items.

        :param company_ids: ids of the companies of the items
        :param day: day of the company
        """
        return SQL(
            """item.reconciled IS NOT TRUE
               AND item.amount_residual_currency <> 0
               AND item.parent_state = 'posted'
               AND item.date <= %(day)s
               AND item.partner_id IS NOT NULL
               AND item.company_id = ANY(%(companies)s)
               AND item.account_id = ANY(%(accounts)s)""",
            day=day,
            companies=list(company_ids),
            accounts=self._dunning_receivable_accounts(),
        )

    @api.model
    def _dunning_due_date_sql(self, item="item"):
        """Return the SQL expression of `_dunning_due_date`.

        :param item: alias of the journal item
        """
        return SQL(
            "COALESCE(%s, %s)",
            SQL.identifier(item, "date_maturity"),
            SQL.identifier(item, "date"),
        )

    @api.model
    def _dunning_is_asked_for(self, move="move"):
        """Return the SQL condition of an entry that customers are asked to pay: no
        settled or blocked invoice. Entries other than invoices have no payment state.

        :param move: alias of the entry
        """
        return SQL(
            "(%(type)s = 'entry' OR COALESCE(%(state)s, '') <> ALL(%(settled)s))",
            type=SQL.identifier(move, "move_type"),
            state=SQL.identifier(move, "payment_state"),
            settled=list(SETTLED_STATES),
        )

    @api.model
    def _get_dunning_open_domain(self, companies, day):
        """Return the domain of the open items, claims and offsets alike, see
        `_dunning_open_item_conditions`.

        :param companies: res.company of the items
        :param day: day of the company
        """
        posted = self._get_dunning_posted_domain(companies, day)
        return (
            posted
            & Domain("reconciled", "=", False)
            & Domain("amount_residual_currency", "!=", 0)
        )

    @api.model
    def _get_dunning_owed_domain(self, companies, day):
        """Return the domain of the open items in the companies' favour, asked for or
        not; money paid out to the customer is not owed unless it was taken in. See
        `_get_dunning_open_domain`."""
        open_items = self._get_dunning_open_domain(companies, day)
        return (
            open_items
            & Domain("amount_residual", ">", 0)
            & ~self._get_dunning_paid_out_domain()
        )

    @api.model
    def _get_dunning_claim_domain(self, companies, day):
        """Return the domain of the claims: owed, and asked for. An invoice with a
        payment in process is no claim, nor is its unpaid part."""
        is_asked_for = Domain("move_id.move_type", "=", "entry") | Domain(
            "move_id.payment_state", "not in", SETTLED_STATES
        )
        return self._get_dunning_owed_domain(companies, day) & is_asked_for

    @api.model
    def _get_dunning_due_domain(self, operator, day):
        """Return the domain that compares `_dunning_due_date` with a day; overdue: "<".

        :param operator: comparison operator
        """
        return Domain("date_maturity", operator, day) | (
            Domain("date_maturity", "=", False) & Domain("date", operator, day)
        )

    @api.model
    def _get_dunning_posted_domain(self, companies, day):
        return Domain(
            [
                ("parent_state", "=", "posted"),
                ("date", "<=", day),
                ("partner_id", "!=", False),
                ("company_id", "in", companies.ids),
                ("account_id", "in", self._dunning_receivable_accounts()),
                ("amount_currency", "!=", 0),
            ]
        )

    @api.model
    def _get_dunning_open_amounts(self, companies, day, customers):
        """Return {item: amount open at the end of a past day, in its currency}, see
        `LedgerDay`.

        :param companies: res.company of the items
        :param day: day of the companies
        :param customers: commercial partners
        """
        rows = LedgerDay(self.env, companies, day, customers).fetch()
        items = self.browse([row["line_id"] for row in rows])
        return {
            item: float(row["residual_currency"])
            for item, row in zip(items, rows, strict=True)
        }

    @api.model
    def _dunning_receivable_accounts(self):
        # sudo: trade receivable accounts do not depend on the reader
        accounts_sudo = self.env["account.account"].sudo()
        return accounts_sudo.search(
            [("account_type", "=", "asset_receivable"), ("non_trade", "=", False)]
        ).ids

    def _dunning_recheck(self):
        """Re-check waiting actions and deliveries of changed items: drop claims that
        are no longer chased, withdraw queued deliveries, renew printed or assigned
        ones. Extended by the planner and the deliveries."""

    def _dunning_restart(self, counted_from=None):
        """Restart the film of these items, and drop their waiting actions.

        :param counted_from: first day from which steps are counted, by default the
            items' own dates
        """
        values = {"dunning_counted_from": counted_from} if counted_from else {}
        # sudo: collectors may not write journal items
        for cycle, items_sudo in self.sudo().grouped("dunning_cycle").items():
            items_sudo.write({"dunning_cycle": cycle + 1, **values})
        self._dunning_recheck()

    def _get_dunning_checked(self):
        return self.move_id._get_dunning_checked()

    def _dunning_refresh_outcomes(self):
        """Update the outcomes of payments and reconciliations of these items. Extended
        by the rooms above: actions, promises, reasons for not paying."""
