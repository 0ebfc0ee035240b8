from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_datetime

from ...setup.labels import get_labels

SHEET = "account_dunning_scenario.call_sheet"


class DunningAction(models.Model):
    """Calls to make: time, number, and all that the caller needs.

    The day and the hour are written by the channel, never by the planner.
    """

    _inherit = "dunning.action"

    call_date = fields.Date(
        string="Call On",
        copy=False,
        help="Day of the next attempt, in the company's time zone.",
    )
    call_at = fields.Datetime(
        copy=False, help="Time at which the customer asked to be called."
    )
    call_ids = fields.One2many(
        comodel_name="dunning.call", inverse_name="action_id", string="Calls Made"
    )
    is_call = fields.Boolean(
        string="Call to Make",
        compute="_compute_call",
        help="A call to the customer is to be made.",
    )
    call_contact_id = fields.Many2one(
        comodel_name="res.partner", string="Contact to Call", compute="_compute_call"
    )
    call_phone = fields.Char(string="Number", compute="_compute_call")
    call_tries_text = fields.Char(
        string="Calls So Far",
        compute="_compute_call",
        help="Calls without an answer, out of those that the step allows.",
    )
    call_html = fields.Html(
        string="Call Briefing",
        compute="_compute_call_html",
        compute_sudo=True,
        sanitize=False,
    )

    @api.depends("state", "delivery_ids.state", "delivery_ids.address", "call_ids")
    def _compute_call(self):
        for action in self:
            call = action._get_call()
            missed = call and call._count_missed()
            action.is_call = bool(call)
            action.call_contact_id = call.contact_id
            action.call_phone = call.address
            action.call_tries_text = bool(missed) and self.env._(
                "%(missed)s of %(allowed)s",
                missed=missed,
                allowed=action.step_id.call_attempts,
            )

    @api.depends("state", "call_ids", "delivery_ids.address", "line_ids.state")
    @api.depends_context("lang", "tz")
    def _compute_call_html(self):
        for action, sheet in self._get_call_sheets().items():
            action.call_html = self.env["ir.qweb"]._render(SHEET, sheet)

    def _get_call(self):
        """Return the delivery of the call to make, if any."""
        self.ensure_one()
        return self.delivery_ids.filtered(
            lambda way: (
                way.state == "waiting"
                and way.channel == "phone"
                and self.state == "in_progress"
            )
        )[:1]

    # ---- buttons ---------------------------------------------------------------------

    def action_note_absent(self):
        """Record in one click that nobody answered the call.

        :raise AccessError: the user may not note for this customer
        :raise UserError: no call is under way
        """
        self.ensure_one()
        self.check_access("read")
        self.partner_id._dunning_check_may_note(self.company_id)
        # sudo: the journal is written by methods only, once the right is checked
        call_sudo = self.sudo()._get_call()
        if not call_sudo:
            raise UserError(self.env._("No call to this customer is under way."))
        again = call_sudo._record_missed_call("absent")
        message = (
            self.env._(
                "To be called again on %(day)s.", day=format_date(self.env, again)
            )
            if again
            else self.env._("That was the last call.")
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def get_formview_id(self, access_uid=None):
        """Return the caller's form for a call to make."""
        if len(self) == 1 and self.is_call:
            return self.env.ref(
                "account_dunning_scenario.dunning_action_view_form_call"
            ).id
        return super().get_formview_id(access_uid)

    # ---- call sheet ------------------------------------------------------------------

    def _get_call_sheets(self):
        """Return {action: values of its call sheet, as text in the user's language}.

        A fixed number of queries, whatever the number of calls.
        """
        Phone = self.env["dunning.channel.phone"]
        tiers = self._get_contact_tiers()
        history = Phone._get_history(self)
        return {
            action: {
                "contacts": action._get_call_contacts(tiers[action.sudo()]),
                "figures": action._tell_figures(),
                "items": action._get_asked_items(),
                "script": action.step_id.script,
                "attempts": action._get_attempt_lines(),
                "history": [
                    Phone._get_history_line(earlier)
                    for earlier in history.get(action.partner_id, self.browse())
                    - action
                ],
            }
            for action in self
        }

    def _get_call_contacts(self, tiers):
        """Return the contacts to call with their numbers: the one dialled first, then
        all the others."""
        call = self._get_call()
        everyone = call.contact_id.concat(*tiers).filtered("phone")
        numbers = {contact: contact.phone for contact in everyone}
        if call.contact_id:
            numbers[call.contact_id] = call.address
        return [
            {
                "name": contact.name or contact.display_name,
                "function": contact.function,
                "phone": phone,
                "url": "tel:" + "".join(phone.split()),
            }
            for contact, phone in numbers.items()
        ]

    def _get_attempt_lines(self):
        results = get_labels(self.env["dunning.call"], "result")
        zone = self.company_id._dunning_zone().key
        return [
            " ".join(
                filter(
                    None,
                    (
                        self.env._(
                            "%(at)s, %(user)s: %(result)s.",
                            at=format_datetime(self.env, call.called_at, zone),
                            user=call.user_id.name,
                            result=results[call.result],
                        ),
                        call.note,
                    ),
                )
            )
            for call in self.call_ids
        ]
