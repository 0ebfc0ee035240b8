from odoo import api, fields, models
from odoo.tools import SQL


class DunningCustomerReport(models.Model):
    """Customers with open items, for their salesperson: late amounts, of which promised
    and disputed, credits, what may be asked for; collector, last and next step.

    One row per customer and company, in company currency. The open amount includes
    credits, less refunds and returned payments; the late, promised and disputed amounts
    are those of the analysis of overdue money.
    """

    _name = "dunning.customer.report"
    _inherit = ["dunning.report.mixin"]
    _auto = False
    _description = "Customer with Open Items"
    _order = "amount_overdue desc, id"

    collector_id = fields.Many2one(comodel_name="res.users", readonly=True)
    move_line_id = fields.Many2one(
        comodel_name="account.move.line", string="Oldest Item", readonly=True
    )
    amount_open = fields.Monetary(string="Open Amount", readonly=True)
    amount_overdue = fields.Monetary(string="Late", readonly=True)
    amount_promised = fields.Monetary(string="Promised", readonly=True)
    amount_disputed = fields.Monetary(string="Disputed", readonly=True)
    amount_credits = fields.Monetary(string="Credits", readonly=True)
    amount_to_ask = fields.Monetary(
        string="To Ask For",
        compute="_compute_amount_to_ask",
        help="Late, neither promised nor disputed, credits deducted.",
    )
    days_late = fields.Integer(readonly=True, aggregator="max")
    last_contact_date = fields.Date(string="Last Contact", readonly=True)
    next_text = fields.Char(string="Coming Next", compute="_compute_next_text")

    _depends = {
        "account.move": ["move_type", "payment_state"],
        "account.move.line": [
            "account_id",
            "amount_residual",
            "amount_residual_currency",
            "balance",
            "company_id",
            "date",
            "date_maturity",
            "dunning_is_taken_in",
            "journal_id",
            "parent_state",
            "partner_id",
            "payment_id",
            "reconciled",
            "statement_line_id",
        ],
        "dunning.action": ["company_id", "partner_id", "performed_date", "state"],
        "dunning.dispute": ["company_id", "partner_id", "state"],
        "dunning.dispute.claim": ["amount", "dispute_id", "move_line_id"],
        "dunning.promise": ["partner_id", "state"],
        "dunning.promise.claim": [
            "amount",
            "move_line_id",
            "promise_id",
            "residual_before",
        ],
        "res.partner": ["commercial_partner_id", "dunning_collector_id", "user_id"],
    }

    @property
    def _table_query(self):
        return SQL(
            """SELECT MIN(item.id) AS id, item.company_id, p.id AS partner_id,
                      p.user_id AS salesperson_id,
                      COALESCE(%(collector)s, company.collector_id) AS collector_id,
                      (ARRAY_AGG(item.id ORDER BY due.date, item.id)
                       FILTER (WHERE due.is_claim))[1] AS move_line_id,
                      SUM(item.amount_residual) AS amount_open,
                      COALESCE(SUM(item.amount_residual) FILTER (
                          WHERE due.is_claim AND due.date < company.today
                      ), 0) AS amount_overdue,
                      COALESCE(SUM(promised.amount) FILTER (
                          WHERE due.is_claim AND due.date < company.today
                      ), 0) AS amount_promised,
                      COALESCE(SUM(disputed.amount) FILTER (
                          WHERE due.is_claim AND due.date < company.today
                      ), 0) AS amount_disputed,
                      COALESCE(SUM(item.amount_residual) FILTER (
                          WHERE NOT due.is_claim), 0) AS amount_credits,
                      GREATEST(company.today - MIN(due.date) FILTER (
                          WHERE due.is_claim), 0) AS days_late,
                      (SELECT MAX(action.performed_date) FROM dunning_action action
                        WHERE action.partner_id = p.id AND action.state = 'done'
                          AND action.company_id = item.company_id) AS last_contact_date
                 FROM account_move_line item
                 JOIN %(companies)s ON company.id = item.company_id
                 JOIN account_move move ON move.id = item.move_id
                 JOIN res_partner contact ON contact.id = item.partner_id
                 JOIN res_partner p ON p.id = contact.commercial_partner_id
                CROSS JOIN LATERAL (
                      SELECT %(due_date)s AS date, item.amount_residual > 0
                             AND NOT %(is_paid_out)s AS is_claim) due
                CROSS JOIN LATERAL (%(disputed)s) disputed
                CROSS JOIN LATERAL (%(promised)s) promised
                WHERE item.reconciled IS NOT TRUE
                  AND item.parent_state = 'posted'
                  AND item.account_id = ANY(%(accounts)s)
                  AND item.amount_residual <> 0
                  AND item.amount_residual_currency <> 0
                  AND item.date <= company.today
                  AND %(is_asked_for)s
             GROUP BY item.company_id, p.id, company.collector_id, company.today,
                      company.chain""",
            collector=self._inherited_value("dunning_collector_id"),
            companies=self._company_table(),
            disputed=self.env["dunning.overdue.report"]._disputed(),
            promised=self.env["dunning.overdue.report"]._promised(),
            accounts=self.env["account.move.line"]._dunning_receivable_accounts(),
            due_date=self.env["account.move.line"]._dunning_due_date_sql(),
            is_asked_for=self.env["account.move.line"]._dunning_is_asked_for(),
            is_paid_out=self.env["account.move.line"]._dunning_is_paid_out(),
        )

    def _compute_amount_to_ask(self):
        """Compute what may be asked for, as the messages do, at once for all customers
        of a company."""
        # sudo: as for planning; salespeople see the amounts of their customers
        planner = self.env["dunning.planner"].sudo()
        for company, rows in self.sudo().grouped("company_id").items():
            late = planner._get_late_amounts(
                company, company._dunning_today(), rows.partner_id
            )
            for row in rows:
                amount = late[row.partner_id][company.id]
                row.sudo(False).amount_to_ask = company.currency_id.round(amount)

    @api.depends_context("lang")
    def _compute_next_text(self):
        """Return the planner's next step of the oldest item, read at once for all
        customers of a company."""
        self.next_text = False
        # sudo: salespeople may not read entries; these are their customers'
        for company, rows in self.sudo().grouped("company_id").items():
            told = (
                self.env["dunning.planner"]
                .sudo()
                ._tell(rows.move_line_id, company._dunning_today())
            )
            for row in rows:
                row.sudo(False).next_text = told.get(row.move_line_id)

    def action_open_customer(self):
        """Open the customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "view_mode": "form",
        }

    def action_open_disputes(self):
        """Open the customer's disputes."""
        self.ensure_one()
        return self.partner_id.action_view_dunning_disputes()
