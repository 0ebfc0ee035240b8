from odoo import api, fields, models
from odoo.fields import Command

ANSWERS = [("yes", "Yes"), ("no", "No")]
GOOD_SCORES = ("4", "5")


class DunningEntry(models.TransientModel):
    """Extend the dialog with the questions of the call before the due date (S2-09). It
    never asks for money; it asks about payment on the due date only when every other
    answer is good (S2-16)."""

    _inherit = "dunning.entry"

    is_survey = fields.Boolean(compute="_compute_is_survey")
    went_well = fields.Selection(selection=ANSWERS, string="Did everything go well?")
    is_received = fields.Selection(
        selection=ANSWERS, string="Was the invoice received?"
    )
    is_all_good = fields.Boolean(compute="_compute_is_all_good")
    is_confirmed = fields.Selection(
        selection=ANSWERS, string="Will it be paid on its due date?"
    )

    @api.depends("action_id")
    def _compute_is_survey(self):
        for entry in self:
            entry.is_survey = entry.is_call and entry.action_id.kind == "notice"

    @api.depends("is_survey", "went_well", "satisfaction", "is_received")
    def _compute_is_all_good(self):
        for entry in self:
            entry.is_all_good = (
                entry.is_survey
                and entry.went_well == "yes"
                and entry.satisfaction in GOOD_SCORES
                and entry.is_received == "yes"
            )

    @api.onchange("went_well")
    def _onchange_went_well(self):
        """Open a dispute for what went wrong (S2-18), unless the caller closes the
        block."""
        if self.is_survey:
            self.has_dispute = self.went_well == "no"

    @api.onchange("is_received")
    def _onchange_is_received(self):
        """Send an invoice that was not received again (S2-15)."""
        if self.is_survey:
            self.has_reason = self.is_received == "no"
            self.reason = self.has_reason and "not_received"

    def _has_content(self):
        is_answered = self.is_survey and (self.went_well or self.is_received)
        return bool(is_answered) or super()._has_content()

    def _save(self):
        """Record a confirmation as a promise for the due date of each invoice."""
        day = self._get_day()
        action = self.action_id
        result = super()._save()
        if self.is_all_good and self.is_confirmed == "yes":
            self._promise_on_due_dates(action, day)
        return result

    def _promise_on_due_dates(self, action, day):
        amounts = {}
        for line, amount in self._get_undisputed().items():
            due = max(line.due_date, day)
            amounts[due] = amounts.get(due, 0) + amount
        terms = [
            Command.create({"date": due, "amount": self.currency_id.round(amount)})
            for due, amount in amounts.items()
            if self.currency_id.compare_amounts(amount, 0) > 0
        ]
        if not terms:
            return
        # sudo: paying on the due date needs no approval by a manager
        self.env["dunning.promise"].sudo().create(
            {
                **self._prepare_answer_values(action),
                "currency_id": self.currency_id.id,
                "taken_date": day,
                "user_id": self.env.uid,
                "term_ids": terms,
                "claim_ids": [
                    Command.create({"move_line_id": item.id})
                    for item in self._get_items()
                ],
            }
        )

    def _get_summary(self):
        answers = filter(None, (self._get_survey_text(), super()._get_summary()))
        return " ".join(answers)

    def _get_survey_text(self):
        if not self.is_survey:
            return False
        said = {
            "went_well": {
                "yes": self.env._("Everything went well."),
                "no": self.env._("Not everything went well."),
            },
            "is_received": {
                "yes": self.env._("The invoice was received."),
                "no": self.env._("The invoice was not received."),
            },
            "is_confirmed": {
                "yes": self.env._("It will be paid on its due date."),
                "no": self.env._("Its payment is not confirmed."),
            },
        }
        asked = said if self.is_all_good else ("went_well", "is_received")
        return " ".join(said[name][self[name]] for name in asked if self[name])
