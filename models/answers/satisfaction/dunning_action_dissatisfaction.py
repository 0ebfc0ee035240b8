from odoo import api, fields, models
from odoo.fields import Domain

from ...setup.guard.guard import by_code
from ..dunning_action import PAYMENT_OUTCOMES

CALL = "account_dunning_scenario.mail_activity_type_dissatisfied_call"
COMPLAINT = "account_dunning_scenario.mail_activity_type_dissatisfied"
# The scores of a dissatisfied customer, of 5.
BAD_SCORES = (1, 2)


class DunningAction(models.Model):
    """Extend the action with the handling of bad answers (S2-02): they hold automatic
    reminders, inform the salesperson and ask the collector for a call (S3-29), until
    one of the two has dealt with them."""

    _inherit = "dunning.action"

    is_dissatisfied = fields.Boolean(
        string="Dissatisfied, Not Dealt With",
        compute="_compute_is_dissatisfied",
        search="_search_is_dissatisfied",
    )
    satisfaction_settled_date = fields.Date(
        string="Dealt With On",
        copy=False,
        help="Day on which the negative answer was dealt with, in the company's time "
        "zone.",
    )
    satisfaction_settled_by_id = fields.Many2one(
        comodel_name="res.users", string="Dealt With By", copy=False
    )
    satisfaction_activity_ids = fields.Many2many(
        comodel_name="mail.activity",
        relation="dunning_action_satisfaction_activity_rel",
        column1="action_id",
        column2="activity_id",
        string="Requested Tasks",
        copy=False,
    )

    _dissatisfied_index = models.Index(
        "(partner_id, satisfaction_date)"
        " WHERE satisfaction IN (1, 2) AND satisfaction_settled_date IS NULL"
    )

    @api.depends("satisfaction", "satisfaction_settled_date")
    def _compute_is_dissatisfied(self):
        for action in self:
            action.is_dissatisfied = (
                action.satisfaction in BAD_SCORES
                and not action.satisfaction_settled_date
            )

    @api.model
    def _search_is_dissatisfied(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        return Domain("satisfaction", "in", BAD_SCORES) & Domain(
            "satisfaction_settled_date", "=", False
        )

    # ---- buttons ---------------------------------------------------------------------

    def action_settle_dissatisfaction(self):
        """Mark the bad answers as dealt with: automatic steps continue.

        :raise AccessError: the user is neither their salesperson nor a collector
        """
        complaints = self.filtered("is_dissatisfied")
        if not complaints._is_workable():
            complaints.check_access("write")
        # sudo: the journal is written by methods only, after the check of rights
        complaints.sudo()._settle_dissatisfaction(self.env.user)
        return True

    # ---- business --------------------------------------------------------------------

    def _apply_satisfaction(self, score, words):
        self.write(
            {"satisfaction_settled_date": False, "satisfaction_settled_by_id": False}
        )
        result = super()._apply_satisfaction(score, words)
        if self.is_dissatisfied:
            self._register_dissatisfaction()
        else:
            self._release_dissatisfaction()
            self.filtered(lambda a: a.outcome == "dissatisfied")._restore_outcome()
        return result

    def _register_dissatisfaction(self):
        """Record the dissatisfaction as the outcome, stop automatic messages until it
        is dealt with, and ask for that."""
        company = self.company_id
        if self.outcome not in PAYMENT_OUTCOMES:
            self.write(
                {"outcome": "dissatisfied", "outcome_date": self.satisfaction_date}
            )
        if company._dunning_setup_company().dunning_dissatisfied_hold_days:
            reason = self.env._("The customer is dissatisfied")
            self._hold_others(company._dunning_tree(), "dissatisfied", reason)
        self._notify_dissatisfaction()

    def _get_answer_outcomes(self):
        words = super()._get_answer_outcomes()
        if self.satisfaction in BAD_SCORES:
            words.append((self.satisfaction_date, "dissatisfied"))
        return words

    def _is_workable(self):
        """Return whether the user may work on all these contacts: a collector of their
        companies, or the customers' salesperson."""
        others = self.sudo().filtered(
            lambda action: action._get_salesperson() != self.env.user
        )
        return not others or others.sudo(False).has_access("write")

    def _get_salesperson(self):
        self.ensure_one()
        users = self.salesperson_id | self.partner_id.user_id
        return users.filtered("active")[:1]

    # ---- activities ------------------------------------------------------------------

    def _notify_dissatisfaction(self):
        """Ask the collector to call, and subscribe and inform the salesperson.
        Activities of an earlier bad answer also serve this one."""
        salesperson, collector = self._get_salesperson(), self._get_collector()
        self.message_subscribe(salesperson.partner_id.ids)
        known = self._get_open_complaints().satisfaction_activity_ids
        tasks = {collector or salesperson: CALL}
        if salesperson and collector:
            tasks.setdefault(salesperson, COMPLAINT)
        for user, activity_type in tasks.items():
            if user and user not in known.user_id:
                known |= self._schedule_for_dissatisfaction(user, activity_type)
        self.satisfaction_activity_ids = known

    def _get_open_complaints(self):
        """Return the customer's open bad answers, this one included."""
        return self.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "in", self.company_id._dunning_tree().ids),
                ("is_dissatisfied", "=", True),
            ]
        )

    def _schedule_for_dissatisfaction(self, user, activity_type):
        env = self.with_context(lang=user.lang).env
        return by_code(self.partner_id).activity_schedule(
            activity_type,
            date_deadline=self.satisfaction_date,
            summary=env._(
                "Satisfaction %(score)s out of 5: call without asking for payment",
                score=self.satisfaction,
            ),
            # The words stay on the action: more people see the customer's tasks.
            note=self.env["dunning.chronicle"]._get_note(self, self.display_name),
            user_id=user.id,
        )

    def _settle_dissatisfaction(self, user):
        """Record that the bad answers were dealt with today.

        :param user: res.users who dealt with them

        :param user: res.users, who did
        """
        for company, complaints in self.grouped("company_id").items():
            complaints.write(
                {
                    "satisfaction_settled_date": company._dunning_today(),
                    "satisfaction_settled_by_id": user.id,
                }
            )
        note = self.env._("Dissatisfaction dealt with by %(user)s", user=user.name)
        self._message_log_batch(dict.fromkeys(self.ids, note))
        self._release_dissatisfaction()

    def _release_dissatisfaction(self):
        """Remove the activities that no open bad answer needs."""
        activities = self.satisfaction_activity_ids
        waiting = self.search(
            [
                ("satisfaction_activity_ids", "in", activities.ids),
                ("is_dissatisfied", "=", True),
            ]
        )
        (activities - waiting.satisfaction_activity_ids).unlink()
