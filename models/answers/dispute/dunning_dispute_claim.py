from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DunningDisputeClaim(models.Model):
    """Disputed part of a claim, or all of it."""

    _name = "dunning.dispute.claim"
    _description = "Disputed Claim"
    _inherit = ["dunning.claim.part.mixin"]
    _claim_owner = "dispute_id"
    _claim_part = "amount"
    _order = "id"
    _form_fields = frozenset({"amount", "move_line_id"})
    _new_fields = frozenset({"dispute_id"})

    dispute_id = fields.Many2one(
        comodel_name="dunning.dispute", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(
        related="dispute_id.currency_id", string="Company Currency"
    )
    amount_residual = fields.Monetary(
        related="move_line_id.amount_residual", string="Open Amount"
    )
    amount = fields.Monetary(
        string="Disputed",
        compute="_compute_amount",
        precompute=True,
        store=True,
        readonly=False,
        required=True,
        help="In the company's currency: the whole open amount, unless you enter less.",
    )
    is_partial = fields.Boolean(
        compute="_compute_is_partial",
        store=True,
        help="Only part of the open amount is disputed.",
    )

    _claim_once = models.UniqueIndex(
        "(dispute_id, move_line_id)", "This invoice is already part of the dispute."
    )

    @api.depends("move_line_id")
    def _compute_amount(self):
        for claim in self.filtered("move_line_id"):
            claim.amount = max(claim.move_line_id.amount_residual, 0)

    @api.depends("amount")
    def _compute_is_partial(self):
        for claim in self:
            residual = claim.move_line_id.amount_residual
            claim.is_partial = (
                claim.currency_id.compare_amounts(claim.amount, residual) < 0
            )

    @api.constrains("amount")
    def _check_amount(self):
        for claim in self:
            open_amount = claim.amount_residual
            compare = claim.currency_id.compare_amounts
            if compare(claim.amount, 0) <= 0 or compare(claim.amount, open_amount) > 0:
                raise ValidationError(
                    self.env._(
                        "Enter the disputed amount of %(invoice)s: above zero and at "
                        "most %(total)s. An amount already paid cannot be disputed.",
                        invoice=claim.move_id.name,
                        total=claim.currency_id.format(max(open_amount, 0)),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Add claims to disputes that are not settled."""
        claims = super().create(vals_list)
        claims._check_unsettled()
        return claims

    def write(self, vals):
        self._check_unsettled()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        self._check_unsettled()

    def _check_unsettled(self):
        """Refuse changes by hand to a settled dispute.

        :raise UserError: the dispute is settled
        """
        if not self._holds_journal():
            self.dispute_id._check_open()

    @api.model
    def _get_open_part_domain(self):
        return [("dispute_id.state", "!=", "settled")]

    @api.model
    def _get_disputed(self, items):
        """Return {item: amount named by open disputes, in the company's currency}.

        :param items: account.move.line
        """
        # sudo: the user who takes a promise may not see every dispute
        amounts = self.sudo()._read_group(
            [("move_line_id", "in", items.ids), *self._get_open_part_domain()],
            ["move_line_id"],
            ["amount:sum"],
        )
        return dict(amounts)

    @api.model
    def _get_undisputed_parts(self, items):
        """Return {item: undisputed fraction of its open amount, from 0 to 1}.

        :param items: account.move.line
        """
        disputed = self._get_disputed(items)
        return {
            item: max(1 - disputed.get(item, 0) / item.amount_residual, 0)
            if item.amount_residual
            else 0
            for item in items
        }

    @api.model
    def _get_max_amount(self, owner, item):
        return abs(item.balance)

    def _take(self, wanted):
        self.ensure_one()
        self.amount = min(wanted, self.amount_residual)
        return self.amount
