from odoo import fields, models
from odoo.tools import SQL

from ...models.answers.dispute.dunning_dispute import OUTCOMES, STATES
from ...models.answers.dispute.dunning_dispute_reason import NATURES


class DunningDisputeReport(models.Model):
    """Analysis of disputes, with their age on the company's day and the time to
    settle."""

    _name = "dunning.dispute.report"
    _inherit = ["dunning.report.mixin"]
    _auto = False
    _description = "Disputes Analysis"
    _order = "opened_date desc, id desc"

    dispute_id = fields.Many2one(comodel_name="dunning.dispute", readonly=True)
    reason_id = fields.Many2one(comodel_name="dunning.dispute.reason", readonly=True)
    nature = fields.Selection(selection=NATURES, string="Department", readonly=True)
    owner_id = fields.Many2one(
        comodel_name="res.users", string="Dispute Owner", readonly=True
    )
    state = fields.Selection(selection=STATES, readonly=True)
    outcome = fields.Selection(selection=OUTCOMES, readonly=True)
    opened_date = fields.Date(string="Opened On", readonly=True)
    settled_date = fields.Date(string="Settled On", readonly=True)
    amount = fields.Monetary(string="Disputed", readonly=True)
    days_open = fields.Integer(
        string="Age",
        readonly=True,
        aggregator="avg",
        help="Days since opening, for disputes not settled yet.",
    )
    days_to_settle = fields.Integer(
        string="Days to Settle", readonly=True, aggregator="avg"
    )

    _depends = {
        "dunning.dispute": [
            "amount",
            "company_id",
            "days_to_settle",
            "nature",
            "opened_date",
            "outcome",
            "owner_id",
            "partner_id",
            "reason_id",
            "salesperson_id",
            "settled_date",
            "state",
        ]
    }

    @property
    def _table_query(self):
        return SQL(
            """SELECT dispute.id, dispute.id AS dispute_id, dispute.company_id,
                      dispute.partner_id, dispute.salesperson_id, dispute.reason_id,
                      dispute.nature, dispute.owner_id, dispute.state, dispute.outcome,
                      dispute.opened_date, dispute.settled_date, dispute.amount,
                      CASE WHEN dispute.state <> 'settled'
                           THEN company.today - dispute.opened_date END AS days_open,
                      CASE WHEN dispute.state = 'settled'
                           THEN dispute.days_to_settle END AS days_to_settle
                 FROM dunning_dispute dispute
                 JOIN %(companies)s ON company.id = dispute.company_id""",
            companies=self._company_table(),
        )
