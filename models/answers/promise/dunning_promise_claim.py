from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError

from .dunning_promise import OPEN_STATES


class Standing(NamedTuple):
    """Open amount of a claim at a moment, in company currency and in its own, with the
    id of its last reconciliation before."""

    residual: float
    residual_currency: float
    last_partial_id: int


class DunningPromiseClaim(models.Model):
    """Part of a promise that covers one claim."""

    _name = "dunning.promise.claim"
    _description = "Promised Claim"
    _inherit = ["dunning.claim.part.mixin"]
    _claim_owner = "promise_id"
    _claim_part = "share"
    _order = "id"
    _form_fields = frozenset()
    _new_fields = frozenset({"move_line_id", "promise_id"})

    promise_id = fields.Many2one(
        comodel_name="dunning.promise", required=True, index=True, ondelete="cascade"
    )
    promise_state = fields.Selection(related="promise_id.state")
    is_open = fields.Boolean(
        readonly=True, help="The promise is open: no other promise covers the claim."
    )
    company_currency_id = fields.Many2one(
        related="promise_id.company_id.currency_id", string="Company Currency"
    )
    promise_currency_id = fields.Many2one(
        related="promise_id.currency_id", string="Currency of the Promise"
    )
    currency_id = fields.Many2one(related="move_line_id.currency_id")
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

    _claim_promised_once = models.UniqueIndex(
        "(move_line_id) WHERE is_open",
        "Somebody has just noted a promise on the same invoice. Look at it first, then "
        "note yours if it still applies: it will replace the other one.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Create the claims of new promises."""
        self.env["dunning.promise"]._check_being_taken()
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_taken(self):
        """Refuse to delete claims of a promise that has been taken."""
        if not self._holds_journal():
            raise UserError(self._get_refusal(set()))

    @api.model
    def _get_refusal(self, names):
        return self.env["dunning.promise"]._get_refusal(names)

    def _is_binding(self):
        """Return whether the claim is still the one promised: not cancelled, deleted or
        moved to another customer."""
        self.ensure_one()
        item = self.move_line_id
        return item.parent_state == "posted" and self._is_owed(item)

    @api.model
    def _get_open_part_domain(self):
        return [("promise_id.state", "in", OPEN_STATES)]

    @api.model
    def _get_max_amount(self, owner, item):
        rival = [("move_line_id", "=", item.id), ("promise_id", "!=", owner.id)]
        if self.search_count([*rival, ("is_open", "=", True)], limit=1):
            return 0
        return item.currency_id._convert(
            abs(item.amount_currency),
            owner.currency_id,
            owner.company_id,
            owner.taken_date,
        )

    def _fit_to_instalments(self, moves):
        """Share the promises out over the new instalments; no more was open than the
        edited invoice asks for."""
        result = super()._fit_to_instalments(moves)
        # sudo: as for sharing out
        claims_sudo = self.sudo().search(
            [
                ("move_id", "in", moves.ids),
                ("move_line_id", "!=", False),
                *self._get_open_part_domain(),
            ]
        )
        for claim in claims_sudo:
            open_now = claim.move_line_id.amount_residual
            claim.residual_before = min(claim.residual_before, open_now)
        return result

    def _get_order(self):
        """Return the sort key: claims in the currency of the promise first, then the
        oldest."""
        self.ensure_one()
        item = self.move_line_id
        is_foreign = item.currency_id != self.promise_id.currency_id
        return (is_foreign, item._dunning_due_date(), item.id)

    def _get_value(self):
        """Return the open amount of the claim in the currency of the promise."""
        self.ensure_one()
        item, promise = self.move_line_id, self.promise_id
        return item.currency_id._convert(
            self._get_standing().residual_currency,
            promise.currency_id,
            promise.company_id,
            promise.taken_date,
        )

    def _share(self, amount):
        """Share an amount over the claims of a promise, in their order: first over the
        undisputed amounts, then over the disputed ones.

        :param amount: in the currency of the promise
        :return: {claim: its part, at most its open amount}
        """
        disputes = self.env["dunning.dispute.claim"]
        undisputed = disputes._get_undisputed_parts(self.move_line_id)
        shares = dict.fromkeys(self, 0)
        for parts in (undisputed, dict.fromkeys(undisputed, 1)):
            for claim in self:
                part = parts[claim.move_line_id]
                room = claim.promise_currency_id.round(claim._get_value() * part)
                more = min(room - shares[claim], amount)
                shares[claim] += max(more, 0)
                amount -= max(more, 0)
        return shares

    def _take(self, wanted):
        """Promise up to the wanted and open amount of the claim, at the rate of the
        day."""
        self.ensure_one()
        item, currency = self.move_line_id, self.promise_id.currency_id
        value, standing = self._get_value(), self._get_standing()
        share = max(min(value, wanted), 0)
        part = share / value if value > 0 else 0
        self.write(
            {
                "share": currency.round(share),
                "amount": item.company_currency_id.round(standing.residual * part),
                "amount_currency": item.currency_id.round(
                    standing.residual_currency * part
                ),
                "residual_before": standing.residual,
                "last_partial_id": standing.last_partial_id,
            }
        )
        return self.share

    def _get_standing(self):
        """Return what is open of the claim when it is promised; payments after it count
        for the promise."""
        item = self.move_line_id
        return Standing(
            item.amount_residual,
            item.amount_residual_currency,
            max(item.matched_credit_ids.ids, default=0),
        )
