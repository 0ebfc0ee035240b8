from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ....models.channels.phone.dunning_call import MISSED_RESULTS
from ....models.setup.labels import get_labels


class DunningEntry(models.TransientModel):
    """Extend the dialog with a call under way: its result and, if nobody was reached,
    the next attempt and its number."""

    _inherit = "dunning.entry"

    is_call = fields.Boolean(string="Call to Make", compute="_compute_call")
    call_text = fields.Char(compute="_compute_call")
    call_phone = fields.Char(string="Number", compute="_compute_call")
    call_result = fields.Selection(
        selection=lambda self: self._selection_call_result(),
        default="reached",
        required=True,
    )
    call_back_at = fields.Datetime(string="Call Back On")
    right_number = fields.Char()
    again_text = fields.Char(string="Next Attempt", compute="_compute_again_text")

    @api.model
    def _selection_call_result(self):
        result = self.env["dunning.call"]._fields["result"]
        return result._description_selection(self.env)

    @api.depends("action_id")
    def _compute_call(self):
        for entry in self:
            call = entry._get_call()
            entry.is_call = bool(call)
            entry.call_phone = call.address
            entry.call_text = call and self.env._(
                "Call %(number)s of %(allowed)s to %(contact)s",
                number=min(
                    call._count_missed() + 1, call.action_id.step_id.call_attempts
                ),
                allowed=call.action_id.step_id.call_attempts,
                contact=call.contact_id.name,
            )

    @api.depends("action_id", "call_result", "right_number")
    def _compute_again_text(self):
        """Announce the next step if nobody is reached."""
        for entry in self:
            entry.again_text = entry.is_call and entry._get_again_text()

    def _get_call(self):
        """Return the delivery of the call under way, empty if there is none."""
        if not self.action_id:
            return self.env["dunning.delivery"]
        return self.action_id._get_call()

    def _get_again_text(self):
        step = self.action_id.step_id
        if self.call_result in MISSED_RESULTS:
            if self._get_call()._count_missed() + 1 < step.call_attempts:
                day, _at = step._get_retry(self.company_id)
                return self.env._(
                    "Next attempt on %(day)s.", day=format_date(self.env, day)
                )
            return self._get_last_text()
        if self.call_result == "wrong_number" and not self.right_number:
            return self.env._(
                "Nobody knows it? Leave it empty: another number of the customer is "
                "called, if there is one."
            )
        return False

    def _get_last_text(self):
        fallback = self._get_call()._get_fallback()
        if not fallback:
            return self.env._(
                "That was the last call: the action goes back to the review desk."
            )
        channels = get_labels(self, "channel")
        return self.env._(
            "That was the last call: the step goes on by %(channel)s.",
            channel=channels[fallback],
        )

    # ---- saving ----------------------------------------------------------------------

    def action_save(self):
        """Note the customer's answer, or that nobody was reached.

        :raise UserError: the day to call back is missing; also as in the dialog's
            `action_save`
        """
        self.ensure_one()
        if self.call_result == "reached" or not self.is_call:
            return super().action_save()
        self._check_subject()
        # sudo: salespeople make calls, too; the journal is written by methods only
        call_sudo = self._get_call().sudo()
        note = (self.note or "").strip()
        goes_on = False
        if self.call_result in MISSED_RESULTS:
            call_sudo._record_missed_call(self.call_result, note)
        elif self.call_result == "call_back":
            day = self._check_call_back()
            call_sudo._reschedule_call("call_back", day, self.call_back_at, note)
        elif self.right_number:
            call_sudo._correct_number(self.right_number, note)
            goes_on = True
        else:
            goes_on = call_sudo._drop_number(note)
        if goes_on:
            return self._open(self.action_id._get_dunning_subject())
        return {"type": "ir.actions.act_window_close"}

    def _check_call_back(self):
        """Return the company's day on which the customer wants to be called.

        :raise UserError: the day is missing, past, or too late for a notice
        """
        if not self.call_back_at:
            raise UserError(self.env._("Enter the day and the time to call back."))
        if self.call_back_at <= fields.Datetime.now():
            raise UserError(self.env._("Choose a future time to call back."))
        day = self.company_id._dunning_today(self.call_back_at)
        lines = self.action_id.line_ids.filtered(lambda line: line.state == "open")
        if any(line.kind == "notice" and day > line.due_date for line in lines):
            raise UserError(
                self.env._(
                    "A notice only makes sense until the due date: choose an earlier "
                    "day, or skip the call."
                )
            )
        return day
