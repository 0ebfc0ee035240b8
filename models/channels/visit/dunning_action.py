from odoo import api, fields, models
from odoo.exceptions import UserError

SHEET = "account_dunning_scenario.visit_sheet"
EXTRACT = "account_dunning_scenario.action_report_ledger_extract"


class DunningAction(models.Model):
    """Visits to make: address, contact, and all that the visitor needs."""

    _inherit = "dunning.action"

    visit_ids = fields.One2many(
        comodel_name="dunning.visit", inverse_name="action_id", string="Visits Made"
    )
    is_visit = fields.Boolean(
        compute="_compute_visit", help="A visit to the customer is to be made."
    )
    visit_contact_id = fields.Many2one(
        comodel_name="res.partner", string="Contact to Visit", compute="_compute_visit"
    )
    visit_address = fields.Char(string="Address", compute="_compute_visit")
    visit_date = fields.Date(string="Visit On", compute="_compute_visit")
    visit_user_id = fields.Many2one(
        comodel_name="res.users", string="Visitor", compute="_compute_visit"
    )
    has_meeting = fields.Boolean(
        compute="_compute_visit", help="The visit is in Odoo's calendar."
    )
    visit_html = fields.Html(
        string="Visit Briefing",
        compute="_compute_visit_html",
        compute_sudo=True,
        sanitize=False,
    )

    @api.depends("state", "delivery_ids.state", "delivery_ids.activity_id")
    def _compute_visit(self):
        has_calendar = self.env["dunning.meeting"]._has_calendar()
        for action in self:
            visit = action._get_visit()
            action.is_visit = bool(visit)
            action.visit_contact_id = visit.contact_id
            action.visit_address = visit.address
            # sudo: a salesperson's visit may be looked at by the collector
            task_sudo = visit.activity_id.sudo()
            action.visit_date = task_sudo.date_deadline
            action.visit_user_id = task_sudo.user_id
            action.has_meeting = has_calendar and bool(task_sudo.calendar_event_id)

    @api.depends("state", "delivery_ids.address", "line_ids.state", "visit_ids")
    @api.depends_context("lang", "tz")
    def _compute_visit_html(self):
        Visit = self.env["dunning.channel.visit"]
        history = Visit._get_history(self)
        for action in self:
            past = history.get(action.partner_id, self.browse()) - action
            sheet = {
                "contact": action.visit_contact_id,
                "address": action.visit_address,
                "figures": action._tell_figures(),
                "items": action._get_asked_items(),
                "script": action.step_id.script,
                "attempts": [],
                "history": [Visit._get_history_line(earlier) for earlier in past],
                "last_visit": self.env["dunning.visit"]._get_last(action),
            }
            action.visit_html = self.env["ir.qweb"]._render(SHEET, sheet)

    def _get_visit(self):
        """Return the delivery of the visit to make, if any."""
        self.ensure_one()
        return self.delivery_ids.filtered(
            lambda way: (
                way.state == "waiting"
                and way.channel == "visit"
                and self.state == "in_progress"
            )
        )[:1]

    # ---- buttons ---------------------------------------------------------------------

    def action_print_extract(self):
        """Print the customer's ledger as it stands now, to compare it on the spot.

        :raise AccessError: the user may not see this action
        """
        self.ensure_one()
        self.check_access("read")
        extract = self.env.ref(EXTRACT).with_company(self.company_id)
        return extract.report_action(self.partner_id)

    def action_open_meeting(self):
        """Open the proposed meeting, to move it to the agreed hour.

        :raise UserError: there is none: no calendar, or it was deleted
        """
        self.ensure_one()
        self.check_access("read")
        has_calendar = self.env["dunning.meeting"]._has_calendar()
        # sudo: the task is the visitor's; the meeting is opened in the user's name
        event = has_calendar and self.sudo()._get_visit().activity_id.calendar_event_id
        if not event:
            raise UserError(
                self.env._(
                    "There is no meeting in the calendar for this visit: agree on a "
                    "day with the customer, and change the date of the task below."
                )
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "calendar.event",
            "res_id": event.id,
            "views": [(False, "form")],
        }

    def get_formview_id(self, access_uid=None):
        """Return the visitor's form for a visit to make."""
        if len(self) == 1 and self.is_visit:
            return self.env.ref(
                "account_dunning_scenario.dunning_action_view_form_visit"
            ).id
        return super().get_formview_id(access_uid)
