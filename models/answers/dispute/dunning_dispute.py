from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

TASK = "account_dunning_scenario.mail_activity_type_dispute"
STATES = [
    ("new", "New"),
    ("in_progress", "In progress"),
    ("waiting", "Waiting for the customer"),
    ("settled", "Settled"),
]
# Fields of a settled dispute that may change until the customer is told.
UNTOLD_FIELDS = {"pay_by_date", "resolution_note"}
OUTCOMES = [
    ("founded", "Founded"),
    ("partly", "Partly founded"),
    ("unfounded", "Unfounded"),
]


class DunningDispute(models.Model):
    """Reason not to pay, with an owner, a deadline and an outcome.

    Whether the customer is right is decided by the outcome, not a condition for opening
    one (S2-21): as long as the dispute is open, the disputed amount is not chased.
    """

    _name = "dunning.dispute"
    _description = "Dispute"
    _inherit = [
        "dunning.answer.mixin",
        "dunning.entry.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "priority desc, target_date, id"
    _mail_post_access = "read"
    # The owner and the participants may hand the dispute over to others.
    _keeps_writers = False
    _form_fields = frozenset(
        {
            "attachment_ids",
            "claim_ids",
            "description",
            "hold",
            "outcome",
            "owner_id",
            "participant_ids",
            "priority",
            "promise_id",
            "reason_id",
            "resolution",
            "resolution_note",
            "source",
            "target_date",
            "team_id",
        }
    )
    _new_fields = frozenset(
        {
            "action_id",
            "company_id",
            "declaration_id",
            "is_receipt_wanted",
            "opened_date",
            "partner_id",
        }
    )

    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(tracking=True)
    claim_ids = fields.One2many(
        comodel_name="dunning.dispute.claim",
        inverse_name="dispute_id",
        string="Claims",
    )
    amount = fields.Monetary(string="Disputed", compute="_compute_amount", store=True)
    amount_open = fields.Monetary(
        string="Still Open",
        compute="_compute_amount_open",
        compute_sudo=True,
        help="Part of the disputed amount that is neither paid nor credited.",
    )
    reason_id = fields.Many2one(
        comodel_name="dunning.dispute.reason",
        required=True,
        check_company=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    nature = fields.Selection(
        related="reason_id.nature", store=True, string="Department"
    )
    description = fields.Text(
        string="Customer's Explanation",
        help="In the customer's own words, right or wrong.",
    )
    attachment_ids = fields.Many2many(
        comodel_name="ir.attachment",
        string="Files",
        copy=False,
        help="Files from the customer: photos, delivery notes.",
    )
    priority = fields.Selection(
        selection=[("0", "Normal"), ("1", "High"), ("2", "Urgent")], default="0"
    )
    opened_date = fields.Date(
        string="Opened On",
        compute="_compute_opened_date",
        precompute=True,
        store=True,
        readonly=False,
        required=True,
    )
    target_date = fields.Date(
        string="To Be Settled By",
        compute="_compute_target_date",
        store=True,
        readonly=False,
        tracking=True,
    )
    state = fields.Selection(
        selection=STATES,
        default="new",
        required=True,
        index=True,
        copy=False,
        tracking=True,
        group_expand=True,
    )
    outcome = fields.Selection(
        selection=OUTCOMES,
        copy=False,
        tracking=True,
    )
    resolution = fields.Selection(
        selection=[
            ("credit_note", "Credit note"),
            ("replacement", "Replacement"),
            ("explanation", "Explanation"),
            ("payment_plan", "Payment plan"),
        ],
        copy=False,
        tracking=True,
    )
    resolution_note = fields.Text(
        string="Explanation for the Customer",
        copy=False,
        help="Findings and measures taken, worded for the customer.",
    )
    settled_date = fields.Date(string="Settled On", readonly=True, copy=False)
    days_open = fields.Integer(
        string="Age",
        compute="_compute_days_open",
        help="In days, up to its settlement.",
    )
    days_to_settle = fields.Integer(
        compute="_compute_days_to_settle", store=True, aggregator="avg"
    )
    is_late = fields.Boolean(compute="_compute_days_open")
    hold = fields.Selection(
        selection=[
            ("amount", "The disputed amount"),
            ("claim", "The invoices in full"),
            ("customer", "Everything the customer owes"),
        ],
        string="On Hold Meanwhile",
        compute="_compute_hold",
        store=True,
        readonly=False,
    )
    credit_note_ids = fields.One2many(
        comodel_name="account.move",
        inverse_name="dunning_dispute_id",
        string="Credit Notes",
    )
    promise_id = fields.Many2one(
        comodel_name="dunning.promise",
        string="Payment Plan",
        copy=False,
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
    )

    @api.depends("partner_id.name", "reason_id.name")
    def _compute_display_name(self):
        for dispute in self:
            parts = (dispute.partner_id.name, dispute.reason_id.name)
            dispute.display_name = " – ".join(part for part in parts if part)

    @api.depends("company_id")
    def _compute_opened_date(self):
        """Use today's date unless another day is given."""
        for dispute in self.filtered(lambda dispute: not dispute.opened_date):
            dispute.opened_date = dispute.company_id._dunning_today()

    @api.depends("claim_ids.amount")
    def _compute_amount(self):
        for dispute in self:
            dispute.amount = sum(dispute.claim_ids.mapped("amount"))

    @api.depends(
        "claim_ids.amount",
        "claim_ids.move_line_id.amount_residual",
        "credit_note_ids.state",
        "credit_note_ids.line_ids.amount_residual",
    )
    def _compute_amount_open(self):
        for dispute in self:
            dispute.amount_open = sum(dispute._get_open_parts().values())

    def _get_open_parts(self):
        """Return {claim: part of its disputed amount that is neither paid nor credited
        by the dispute's credit notes}, in the company's currency."""
        notes = self.credit_note_ids.filtered(lambda move: move.state == "posted")
        credits = notes.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        unused, parts = -sum(credits.mapped("amount_residual")), {}
        for claim in self.claim_ids:
            item = claim.move_line_id
            if item and claim._is_owed(item):
                of_notes = item.matched_credit_ids.filtered(
                    lambda partial: partial.credit_move_id in credits
                )
                left = max(claim.amount - sum(of_notes.mapped("amount")), 0)
                used = min(left, unused)
                unused -= used
                parts[claim] = min(left - used, max(claim.amount_residual, 0))
        return parts

    @api.depends("reason_id", "opened_date", "claim_ids.move_line_id")
    def _compute_target_date(self):
        """Set the deadline from the days allowed by the reason, but no later than the
        claims' first due date still to come, so that they are paid in time (S2-22)."""
        for dispute in self.filtered(lambda d: d._follows_reason("target_date")):
            opened = dispute.opened_date
            days = [opened + timedelta(days=dispute.reason_id.days_to_settle)]
            items = dispute.claim_ids.move_line_id
            due = [item._dunning_due_date() for item in items]
            days += [day for day in due if day > opened]
            dispute.target_date = min(days)

    @api.depends("claim_ids.move_line_id")
    def _compute_hold(self):
        """Use the widest hold among the scenarios of the claims."""
        order = ("customer", "claim", "amount")
        for dispute in self.filtered(lambda dispute: not dispute.hold):
            scenarios = dispute._get_scenarios().values()
            holds = {scenario.dispute_hold for scenario in scenarios} | {"amount"}
            dispute.hold = next(hold for hold in order if hold in holds)

    @api.depends("opened_date", "settled_date", "target_date", "state")
    def _compute_days_open(self):
        for dispute in self:
            today = dispute.company_id._dunning_today()
            end = dispute.settled_date or today
            dispute.days_open = (end - dispute.opened_date).days
            dispute.is_late = (
                dispute.state != "settled"
                and dispute.target_date
                and dispute.target_date < today
            )

    @api.depends("opened_date", "settled_date")
    def _compute_days_to_settle(self):
        for dispute in self:
            settled = dispute.settled_date
            dispute.days_to_settle = settled and (settled - dispute.opened_date).days

    def _follows_reason(self, field):
        """Return whether a field still follows the reason: until the dispute is saved,
        or while the field is empty."""
        self.ensure_one()
        return bool(self.reason_id) and (not self._origin or not self[field])

    # ---- ORM -------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Open disputes, notify the owner, the other departments and the salesperson,
        and withdraw the actions that wait for the claims."""
        disputes = super().create(vals_list)
        disputes._keep_files()
        disputes._notify_people()
        disputes._register_outcome("dispute", "opened_date")
        disputes._hold_back()
        return disputes

    def write(self, vals):
        """Hold back newly disputed amounts from follow-up and from promises."""
        before = {dispute: dispute.amount for dispute in self}
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._keep_files()
        raised = self.filtered(
            lambda d: d.currency_id.compare_amounts(d.amount, before[d]) > 0
        )
        if "claim_ids" in vals:
            raised._hold_back()
        if "hold" in vals:
            self._get_held_items()._dunning_recheck()
        return result

    def _get_form_fields(self):
        """Return the fields that a form may write: after settlement only the texts,
        plus the payment day until the customer is told."""
        if "settled" not in self.mapped("state"):
            return self._form_fields
        told = {"description", "priority"}
        return told if any(self.mapped("told_date")) else told | UNTOLD_FIELDS

    @api.model
    def _get_refusal(self, names):
        return self.env._(
            "The company, customer and dates of a dispute cannot be changed; use its "
            "buttons to move it forward. Open it again to change its outcome."
        )

    def _hold_back(self):
        """Withdraw the waiting actions of the claims, and reduce the promises about
        them."""
        items = self.claim_ids.move_line_id
        self.env["dunning.promise.claim"]._reduce_by_disputes(items)
        self._get_held_items()._dunning_recheck()

    def _get_held_items(self):
        """Return the claims that are held in full or in part while the dispute is
        open."""
        # sudo: the owner of a dispute may belong to a department without access to
        # entries
        items_sudo = self.sudo().claim_ids.move_line_id
        whole = self.filtered(lambda dispute: dispute.hold == "customer")
        for company, disputes in whole.grouped("company_id").items():
            of_customers = [
                ("partner_id.commercial_partner_id", "in", disputes.partner_id.ids)
            ]
            items_sudo |= items_sudo.search(
                [*items_sudo._get_dunning_open_domain(company, date.max), *of_customers]
            )
        return items_sudo.with_env(self.env)

    def _keep_files(self):
        """Attach files added in a form to the dispute, so that its readers can open
        them."""
        for dispute in self:
            loose = dispute.attachment_ids.filtered(lambda file: not file.res_id)
            loose.write({"res_model": self._name, "res_id": dispute.id})

    @api.constrains("state", "outcome")
    def _check_outcome(self):
        for dispute in self:
            if dispute.state == "settled" and not dispute.outcome:
                raise ValidationError(
                    self.env._(
                        "Enter the outcome: whether the dispute was founded, and its "
                        "resolution."
                    )
                )

    @api.constrains("promise_id")
    def _check_promise_id(self):
        for dispute in self.filtered("promise_id"):
            # sudo: the owner of a dispute may not see every promise
            if dispute.promise_id.sudo().partner_id != dispute.partner_id:
                raise ValidationError(
                    self.env._(
                        "Choose a payment plan of %(customer)s.",
                        customer=dispute.partner_id.name,
                    )
                )

    def _get_scenarios(self):
        """Return {claim: its scenario, or none}."""
        # sudo: the owner of a dispute may belong to a department without access to
        # entries
        planner = self.env["dunning.planner"].sudo()
        items = self.sudo().claim_ids.move_line_id
        scenarios = {}
        for company, of_company in items.grouped("company_id").items():
            answers = planner._explain(of_company, company._dunning_today())
            for item, answer in zip(of_company, answers, strict=True):
                scenario = self.env["dunning.scenario"].browse(answer["scenario_id"])
                scenarios[item] = scenario
        return scenarios
