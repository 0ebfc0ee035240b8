from odoo import api, models
from odoo.tools import SQL

# States of a payment that never came.
FAILED_STATES = ("rejected", "canceled")


class AccountPayment(models.Model):
    """Extend payments in process, before they have an entry to reconcile: they are
    counted, and waiting actions are re-checked when they change."""

    _inherit = "account.payment"

    # For the payments in process, without reading all of history.
    _dunning_in_process_index = models.Index(
        "(partner_id) WHERE state = 'in_process' AND move_id IS NULL"
    )

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            checks = self.env["dunning.pending.check"]
            checks._put_off("collected", self)
            if vals["state"] in ("in_process", *FAILED_STATES):
                checks._put_off("collection", self)
        return result

    def _dunning_recheck(self):
        self.invoice_ids._dunning_recheck()

    # ---- collection ------------------------------------------------------------------

    def _dunning_is_collection(self):
        """Return whether we collect the payment: by direct debit or card, not by
        hand."""
        self.ensure_one()
        return (
            self.payment_type == "inbound"
            and self.partner_type == "customer"
            and self.payment_method_code != "manual"
        )

    def _dunning_follow_collection(self):
        """Record for the linked items that their collection failed, or is tried
        again."""
        for payment in self:
            if payment.state == "in_process":
                payment.invoice_ids.line_ids._dunning_clear_collection()
            elif payment.state in FAILED_STATES and payment._dunning_is_collection():
                items = payment._get_dunning_collected()
                items._dunning_fail_collection(payment.company_id._dunning_today())

    def _get_dunning_collected(self):
        """Return the items of the linked entries that this payment was to settle: those
        matched with it, else the open ones, the earliest due first."""
        # sudo: whom a payment pays for does not depend on the reader
        payment_sudo = self.sudo()
        items_sudo = payment_sudo.invoice_ids.line_ids.filtered_domain(
            [
                (
                    "account_id",
                    "in",
                    self.env["account.move.line"]._dunning_receivable_accounts(),
                )
            ]
        )
        receipts_sudo = payment_sudo.move_id.line_ids
        collected_sudo = items_sudo & receipts_sudo.matched_debit_ids.debit_move_id
        left = abs(sum(payment_sudo.mapped("amount_company_currency_signed")))
        open_items_sudo = items_sudo.filtered(lambda item: item.amount_residual > 0)
        for item_sudo in open_items_sudo.sorted(
            lambda item: (item._dunning_due_date(), item.id)
        ):
            if left > 0:
                collected_sudo |= item_sudo
                left -= item_sudo.amount_residual
        return collected_sudo

    def _get_dunning_checked(self):
        return self, self.partner_id.commercial_partner_id, self.company_id

    # ---- in process ------------------------------------------------------------------

    @api.model
    def _dunning_is_in_process(self):
        """Return the SQL condition of a customer's payment in process without an entry,
        on alias `payment`."""
        return SQL(
            """payment.state = 'in_process' AND payment.move_id IS NULL
               AND payment.partner_type = 'customer'"""
        )

    @api.model
    def _dunning_in_process_tables(self, company_ids, day):
        """Return the common tables of payments in process that have no entry yet.

        - `in_process`: a row per payment that counts: `id`, `partner_id` (commercial),
          `company_id`, `currency_id`, `is_inbound`, `amount_currency`, and `amount` and
          `rest` in company currency. A payment whose linked entries are all settled by
          other means counts no more: the bank entry came.
        - `in_process_move`: what inbound payments pay of the entries that they are
          linked to, the earliest due first: `move_id`, `amount`. What is left of a
          payment is its `rest`.

        :param company_ids: ids of the companies of the payments
        :param day: day of the company
        """
        return SQL(
            """in_process_any AS MATERIALIZED (
                SELECT payment.id, payment.company_id, payment.currency_id,
                       contact.commercial_partner_id AS partner_id,
                       payment.payment_type = 'inbound' AS is_inbound,
                       ABS(payment.amount) AS amount_currency,
                       ABS(payment.amount_company_currency_signed) AS amount
                  FROM account_payment payment
                  LEFT JOIN res_partner contact ON contact.id = payment.partner_id
                 WHERE %(is_in_process)s AND payment.company_id = ANY(%(companies)s)),
            in_process_item AS MATERIALIZED (
                SELECT link.payment_id, item.move_id, item.reconciled,
                       %(due_date)s AS due_date,
                       CASE WHEN %(is_open)s THEN GREATEST(item.amount_residual, 0)
                            ELSE 0 END AS residual
                  FROM account_move__account_payment link
                  JOIN account_move_line item ON item.move_id = link.invoice_id
                 WHERE link.payment_id = ANY(ARRAY(SELECT id FROM in_process_any))
                   AND item.move_id = ANY(ARRAY(
                       SELECT linked.invoice_id
                         FROM account_move__account_payment linked
                        WHERE linked.payment_id = ANY(ARRAY(
                              SELECT id FROM in_process_any))))
                   AND item.account_id = ANY(%(accounts)s)),
            in_process_share AS (
                SELECT p.id AS payment_id, linked.move_id, linked.residual,
                       LEAST(linked.residual, GREATEST(0, p.amount
                           - SUM(linked.residual) OVER (PARTITION BY p.id
                                 ORDER BY linked.due_date, linked.move_id)
                           + linked.residual)) AS amount
                  FROM (SELECT payment_id, move_id, SUM(residual) AS residual,
                               MIN(due_date) AS due_date
                          FROM in_process_item
                         WHERE residual > 0
                         GROUP BY payment_id, move_id) linked
                  JOIN in_process_any p ON p.id = linked.payment_id
                 WHERE p.is_inbound),
            in_process_part AS (
                SELECT payment_id, move_id,
                       LEAST(amount, GREATEST(0, residual
                           - SUM(amount) OVER (PARTITION BY move_id
                                               ORDER BY payment_id)
                           + amount)) AS amount
                  FROM in_process_share),
            in_process_move AS (
                SELECT move_id, SUM(amount) AS amount
                  FROM in_process_part GROUP BY move_id),
            in_process AS (
                SELECT p.*, p.amount - COALESCE(part.amount, 0) AS rest
                  FROM in_process_any p
                  LEFT JOIN (SELECT payment_id, BOOL_AND(reconciled IS TRUE) AS is_over
                               FROM in_process_item GROUP BY payment_id) linked
                    ON linked.payment_id = p.id
                  LEFT JOIN (SELECT payment_id, SUM(amount) AS amount
                               FROM in_process_part GROUP BY payment_id) part
                    ON part.payment_id = p.id
                 WHERE linked.is_over IS NOT TRUE)""",
            is_in_process=self._dunning_is_in_process(),
            companies=list(company_ids),
            due_date=self.env["account.move.line"]._dunning_due_date_sql(),
            is_open=self.env["account.move.line"]._dunning_open_item_conditions(
                company_ids, day
            ),
            accounts=self.env["account.move.line"]._dunning_receivable_accounts(),
        )

    @api.model
    def _dunning_find_in_process(self, customers, moves):
        """Return the rows that `_dunning_in_process_tables` reads for some customers.

        Payments linked to the same entries count too: what they pay is not paid again.

        :param customers: commercial partners
        :param moves: ids of entries of these customers
        :return: rows of ids: payment, its partner, entry linked to it, journal item of
            that entry
        """
        self.env.cr.execute(
            SQL(
                """WITH own AS (
                    SELECT payment.id
                      FROM account_payment payment
                     WHERE %(is_in_process)s
                       AND (payment.partner_id IN (
                                SELECT id FROM res_partner
                                 WHERE commercial_partner_id = ANY(%(customers)s))
                            OR payment.id IN (
                                SELECT payment_id FROM account_move__account_payment
                                 WHERE invoice_id = ANY(%(moves)s))))
                SELECT payment.id, payment.partner_id, link.invoice_id, item.id
                  FROM account_payment payment
                  LEFT JOIN account_move__account_payment link
                    ON link.payment_id = payment.id
                  LEFT JOIN account_move_line item ON item.move_id = link.invoice_id
                        AND item.account_id = ANY(%(accounts)s)
                 WHERE %(is_in_process)s
                   AND (payment.id IN (SELECT id FROM own)
                        OR payment.id IN (
                            SELECT other.payment_id
                              FROM account_move__account_payment own_link
                              JOIN account_move__account_payment other
                                ON other.invoice_id = own_link.invoice_id
                             WHERE own_link.payment_id IN (SELECT id FROM own)))""",
                is_in_process=self._dunning_is_in_process(),
                customers=customers.ids,
                moves=list(moves),
                accounts=self.env["account.move.line"]._dunning_receivable_accounts(),
            )
        )
        return self.env.cr.fetchall()

    @api.model
    def _get_dunning_in_process(self, customers, company, day):
        """Return {customer: {payment: amount}} of the payments in process that count,
        in their currency: negative in the customer's favour.

        :param customers: commercial partners
        :param company: res.company of the payments
        :param day: the company's day
        """
        for name in ("account.payment", "account.move.line", "res.partner"):
            self.env[name].flush_model()
        self.env.cr.execute(
            SQL(
                """WITH %(tables)s
                   SELECT partner_id, id, is_inbound, amount_currency
                     FROM in_process WHERE partner_id = ANY(%(customers)s)
                 ORDER BY id""",
                tables=self._dunning_in_process_tables(company.ids, day),
                customers=customers.ids,
            )
        )
        amounts = {customer: {} for customer in customers}
        for partner_id, payment_id, is_inbound, amount in self.env.cr.fetchall():
            of_customer = amounts[customers.browse(partner_id)]
            of_customer[self.browse(payment_id)] = float(
                -amount if is_inbound else amount
            )
        return amounts
