from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class DunningOverdueReport(models.Model):
    """Analysis of today's overdue amounts, disputed and promised parts included.

    One row per claim overdue on its company's day, in company currency. Disputed is the
    sum named by open disputes, at most the open amount: also where a dispute holds the
    whole invoice or the customer, since the rest is held but not disputed. Promised is
    computed in the same way from open promises.
    """

    _name = "dunning.overdue.report"
    _inherit = ["dunning.report.mixin"]
    _auto = False
    _description = "Overdue Amounts"
    _order = "due_date, id"

    move_line_id = fields.Many2one(
        comodel_name="account.move.line", string="Claim", readonly=True
    )
    move_id = fields.Many2one(
        comodel_name="account.move", string="Invoice", readonly=True
    )
    collector_id = fields.Many2one(comodel_name="res.users", readonly=True)
    segment_id = fields.Many2one(comodel_name="dunning.segment", readonly=True)
    due_date = fields.Date(readonly=True)
    days_overdue = fields.Integer(string="Days Late", readonly=True, aggregator="avg")
    age = fields.Selection(
        selection=[
            ("1_30", "1 to 30 days"),
            ("31_60", "31 to 60 days"),
            ("61_90", "61 to 90 days"),
            ("91", "More than 90 days"),
        ],
        string="Overdue For",
        readonly=True,
    )
    amount_overdue = fields.Monetary(string="Late", readonly=True)
    amount_disputed = fields.Monetary(string="Disputed", readonly=True)
    amount_promised = fields.Monetary(string="Promised", readonly=True)
    share_disputed = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Disputed share of the overdue amount; for a group, of its total.",
    )

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
        "dunning.dispute": ["company_id", "partner_id", "state"],
        "dunning.dispute.claim": ["amount", "dispute_id", "move_line_id"],
        "dunning.promise": ["partner_id", "state"],
        "dunning.promise.claim": [
            "amount",
            "move_line_id",
            "promise_id",
            "residual_before",
        ],
        "res.partner": [
            "commercial_partner_id",
            "dunning_collector_id",
            "dunning_segment_id",
            "user_id",
        ],
    }

    @property
    def _table_query(self):
        return SQL(
            """SELECT item.id, item.id AS move_line_id, item.move_id, item.company_id,
                      p.id AS partner_id, p.user_id AS salesperson_id,
                      COALESCE(%(collector)s, company.collector_id) AS collector_id,
                      %(segment)s AS segment_id, due.date AS due_date,
                      company.today - due.date AS days_overdue,
                      CASE WHEN company.today - due.date <= 30 THEN '1_30'
                           WHEN company.today - due.date <= 60 THEN '31_60'
                           WHEN company.today - due.date <= 90 THEN '61_90'
                           ELSE '91' END AS age,
                      item.amount_residual AS amount_overdue,
                      disputed.amount AS amount_disputed,
                      promised.amount AS amount_promised,
                      disputed.amount / item.amount_residual AS share_disputed
                 FROM account_move_line item
                 JOIN %(companies)s ON company.id = item.company_id
                 JOIN account_move move ON move.id = item.move_id
                 JOIN res_partner contact ON contact.id = item.partner_id
                 JOIN res_partner p ON p.id = contact.commercial_partner_id
                CROSS JOIN LATERAL (
                      SELECT %(due_date)s AS date) due
                CROSS JOIN LATERAL (%(disputed)s) disputed
                CROSS JOIN LATERAL (%(promised)s) promised
                WHERE item.reconciled IS NOT TRUE
                  AND item.parent_state = 'posted'
                  AND item.account_id = ANY(%(accounts)s)
                  AND item.amount_residual > 0
                  AND item.amount_residual_currency <> 0
                  AND NOT %(is_paid_out)s
                  AND item.date <= company.today
                  AND due.date < company.today
                  AND %(is_asked_for)s""",
            collector=self._inherited_value("dunning_collector_id"),
            segment=self._inherited_value("dunning_segment_id"),
            companies=self._company_table(),
            disputed=self._disputed(),
            promised=self._promised(),
            accounts=self.env["account.move.line"]._dunning_receivable_accounts(),
            due_date=self.env["account.move.line"]._dunning_due_date_sql(),
            is_asked_for=self.env["account.move.line"]._dunning_is_asked_for(),
            is_paid_out=self.env["account.move.line"]._dunning_is_paid_out(),
        )

    @api.model
    def _disputed(self):
        """Return the SQL of the disputed amount of `item`; disputes of other customers
        are ignored."""
        return SQL(
            """SELECT LEAST(item.amount_residual, COALESCE(SUM(claim.amount), 0))
                      AS amount
                 FROM dunning_dispute_claim claim
                 JOIN dunning_dispute dispute ON dispute.id = claim.dispute_id
                WHERE claim.move_line_id = item.id AND dispute.state <> 'settled'
                  AND dispute.partner_id = p.id"""
        )

    @api.model
    def _promised(self):
        """Return the SQL of the amount of `item` still promised, payments since then
        deducted."""
        return SQL(
            """SELECT LEAST(item.amount_residual, COALESCE(SUM(GREATEST(0,
                          claim.amount - claim.residual_before + item.amount_residual
                      )), 0)) AS amount
                 FROM dunning_promise_claim claim
                 JOIN dunning_promise promise ON promise.id = claim.promise_id
                WHERE claim.move_line_id = item.id AND promise.state = 'open'
                  AND promise.partner_id = p.id"""
        )

    def _read_group_select(self, aggregate_spec, query):
        """Compute the share of a group from its amounts, not as an average of its
        rows."""
        if aggregate_spec != "share_disputed:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "SUM(%(disputed)s) / NULLIF(SUM(%(overdue)s), 0)",
            disputed=self._field_to_sql(self._table, "amount_disputed", query),
            overdue=self._field_to_sql(self._table, "amount_overdue", query),
        )

    def action_open_invoice(self):
        """Open the entry of the claim."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }

    def action_open_disputes(self):
        """Open the unsettled disputes of these claims."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_scenario.dunning_dispute_action"
        )
        claims = Domain("claim_ids.move_line_id", "in", self.move_line_id.ids)
        return {**action, "domain": list(claims), "context": {"search_default_open": 1}}
