from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import format_date

from ...setup.guard.guard import SEAL, is_sealed

OPEN_STATES = ("open",)
# States of a promise that was not kept in full.
MISSED_STATES = ("partly_kept", "broken")
JUDGED_STATES = ("kept", *MISSED_STATES)


class DunningPromise(models.Model):
    """Promise of a customer to pay an amount by a date, or several: a payment plan.

    It holds its claims until its date plus the company's days of grace. It is judged by
    the accounting date of the payments, however late they are reconciled.
    """

    _name = "dunning.promise"
    _description = "Promise"
    _inherit = [
        "dunning.answer.mixin",
        "dunning.entry.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date desc, id desc"
    _form_fields = frozenset({"is_reminder_wanted", "note", "source"})
    _new_fields = frozenset(
        {
            "action_id",
            "amount",
            "claim_ids",
            "company_id",
            "currency_id",
            "date",
            "declaration_id",
            "partner_id",
            "taken_date",
            "term_ids",
            "user_id",
        }
    )

    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    term_ids = fields.One2many(
        comodel_name="dunning.promise.term",
        inverse_name="promise_id",
        string="Payments Promised",
    )
    claim_ids = fields.One2many(
        comodel_name="dunning.promise.claim",
        inverse_name="promise_id",
        string="Claims",
    )
    amount = fields.Monetary(
        compute="_compute_totals", inverse="_inverse_totals", store=True
    )
    date = fields.Date(
        string="Pay By",
        compute="_compute_totals",
        inverse="_inverse_totals",
        store=True,
        index=True,
        help="Date of the last promised payment.",
    )
    is_plan = fields.Boolean(
        string="Payment Plan", compute="_compute_is_plan", store=True
    )
    state = fields.Selection(
        selection=[
            ("open", "Running"),
            ("kept", "Kept"),
            ("partly_kept", "Partly kept"),
            ("broken", "Broken"),
            ("cancelled", "Cancelled"),
            ("replaced", "Replaced"),
        ],
        default="open",
        required=True,
        index=True,
        copy=False,
        tracking=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Taken By",
        default=lambda self: self.env.user,
        index="btree_not_null",
    )
    taken_date = fields.Date(
        string="Taken On",
        compute="_compute_taken_date",
        precompute=True,
        store=True,
        readonly=False,
        required=True,
    )
    amount_paid = fields.Monetary(
        string="Paid on Time", readonly=True, copy=False, help="As last checked."
    )
    judged_date = fields.Date(
        string="Checked On",
        readonly=True,
        copy=False,
        help="Day on which it was kept, or found broken.",
    )
    replaced_by_id = fields.Many2one(
        comodel_name="dunning.promise",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    confirmed_date = fields.Date(
        string="Confirmed On",
        readonly=True,
        copy=False,
        help="Day on which a confirmation was last sent to the customer.",
    )
    is_reminder_wanted = fields.Boolean(
        string="Remind the Day Before",
        help="Write to the customer one working day before each date.",
    )
    note = fields.Text(string="Customer's Comments")

    @api.depends("amount", "currency_id", "date", "partner_id.name")
    def _compute_display_name(self):
        for promise in self:
            promise.display_name = promise.date and self.env._(
                "%(customer)s: %(amount)s by %(day)s",
                customer=promise.partner_id.name,
                amount=promise.currency_id.format(promise.amount),
                day=format_date(self.env, promise.date),
            )

    @api.depends("term_ids.amount", "term_ids.date")
    def _compute_totals(self):
        for promise in self:
            terms = promise.term_ids
            promise.amount = sum(terms.mapped("amount"))
            promise.date = max(filter(None, terms.mapped("date")), default=False)

    @api.depends("term_ids")
    def _compute_is_plan(self):
        """Compute this apart from the totals: a form that sends amount and date would
        prevent the computation."""
        for promise in self:
            promise.is_plan = len(promise.term_ids) > 1

    @api.depends("company_id")
    def _compute_taken_date(self):
        """Use today's date unless another day is given."""
        for promise in self.filtered(lambda promise: not promise.taken_date):
            promise.taken_date = promise.company_id._dunning_today()

    def _inverse_totals(self):
        """Write amount and date of a simple promise to its only term."""
        for promise in self.filtered(lambda promise: len(promise.term_ids) < 2):
            values = {"amount": promise.amount, "date": promise.date}
            if promise.term_ids:
                promise.term_ids.write(values)
            else:
                promise._journal().term_ids = [Command.create(values)]

    @api.constrains("taken_date")
    def _check_taken_date(self):
        for promise in self:
            if promise.taken_date > promise.company_id._dunning_today():
                raise ValidationError(
                    self.env._(
                        "%(day)s is in the future: enter the day on which the customer "
                        "promised.",
                        day=format_date(self.env, promise.taken_date),
                    )
                )

    # ---- ORM -------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Take promises: choose their claims and replace earlier promises.

        Claims given without amounts share the amount, the oldest first; without any
        claim, it is spread over the customer's open claims, the oldest first.

        :raise ValidationError: more than the open amount is promised, or a day is past
        :raise UserError: a manager has to take this promise
        """
        taking = self.with_context(dunning_taking=SEAL)
        promises = super(DunningPromise, taking).create(vals_list).with_env(self.env)
        if not all(promise.term_ids for promise in promises):
            raise ValidationError(self.env._("Enter the promised amount and its date."))
        for promise in promises:
            promise._spread()
        promises._replace_others()
        promises._mark_claims_open()
        promises._register_outcome("promise", "taken_date")
        promises.claim_ids.move_line_id._dunning_recheck()
        return promises

    def write(self, vals):
        """Keep the claims marked as promised while the promise is open."""
        result = super().write(vals)
        if "state" in vals:
            self.claim_ids._journal().is_open = vals["state"] in OPEN_STATES
        return result

    @api.model
    def _get_refusal(self, names):
        return self.env._(
            "A promise cannot be changed by hand: cancel it and take a new one. Only a "
            "collection manager takes a promise far ahead, or of a customer who broke "
            "the last ones."
        )

    @api.model
    def _check_being_taken(self):
        """Refuse changes to the claims or terms of a promise that has been taken.

        :raise UserError: the promise has been taken
        """
        if not (self._holds_journal() or is_sealed(self.env, "dunning_taking")):
            raise UserError(self._get_refusal(set()))

    def _creation_message(self):
        return self.env._("Promise taken")

    # ---- taking ----------------------------------------------------------------------

    def _check_manager(self):
        """Leave to managers a promise that is far ahead, or that of a customer who
        broke the last ones.

        :raise UserError: with the reason
        """
        if self.env.su or self.env.user.has_group(
            "account_dunning_scenario.dunning_group_manager"
        ):
            return
        for promise in self:
            if reason := promise._get_manager_reason():
                raise UserError(reason)

    def _get_manager_reason(self):
        """Return why only a manager takes this promise, whoever asks; None if a
        collector may."""
        self.ensure_one()
        company = self.company_id._dunning_setup_company()
        ahead = (self.date - self.taken_date).days
        if company.dunning_promise_max_days < ahead:
            return self.env._(
                "%(day)s is more than %(days)s days ahead: agree on an earlier day, or "
                "ask a collection manager to take this promise.",
                day=format_date(self.env, self.date),
                days=company.dunning_promise_max_days,
            )
        broken = self._count_broken_in_a_row()
        if broken > company.dunning_promise_max_broken:
            return self.env._(
                "%(customer)s broke the last %(count)s promises: ask a collection "
                "manager to take this one.",
                customer=self.partner_id.name,
                count=broken,
            )
        return None

    def _count_broken_in_a_row(self):
        """Return the number of the customer's last judged promises, in a row, that were
        not kept."""
        self.ensure_one()
        judged = self.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "in", JUDGED_STATES),
            ],
            order="judged_date desc, id desc",
        )
        states = judged.mapped("state")
        return next(
            (n for n, state in enumerate(states) if state == "kept"), len(states)
        )

    def _spread(self):
        """Share the promise out over its claims, the oldest first, disputed amounts
        last."""
        self.ensure_one()
        if not self.claim_ids:
            self._journal().claim_ids = [
                Command.create({"move_line_id": item.id})
                for item in self._get_candidates()
            ]
        claims = self.claim_ids._journal().sorted(lambda claim: claim._get_order())
        shares = claims._share(self.amount)
        left = self.amount - sum(claim._take(shares[claim]) for claim in claims)
        claims.filtered(
            lambda claim: claim.promise_id.currency_id.is_zero(claim.share)
        ).unlink()
        if self.currency_id.compare_amounts(left, 0) > 0:
            raise ValidationError(
                self.env._(
                    "%(customer)s owes %(open)s on these invoices: enter a promise of "
                    "at most this amount.",
                    customer=self.partner_id.name,
                    open=self.currency_id.format(self.amount - left),
                )
            )

    def _get_candidates(self):
        """Return the open claims of the customer that a promise may be about."""
        Item = self.env["account.move.line"].sudo()  # sudo: salespeople promise, too
        owed = Item._get_dunning_owed_domain(self.company_id, date.max)
        own = Domain("partner_id.commercial_partner_id", "=", self.partner_id.id)
        return Item.search(owed & own)

    def _mark_claims_open(self):
        """Mark the claims as promised at once, so that the database refuses a second
        open promise, now that the replaced ones are closed."""
        self.claim_ids.flush_model(["is_open"])
        self.claim_ids._journal().is_open = True
        self.claim_ids.flush_recordset(["is_open"])

    def _get_rival_claims(self):
        """Return the parts of other open promises about the same claims."""
        return self.claim_ids.search(
            [
                ("move_line_id", "in", self.claim_ids.move_line_id.ids),
                ("promise_id", "not in", self.ids),
                ("is_open", "=", True),
            ]
        )

    def _replace_others(self):
        """Replace the open promises about the same claims."""
        claims = self._get_rival_claims()
        heirs = {claim.move_line_id: claim.promise_id for claim in self.claim_ids}
        by_heir = claims.grouped(lambda claim: heirs[claim.move_line_id])
        for heir, replaced in by_heir.items():
            replaced.promise_id._journal().write(
                {"state": "replaced", "replaced_by_id": heir.id}
            )

    # ---- buttons ---------------------------------------------------------------------

    def action_cancel(self):
        """Cancel an open promise that was noted by mistake or has lost its purpose.

        :raise UserError: it is no longer open
        """
        self._check_open()
        return self._journal().write({"state": "cancelled"})

    def _check_open(self):
        closed = self.filtered(lambda promise: promise.state not in OPEN_STATES)
        if closed:
            raise UserError(
                self.env._(
                    "“%(promise)s” is no longer open: take a new promise instead.",
                    promise=closed[0].display_name,
                )
            )
