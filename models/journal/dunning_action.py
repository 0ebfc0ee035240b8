from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ..scenario.dunning_step import KINDS, MODES
from ..setup.labels import get_labels

WAITING_STATES = ("to_confirm", "scheduled", "failed")
OPEN_STATES = (*WAITING_STATES, "in_progress")


class DunningAction(models.Model):
    """Contact with one customer, performed or about to be, on a set of claims.

    The planner creates the records. Users confirm, skip, postpone, retry; only the
    system sets `cancelled`, once every line was dropped.
    """

    _name = "dunning.action"
    _description = "Follow-Up Action"
    _inherit = ["dunning.guard.mixin", "rating.mixin", "mail.activity.mixin"]
    _form_fields = frozenset(
        {
            "collector_id",
            "is_ticked",
            "mail_body",
            "mail_subject",
            "outcome",
            "outcome_date",
            "scheduled_at",
            "untick_note",
            "untick_reason",
        }
    )
    _order = "planned_date desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    scenario_id = fields.Many2one(
        comodel_name="dunning.scenario",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    step_id = fields.Many2one(
        comodel_name="dunning.step", index="btree_not_null", ondelete="restrict"
    )
    kind = fields.Selection(
        selection=KINDS,
        default="reminder",
        required=True,
    )
    channel = fields.Selection(
        selection=lambda self: self.env["dunning.channel"]._get_selection(),
        required=True,
    )
    mode = fields.Selection(
        selection=MODES,
        default="confirm",
        required=True,
    )
    state = fields.Selection(
        selection=[
            ("to_confirm", "To confirm"),
            ("scheduled", "Scheduled"),
            ("in_progress", "In progress"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("skipped", "Skipped"),
            ("cancelled", "Cancelled"),
        ],
        default="to_confirm",
        required=True,
        index=True,
        copy=False,
    )
    is_ticked = fields.Boolean(string="Ticked", default=True)
    untick_reason = fields.Selection(
        selection=[
            ("stop", "Customer in “stop”"),
            ("stale", "Bank entries are not up to date"),
            ("optional", "Optional step"),
            ("personalise", "To be personalised first"),
            ("reply", "The customer answered: read it first"),
            ("dissatisfied", "The customer is dissatisfied: deal with it first"),
            ("user", "Unticked by a person"),
        ],
        string="Reason for Unticking",
    )
    untick_note = fields.Char(
        string="Unticking Note", help="User who unticked the action, and the reason."
    )
    planned_date = fields.Date(
        string="Day",
        required=True,
        default=lambda self: self.env.company._dunning_today(),
    )
    scheduled_at = fields.Datetime(
        string="Send Time", default=lambda self: fields.Datetime.now()
    )
    performed_date = fields.Date(
        string="Performed On",
        copy=False,
        help="Day of the contact, in the company's time zone.",
    )
    performed_at = fields.Datetime(copy=False)
    collector_id = fields.Many2one(comodel_name="res.users", index="btree_not_null")
    salesperson_id = fields.Many2one(comodel_name="res.users", index="btree_not_null")
    amount_total = fields.Monetary(
        string="Amount",
        help="Amount that this action follows up, in the company's currency.",
    )
    reason = fields.Char(help="Reason why it failed or was skipped.")
    origin = fields.Selection(
        selection=[
            ("planner", "Planned"),
            ("manual", "Made by hand"),
            ("taken_in", "Taken in"),
        ],
        default="manual",
        required=True,
    )
    outcome = fields.Selection(
        selection=[
            ("paid", "Paid"),
            ("partly_paid", "Partly paid"),
            ("promise", "Promise"),
            ("promise_broken", "Promise broken"),
            ("dispute", "Dispute"),
            ("reply", "Reply"),
            ("dissatisfied", "Dissatisfied"),
        ],
        copy=False,
    )
    outcome_date = fields.Date(copy=False)
    line_ids = fields.One2many(
        comodel_name="dunning.action.line",
        inverse_name="action_id",
        string="Lines",
    )
    mail_subject = fields.Char(string="Subject")
    mail_body = fields.Html(string="Message")

    _due_index = models.Index("(company_id, scheduled_at) WHERE state = 'scheduled'")
    _contact_index = models.Index("(partner_id, planned_date) WHERE kind <> 'thanks'")

    @api.depends("step_id.name", "partner_id.name", "channel")
    def _compute_display_name(self):
        labels = get_labels(self, "channel")
        for action in self:
            what = action.step_id.name or labels.get(action.channel)
            action.display_name = f"{what} – {action.partner_id.name}"

    def _get_collector(self):
        """Return the action's collector if still active, else the customer's current
        collector."""
        self.ensure_one()
        given_to = self.collector_id.filtered("active")
        return given_to or self.partner_id._dunning_get_collector(self.company_id)

    def _get_form_fields(self):
        """Return the fields that forms may write: after sending, only the collector and
        the outcome."""
        if all(action.state in WAITING_STATES for action in self):
            return self._form_fields
        return {"collector_id", "outcome", "outcome_date"}

    @api.model
    def _get_refusal(self, names):
        return self.env._(
            "The history of the follow-up cannot be changed by hand: confirm, skip, "
            "postpone or try again instead."
        )

    # ---- buttons ---------------------------------------------------------------------

    def action_confirm(self):
        """Schedule the actions for their send time, ticked or not.

        :raise UserError: an action does not wait for confirmation, or its company is
            not live
        """
        self._check_live()
        actions = self._take(("to_confirm",), self.env._("confirmed"))
        actions.write({"state": "scheduled", "is_ticked": True})
        self._wake_delivery()
        return True

    def action_retry(self):
        """Schedule failed actions again."""
        self._check_live()
        actions = self._take(("failed",), self.env._("sent again"))
        actions.write({"state": "scheduled", "reason": False})
        self._wake_delivery()
        return True

    # ---- business --------------------------------------------------------------------

    def _take(self, states, verb):
        """Lock the actions and return them as superuser, which writes the journal,
        after a check of the user's right to work on them.

        :param states: states in which the actions may be
        :param verb: past participle of the operation, in the user's language
        :raise UserError: an action is in another state, or locked by somebody else
        """
        self.check_access("write")
        free = self.try_lock_for_update(allow_referencing=True)
        if taken := self - free:
            raise UserError(
                self.env._(
                    "“%(action)s” cannot be %(verb)s: somebody else is working on it, "
                    "or it is leaving right now. Try again in a moment.",
                    action=taken[0].display_name,
                    verb=verb,
                )
            )
        wrong = self.filtered(lambda action: action.state not in states)
        if wrong:
            raise UserError(wrong[0]._get_state_refusal(verb))
        return self.sudo()

    def _get_state_refusal(self, verb):
        """Return the message that refuses an operation, with the action's state, its
        time and user."""
        labels = get_labels(self, "state")
        refusal = self.env._(
            "“%(action)s” cannot be %(verb)s: it has been in the state “%(state)s” "
            "since %(time)s (%(user)s).",
            action=self.display_name,
            verb=verb,
            state=labels[self.state],
            time=format_datetime(self.env, self.write_date, dt_format="short"),
            user=self.sudo().write_uid.name,  # sudo: only a name
        )
        return " ".join(filter(None, [refusal, self.reason]))
