from odoo import api, fields, models

from odoo.addons.mail.tools.discuss import Store

from ..collectors.dunning_tasks import ANSWER_TYPES, get_dunning_types
from ..setup.trouble.guarded import guarded, guarded_reading
from .dunning_entry_mixin import check_subject
from .nonpayment.dunning_nonpayment_resend import TASK as SEND_INVOICE


class MailActivity(models.Model):
    """A call or visit is an activity: done, it performs the action; deleted, it sends
    the action back to the desk. A bad answer asks for activities: one of them done, the
    answer is dealt with."""

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

    stand_in_for_id = fields.Many2one(
        comodel_name="res.users",
        string="In the Place Of",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        help="The absent user who gets it back.",
        groups="base.group_user",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """A new task of the follow-up goes to who replaces an absent user."""
        with guarded_reading("find who stands in for absent users"):
            self._give_to_stand_ins(vals_list)
        return super().create(vals_list)

    @api.model
    def _give_to_stand_ins(self, vals_list):
        ours = get_dunning_types(self.env)
        asked = [vals for vals in vals_list if vals.get("activity_type_id") in ours]
        stand_ins = asked and self.env["dunning.absence"]._get_stand_ins()
        replaced = {user.id: (user, other) for user, other in (stand_ins or {}).items()}
        for vals in asked:
            if people := replaced.get(vals.get("user_id")):
                user, other = people
                taker = self._get_dunning_taker(vals, user, other)
                if taker != user:
                    vals |= {"user_id": taker.id, "stand_in_for_id": user.id}

    @api.model
    def _get_dunning_taker(self, vals, user, other):
        """Return who does a new task of an absent user."""
        model, id_ = vals.get("res_model"), vals.get("res_id")
        if not model and vals.get("res_model_id"):
            # sudo: the name of a model, of which somebody makes a task
            model = self.env["ir.model"].sudo().browse(vals["res_model_id"]).model
        absences = self.env["dunning.absence"]
        return absences._find_takers(model, [id_], user, other).get(id_, other)

    def write(self, vals):
        """A call whose activity is put off is made on that day."""
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
        """Return the calls and visits that these are the tasks of; other tasks than
        ours are done, moved and deleted whatever goes wrong with that."""
        with guarded_reading("find the calls of tasks"):
            return self._get_dunning_deliveries()
        return self.env["dunning.delivery"]

    def _get_dunning_sent_invoices(self):
        """Return the invoices that these tasks asked to send by other means, for those
        who may say so."""
        kind = self.env.ref(SEND_INVOICE, raise_if_not_found=False)
        moves = self.env["account.move"]
        tasks = self.filtered(
            lambda task: task.active and task.activity_type_id == kind
        )
        for task in tasks:
            if task.res_model == moves._name and task._may_tell_sent():
                moves |= moves.browse(task.res_id)
        return moves

    def _get_dunning_deliveries(self):
        # sudo: who does the activity may not be allowed to write follow-up actions
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

    def _may_note_answer(self):
        """Tell whether this is a task that ends with an answer, and the user's."""
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
