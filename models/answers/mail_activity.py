from odoo import models

from odoo.addons.mail.tools.discuss import Store

from ..collectors.dunning_tasks import ANSWER_TYPES
from ..setup.trouble.guarded import guarded, guarded_reading
from .dunning_entry_mixin import check_subject
from .nonpayment.dunning_nonpayment_resend import TASK as SEND_INVOICE


class MailActivity(models.Model):
    """Extend the activity: a call or visit marked as done performs its action, a
    deleted one returns it to the desk, and a bad answer is dealt with once one of its
    activities is done."""

    _name = "mail.activity"
    _inherit = ["mail.activity", "dunning.entry.mixin"]

    def _action_done(self, feedback=False, attachment_ids=None):
        deliveries = self._find_dunning_deliveries()
        invoices = self.env["account.move"]
        complaints = self.env["dunning.action"]
        with guarded_reading("find what the tasks that were done are about"):
            invoices = self._get_dunning_sent_invoices()
            complaints = self._get_dunning_complaints()
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        for company, done in deliveries.grouped("company_id").items():
            done._perform(company._dunning_today(), feedback)
        deliveries.action_id._perform_if_complete()
        self.env["dunning.nonpayment"]._register_sent(invoices)
        complaints._settle_dissatisfaction(self.env.user)
        return result

    def write(self, vals):
        """Move the planned day of a call with the deadline of its activity."""
        result = super().write(vals)
        if "date_deadline" in vals and (deliveries := self._find_dunning_deliveries()):
            day = {"call_date": vals["date_deadline"], "call_at": False}
            with guarded(self.env, "put off a call with its task"):
                deliveries.action_id.write(day)
        return result

    def unlink(self):
        open_activities = self.filtered("active")
        deliveries = open_activities._find_dunning_deliveries()
        result = super().unlink()
        if deliveries:
            self.env["dunning.pending.check"]._try("returned", deliveries.ids)
        return result

    def _find_dunning_deliveries(self):
        """Return the calls and visits of these tasks; an error in finding them never
        blocks other tasks."""
        with guarded_reading("find the calls of tasks"):
            return self._get_dunning_deliveries()
        return self.env["dunning.delivery"]

    def _get_dunning_sent_invoices(self):
        """Return the invoices that these tasks asked to send by other means and that
        the user may report as sent."""
        kind = self.env.ref(SEND_INVOICE, raise_if_not_found=False)
        moves = self.env["account.move"]
        tasks = self.filtered(
            lambda task: task.active and task.activity_type_id == kind
        )
        for task in tasks:
            if task.res_model == moves._name and task._may_mark_sent():
                moves |= moves.browse(task.res_id)
        return moves

    def _get_dunning_deliveries(self):
        # sudo: the user who does the activity may not write follow-up actions
        return (
            self.env["dunning.delivery"]
            .sudo()
            .search([("activity_id", "in", self.ids), ("state", "=", "waiting")])
        )

    def _get_dunning_complaints(self):
        # sudo: as above
        actions_sudo = self.env["dunning.action"].sudo()
        return actions_sudo.search(
            [
                ("satisfaction_activity_ids", "in", self.ids),
                ("is_dissatisfied", "=", True),
            ]
        )

    # ---- answers ---------------------------------------------------------------------

    def _get_dunning_subject(self):
        check_subject(self, self.res_model)
        record = self.env[self.res_model].browse(self.res_id)
        return {**record._get_dunning_subject(), "activity_id": self}

    def _get_dunning_collector(self):
        subject = self._get_dunning_subject()
        customer = subject["partner_id"].commercial_partner_id
        return customer._dunning_get_collector(subject["company_id"])

    def _may_note_answer(self):
        """Return whether the task is the user's and ends with an answer."""
        types = [
            self.env.ref(f"account_dunning_scenario.{name}") for name in ANSWER_TYPES
        ]
        is_asked = self.res_model == "dunning.action" or self.activity_type_id in types
        return is_asked and super()._may_note_answer()

    def _to_store_defaults(self, target):
        return [
            *super()._to_store_defaults(target),
            Store.Attr("mayNoteAnswer", lambda activity: activity._may_note_answer()),
        ]
