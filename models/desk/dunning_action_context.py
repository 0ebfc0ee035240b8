from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ..setup.labels import get_labels


class DunningAction(models.Model):
    """Extend the action with context for the collector's decision, computed for a whole
    list at once and never stored."""

    _inherit = "dunning.action"

    last_contact_date = fields.Date(
        compute="_compute_last_contact",
        help="Day of the last contact with the customer, thanks aside.",
    )
    last_contact_text = fields.Char(
        string="Last Contact", compute="_compute_last_contact"
    )
    why_text = fields.Char(
        string="Reason for the Action",
        compute="_compute_why_text",
        help="Step that fell due, with the day.",
    )
    untick_text = fields.Char(string="Reason and Note", compute="_compute_untick_text")

    @api.depends("partner_id", "company_id")
    @api.depends_context("lang")
    def _compute_last_contact(self):
        contacts = self._get_last_contacts()
        for action in self:
            contact = contacts.get(action._origin.id, self.browse())
            action.last_contact_date = contact.performed_date
            action.last_contact_text = contact._tell_contact() if contact else False

    @api.depends("step_id", "line_ids.trigger_date", "line_ids.state", "reason")
    @api.depends_context("lang")
    def _compute_why_text(self):
        for action in self:
            action.why_text = action._get_why_text()

    @api.depends("untick_reason", "untick_note", "is_ticked")
    @api.depends_context("lang")
    def _compute_untick_text(self):
        reasons = get_labels(self, "untick_reason")
        for action in self:
            reason = action.untick_note or reasons.get(action.untick_reason)
            if action.untick_reason == "stop" and (why := action._get_stop_reason()):
                reason = self.env._("Customer in “stop”: %(reason)s", reason=why)
            action.untick_text = not action.is_ticked and reason

    # ---- last contact ----------------------------------------------------------------

    def _get_last_contacts(self):
        """Return {action id: last contact with its customer}, across the root of its
        company and all branches, as for the days between contacts."""
        fields_read = ["partner_id", "company_id", "state", "kind", "performed_date"]
        self.flush_model(fields_read)
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (action.id) action.id, contact.id
                     FROM dunning_action action
                     JOIN res_company company ON company.id = action.company_id
                     JOIN dunning_action contact
                       ON contact.partner_id = action.partner_id
                      AND contact.id <> action.id
                      AND contact.kind <> 'thanks' AND contact.state = 'done'
                     JOIN res_company branch ON branch.id = contact.company_id
                      AND split_part(branch.parent_path, '/', 1)
                          = split_part(company.parent_path, '/', 1)
                    WHERE action.id = ANY(%s)
                    ORDER BY action.id, contact.performed_date DESC, contact.id DESC""",
                self.ids,
            )
        )
        # sudo: of another branch's contact only day, channel and outcome are shown
        contacts = self.sudo().browse(contact_id for _action_id, contact_id in rows)
        return dict(zip((row[0] for row in rows), contacts, strict=True))

    def _tell_contact(self):
        outcomes = get_labels(self, "outcome")
        day = format_date(self.env, self.performed_date)
        parts = [day, self.channel_text, self.wait_text, outcomes.get(self.outcome)]
        return ", ".join(filter(None, parts))

    # ---- reason ----------------------------------------------------------------------

    def _get_why_text(self):
        """Return the text of the date that the step counts from and the day it is due
        since."""
        if self.state == "failed":
            return self.reason
        top = self.line_ids.filtered(lambda line: line.step_id == self.step_id)
        since = min(filter(None, top.mapped("trigger_date")), default=None)
        if not since:
            return False
        return self.env._(
            "%(timing)s: due since %(day)s",
            timing=self.step_id.timing,
            day=format_date(self.env, since),
        )
