from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..journal.dunning_chronicle import Told
from ..setup.labels import get_labels
from ..setup.roles import MANAGER


class DunningCommitteeCase(models.Model):
    """Case of a session: one customer, with origin, decision, reason and result."""

    _name = "dunning.committee.case"
    _description = "Committee Case"
    _inherit = ["dunning.guard.mixin", "mail.thread"]
    _order = "amount_overdue desc, id"
    _form_fields = frozenset(
        {
            "agent_id",
            "agent_kind",
            "decision",
            "decision_reason",
            "proposal",
            "resume_date",
            "visit_user_id",
        }
    )
    _new_fields = frozenset({"committee_id", "partner_id"})
    _check_company_auto = True

    committee_id = fields.Many2one(
        comodel_name="dunning.committee", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="committee_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(related="committee_id.date", store=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        domain="[('parent_id', '=', False)]",
    )
    origin = fields.Selection(
        selection=[
            ("committee_step", "Step by committee"),
            ("last_step", "The scenario is over"),
            ("amount", "Amount exceeded"),
            ("deferred", "Left over from the last session"),
            ("manual", "Added by hand"),
        ],
        default="manual",
        required=True,
    )
    amount_overdue = fields.Monetary(
        string="Overdue", help="Overdue amount asked for, credits deducted."
    )
    state = fields.Selection(
        selection=[
            ("open", "To decide"),
            ("decided", "Decided"),
            ("deferred", "Next session"),
            ("dropped", "Settled"),
        ],
        default="open",
        required=True,
        copy=False,
    )
    delivery_ids = fields.One2many(
        comodel_name="dunning.delivery",
        inverse_name="committee_case_id",
        string="Deliveries",
    )
    proposal = fields.Text(help="The collector's recommendation to the members.")
    decision = fields.Selection(
        selection=[
            ("carry_on", "Carry on"),
            ("visit", "Visit"),
            ("payment_plan", "Payment plan"),
            ("block_orders", "Block orders"),
            ("hand_over", "Hand over"),
            ("write_off", "Write off"),
        ],
        copy=False,
    )
    decision_reason = fields.Text(string="Reason", copy=False)
    decided_by_id = fields.Many2one(
        comodel_name="res.users", index="btree_not_null", readonly=True, copy=False
    )
    decided_date = fields.Date(string="Decided On", readonly=True, copy=False)
    resume_date = fields.Date(
        string="Not Before",
        help="The customer is not contacted until this day; then the committee step "
        "falls due again.",
    )
    visit_user_id = fields.Many2one(
        comodel_name="res.users", string="Visitor", index="btree_not_null"
    )
    agent_id = fields.Many2one(
        comodel_name="res.partner",
        string="Hand Over To",
        check_company=True,
        index="btree_not_null",
    )
    agent_kind = fields.Selection(
        selection=lambda self: self._selection_agent_kind(), string="Type of Agent"
    )
    visit_action_id = fields.Many2one(
        comodel_name="dunning.action", readonly=True, index="btree_not_null", copy=False
    )
    handover_id = fields.Many2one(
        comodel_name="dunning.handover",
        readonly=True,
        index="btree_not_null",
        copy=False,
    )
    writeoff_move_id = fields.Many2one(
        comodel_name="account.move",
        string="Entry to Check",
        readonly=True,
        index="btree_not_null",
        copy=False,
    )

    _once = models.UniqueIndex(
        "(committee_id, partner_id)", "This customer is already on the agenda."
    )

    @api.model
    def _selection_agent_kind(self):
        kind = self.env["dunning.handover"]._fields["agent_kind"]
        return kind._description_selection(self.env)

    @api.depends("partner_id.name")
    def _compute_display_name(self):
        for case in self:
            case.display_name = case.partner_id.name

    # ---- ORM -------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Put customers on the agenda by hand, ignoring fields that only methods write.

        :raise UserError: the session is closed
        """
        if not self._holds_journal():
            said = self._form_fields | self._new_fields
            for vals in vals_list:
                self._check_dunning_bounds(vals)
            vals_list = [
                {name: vals[name] for name in vals if name in said}
                for vals in vals_list
            ]
        cases = super().create(vals_list)
        if not self._holds_journal() and "closed" in cases.committee_id.mapped("state"):
            raise UserError(
                self.env._("This session is closed: prepare the next one instead.")
            )
        return cases

    def _get_form_fields(self):
        """Return the fields that a form may write: none after the decision."""
        is_open = all(case.state in ("open", "deferred") for case in self)
        return self._form_fields if is_open else frozenset()

    @api.model
    def _get_refusal(self, names):
        return self.env._(
            "A decision cannot be changed once it is recorded: put the customer on the "
            "agenda of the next session instead."
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if "decided" in self.mapped("state"):
            raise UserError(
                self.env._("A decision stays on record: it cannot be deleted.")
            )

    # ---- buttons ---------------------------------------------------------------------

    def action_decide(self):
        """Record the decision of the committee and carry it out.

        :return: action that opens the answer to note, the visit, the handover or the
            entry to check; True if there is nothing to open
        :raise AccessError: the user is not a collection manager
        :raise UserError: the decision or something that it needs is missing
        """
        self.ensure_one()
        self._check_manager()
        self._check_decision()
        # sudo: managers may not have all rights on what a decision creates; see `write`
        case_sudo = self.sudo()
        case_sudo.write(
            {
                "state": "decided",
                "decided_by_id": self.env.uid,
                "decided_date": self.company_id._dunning_today(),
            }
        )
        case_sudo._log_decision()
        return case_sudo._execute()

    def action_open_customer(self):
        """Open the customer at a glance."""
        self.ensure_one()
        return self.partner_id._open_dunning_customer()

    @api.model
    def _check_manager(self):
        """Refuse users who are not collection managers.

        :raise AccessError: the user is not a collection manager
        """
        if not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._(
                    "Only collection managers decide: enter a proposal and leave the "
                    "decision to them."
                )
            )

    def _check_decision(self):
        """Check that the case is open and the decision complete.

        :raise UserError: the case is closed, or something is missing
        """
        if self.state not in ("open", "deferred"):
            raise UserError(self.env._("This case is already closed."))
        if self.committee_id.state == "closed":
            raise UserError(
                self.env._("This session is closed: decide in the next one.")
            )
        if not self.decision:
            raise UserError(self.env._("First choose a decision."))
        if not (self.decision_reason or "").strip():
            raise UserError(self.env._("Enter the reason for the decision."))
        if self.decision == "hand_over" and not self.agent_id:
            raise UserError(
                self.env._("Choose the third party to hand the customer over to.")
            )
        today = self.company_id._dunning_today()
        if self.resume_date and self.resume_date <= today:
            raise UserError(self.env._("Choose a day after today."))
        if (
            self.decision == "write_off"
            and not self.company_id.dunning_writeoff_account_id
        ):
            raise UserError(
                self.env._(
                    "First choose the loss account in the settings of the customer "
                    "follow-up."
                )
            )

    # ---- business --------------------------------------------------------------------

    def _defer(self):
        """Leave these cases to the next session; one that is already planned gathers
        them at once."""
        # sudo: the state of a case is written by methods only
        self.sudo().state = "deferred"
        for company, cases in self.grouped("company_id").items():
            following = self.env["dunning.committee"].search(
                [("company_id", "=", company.id), ("state", "=", "open")],
                order="date, id",
                limit=1,
            )
            if following:
                following._gather(cases.partner_id)

    def _log_decision(self):
        """Log the decision and its reason; in the customer's chatter, only that there
        is a decision."""
        labels = get_labels(self, "decision")
        self.env["dunning.chronicle"]._tell(
            [
                Told(
                    self,
                    self.env._(
                        "%(committee)s: decided",
                        committee=self.committee_id.display_name,
                    ),
                    f"{labels[self.decision]}. {self.decision_reason.strip()}",
                )
            ]
        )
