from odoo import api, fields, models
from odoo.tools import SQL

from ...models.answers.dispute.dunning_dispute_reason import NATURES
from .dunning_dispute_report import OUTCOMES, STATES


class DunningDisputeCauseReport(models.Model):
    """Analysis of the causes of disputes, by product (S2-27).

    The disputed amount of a claim is shared over the product lines of its invoice by
    their subtotal; the largest line takes the rounding difference, so the sum is exact.
    Negative lines (rebates, down payments) are no cause and get nothing. An entry
    without product lines is one row without a product.
    """

    _name = "dunning.dispute.cause.report"
    _inherit = ["dunning.report.mixin"]
    _auto = False
    _description = "Root Causes of Disputes"
    _order = "opened_date desc, id"

    dispute_id = fields.Many2one(comodel_name="dunning.dispute", readonly=True)
    move_id = fields.Many2one(
        comodel_name="account.move", string="Invoice", readonly=True
    )
    product_id = fields.Many2one(comodel_name="product.product", readonly=True)
    product_categ_id = fields.Many2one(
        comodel_name="product.category", string="Product Category", readonly=True
    )
    reason_id = fields.Many2one(comodel_name="dunning.dispute.reason", readonly=True)
    nature = fields.Selection(selection=NATURES, string="Department", readonly=True)
    state = fields.Selection(selection=STATES, readonly=True)
    outcome = fields.Selection(selection=OUTCOMES, readonly=True)
    opened_date = fields.Date(string="Opened On", readonly=True)
    amount = fields.Monetary(string="Disputed", readonly=True)

    _depends = {
        "account.move": ["move_type"],
        "account.move.line": [
            "display_type",
            "move_id",
            "price_subtotal",
            "product_id",
        ],
        "dunning.dispute": [
            "company_id",
            "nature",
            "opened_date",
            "outcome",
            "partner_id",
            "reason_id",
            "salesperson_id",
            "state",
        ],
        "dunning.dispute.claim": ["amount", "dispute_id", "move_id"],
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id"],
    }

    @property
    def _table_query(self):
        return SQL(
            """WITH weighed AS (%(weighed)s),
                    shared AS (%(shared)s)
               SELECT ROW_NUMBER() OVER (ORDER BY shared.claim_id, shared.place) AS id,
                      shared.dispute_id, shared.move_id, shared.product_id,
                      template.categ_id AS product_categ_id, dispute.company_id,
                      dispute.partner_id, dispute.salesperson_id, dispute.reason_id,
                      dispute.nature, dispute.state, dispute.outcome,
                      dispute.opened_date,
                      shared.share + CASE shared.place WHEN 1
                          THEN shared.amount - shared.total ELSE 0 END AS amount
                 FROM shared
                 JOIN dunning_dispute dispute ON dispute.id = shared.dispute_id
                 LEFT JOIN product_product product ON product.id = shared.product_id
                 LEFT JOIN product_template template
                   ON template.id = product.product_tmpl_id""",
            weighed=self._weighed(),
            shared=self._shared(),
        )

    @api.model
    def _weighed(self):
        """Return the SQL of the disputed claims with the product lines of their
        invoices, the largest first."""
        return SQL(
            """SELECT claim.id AS claim_id, claim.dispute_id, claim.move_id,
                      claim.amount, company.digits, line.product_id,
                      line.price_subtotal AS weight,
                      SUM(line.price_subtotal) OVER of_claim AS total_weight,
                      ROW_NUMBER() OVER (of_claim ORDER BY line.price_subtotal DESC,
                                         line.id) AS place
                 FROM dunning_dispute_claim claim
                 JOIN dunning_dispute dispute ON dispute.id = claim.dispute_id
                 JOIN %(companies)s ON company.id = dispute.company_id
                 LEFT JOIN account_move invoice
                   ON invoice.id = claim.move_id AND invoice.move_type <> 'entry'
                 LEFT JOIN account_move_line line ON line.move_id = invoice.id
                      AND line.display_type = 'product' AND line.price_subtotal > 0
               WINDOW of_claim AS (PARTITION BY claim.id)""",
            companies=self._company_table(),
        )

    @api.model
    def _shared(self):
        """Return the SQL of the rounded shares, with their sum per claim."""
        return SQL(
            """SELECT part.*, SUM(part.share) OVER (PARTITION BY claim_id) AS total
                 FROM (SELECT weighed.*,
                              COALESCE(ROUND(amount * weight / total_weight, digits),
                                       amount) AS share
                         FROM weighed) part"""
        )
