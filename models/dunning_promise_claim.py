from odoo import fields, models


class DunningPromiseClaim(models.Model):
    """What of a promise goes to one claim."""

    _name = "dunning.promise.claim"
    _description = "Promised Claim"
    _inherit = ["dunning.claim.mixin"]
    _claim_owner = "promise_id"
    _order = "id"

    promise_id = fields.Many2one(
        comodel_name="dunning.promise", required=True, index=True, ondelete="cascade"
    )
    promise_state = fields.Selection(related="promise_id.state")
    company_currency_id = fields.Many2one(
        related="promise_id.company_id.currency_id", string="Company Currency"
    )
    promise_currency_id = fields.Many2one(
        related="promise_id.currency_id", string="Currency of the Promise"
    )
    currency_id = fields.Many2one(related="move_line_id.currency_id")
    due_date = fields.Date(related="move_line_id.date_maturity")
    share = fields.Monetary(
        string="Promised",
        currency_field="promise_currency_id",
        readonly=True,
        help="In the currency of the promise.",
    )
    amount = fields.Monetary(
        string="Promised in Company Currency",
        currency_field="company_currency_id",
        readonly=True,
    )
    amount_currency = fields.Monetary(
        string="Promised in Currency", readonly=True, help="In the claim's currency."
    )
    residual_before = fields.Monetary(
        string="Open When Promised",
        currency_field="company_currency_id",
        readonly=True,
    )
    last_partial_id = fields.Integer(
        readonly=True, help="Reconciliations up to this one came before the promise."
    )

    _claim_once = models.UniqueIndex(
        "(promise_id, move_line_id)", "This invoice is already part of the promise."
    )

    def _get_order(self):
        """Claims in the currency of the promise come first, then the oldest."""
        self.ensure_one()
        item = self.move_line_id
        is_foreign = item.currency_id != self.promise_id.currency_id
        return (is_foreign, item._dunning_due_date(), item.id)

    def _take(self, wanted):
        """Promise as much of the claim as is wanted and open, at the rate of the day.

        :param wanted: amount in the currency of the promise
        :return: what is promised of it, in that currency
        """
        self.ensure_one()
        item, promise = self.move_line_id, self.promise_id
        currency = promise.currency_id
        value = item.currency_id._convert(
            item.amount_residual_currency,
            currency,
            promise.company_id,
            promise.taken_date,
        )
        share = max(min(value, wanted), 0)
        part = share / value if value > 0 else 0
        self.write(
            {
                "share": currency.round(share),
                "amount": item.company_currency_id.round(item.amount_residual * part),
                "amount_currency": item.currency_id.round(
                    item.amount_residual_currency * part
                ),
                "residual_before": item.amount_residual,
                "last_partial_id": max(item.matched_credit_ids.ids, default=0),
            }
        )
        return self.share
