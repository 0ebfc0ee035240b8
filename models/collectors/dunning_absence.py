from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..journal.dunning_action import OPEN_STATES
from ..scenario.filters.dunning_filter_mixin import GROUP_MANAGER
from .dunning_tasks import get_dunning_types


class DunningAbsence(models.Model):
    """Absence of a collector with a replacement: open and new work goes to the
    replacement, and comes back afterwards."""

    _name = "dunning.absence"
    _description = "Absence of a Collector"
    _inherit = ["dunning.guard.mixin"]
    _order = "start_date desc, id desc"
    _rec_name = "user_id"
    _recorded_people = frozenset()

    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Absent",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    replacement_id = fields.Many2one(
        comodel_name="res.users",
        string="Stand-In",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('share', '=', False), ('id', '!=', user_id)]",
    )
    start_date = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.context_today(self),
    )
    end_date = fields.Date(string="To", help="Last day. Empty: until further notice.")

    _days_in_order = models.Constraint(
        "CHECK (end_date IS NULL OR end_date >= start_date)",
        "The last day of an absence cannot be before its first.",
    )
    _somebody_else = models.Constraint(
        "CHECK (replacement_id <> user_id)",
        "Choose somebody else as the replacement.",
    )

    @api.constrains("user_id", "start_date", "end_date")
    def _check_overlap(self):
        for absence in self:
            others = self.search(
                [
                    ("id", "!=", absence.id),
                    ("user_id", "=", absence.user_id.id),
                    "|",
                    ("end_date", "=", False),
                    ("end_date", ">=", absence.start_date),
                ]
            )
            if any(
                not absence.end_date or other.start_date <= absence.end_date
                for other in others
            ):
                raise ValidationError(
                    self.env._(
                        "%(user)s is already replaced on some of these days: change "
                        "that absence instead.",
                        user=absence.user_id.name,
                    )
                )

    @api.constrains("user_id", "replacement_id")
    def _check_companies(self):
        for absence in self:
            # sudo: the companies of colleagues are not readable by everybody
            absence_sudo = absence.sudo()
            theirs_sudo = absence_sudo.replacement_id.company_ids
            if not theirs_sudo & absence_sudo.user_id.company_ids:
                raise ValidationError(
                    self.env._(
                        "%(user)s is not a colleague: choose somebody from the "
                        "company.",
                        user=absence_sudo.replacement_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        absences = super().create(vals_list)
        self._apply()
        return absences

    def write(self, vals):
        result = super().write(vals)
        self._apply()
        return result

    def unlink(self):
        result = super().unlink()
        self._apply()
        return result

    # ---- business --------------------------------------------------------------------

    @api.model
    def _cron_apply(self):
        """Hand over the work of users absent from today, and give back the work of
        users who have returned."""
        everybody = self.env["res.company"]
        self.env["dunning.trouble"]._attempt("absence", everybody, self._apply)

    @api.model
    def _get_stand_ins(self):
        """Return {user: today's replacement}; an absent replacement is replaced in
        turn.

        Today is the day of the user's company.
        """
        # sudo: an absence concerns everybody whose work it changes
        absences_sudo = self.sudo().search(
            ["|", ("end_date", "=", False), ("end_date", ">=", "today -1d")]
        )
        present = {}
        for absence in absences_sudo:
            today = absence.user_id.company_id._dunning_today()
            is_now = absence.start_date <= today <= (absence.end_date or today)
            if is_now and absence.replacement_id._is_dunning_colleague():
                present[absence.user_id] = absence.replacement_id
        stand_ins = {}
        for user in present:
            seen, last = {user}, present[user]
            while last in present and last not in seen:
                seen.add(last)
                last = present[last]
            if last not in seen:
                stand_ins[user.sudo(False)] = last.sudo(False)
        return stand_ins

    @api.model
    def _apply(self):
        """Assign open actions and activities to the users present today."""
        stand_ins = self._get_stand_ins()
        # sudo: a collector who leaves hands over other users' records as well
        actions_sudo = self.env["dunning.action"].sudo()
        tasks_sudo = self.env["mail.activity"].sudo()
        is_open = Domain("state", "in", OPEN_STATES)
        is_ours = Domain("activity_type_id", "in", get_dunning_types(self.env))
        for user, replacement in stand_ins.items():
            is_theirs = self._get_company_domain(replacement)
            actions_sudo.search(
                is_open & is_theirs & self._get_misplaced_domain(user, replacement)
            ).write({"collector_id": replacement.id, "stand_in_for_id": user.id})
            is_task = Domain("user_id", "=", user.id)
            is_task |= Domain("stand_in_for_id", "=", user.id)
            theirs_sudo = tasks_sudo.search(is_ours & is_task)
            self._reassign_tasks(theirs_sudo, user, replacement)
        back = Domain("stand_in_for_id", "not in", [False, *(u.id for u in stand_ins)])
        for user, actions in (
            actions_sudo.search(is_open & back).grouped("stand_in_for_id").items()
        ):
            actions.write({"collector_id": user.id, "stand_in_for_id": False})
        for user, tasks in tasks_sudo.search(back).grouped("stand_in_for_id").items():
            tasks.write({"user_id": user.id, "stand_in_for_id": False})

    @api.model
    def _reassign_tasks(self, tasks_sudo, user, replacement):
        """Reassign the activities of an absent user to the stand-ins."""
        assignees = {}
        for model, of_model_sudo in tasks_sudo.grouped("res_model").items():
            ids = of_model_sudo.mapped("res_id")
            known = self._get_task_assignees(model, ids, user, replacement)
            for task_sudo in of_model_sudo:
                assignee = known.get(task_sudo.res_id, replacement)
                assignees.setdefault(assignee, []).append(task_sudo.id)
        for assignee, ids in assignees.items():
            misplaced_sudo = tasks_sudo.browse(ids).filtered(
                lambda task, assignee=assignee: task.user_id != assignee
            )
            absent_id = assignee != user and user.id
            misplaced_sudo.write({"user_id": assignee.id, "stand_in_for_id": absent_id})

    @api.model
    def _get_task_assignees(self, model, ids, user, replacement):
        """Return {id: stand-in for the activities on a record}: the replacement; a
        manager, where the replacement does not work in the record's company; the absent
        user, if there is none.

        :param model: name of the records' model, False for personal activities
        """
        assignees = {}
        if not model or model not in self.env:
            return assignees
        # sudo: the record's company and its users do not depend on the current user
        records_sudo = self.env[model].sudo().browse(ids).exists()
        for record_sudo in records_sudo:
            companies_sudo = self._get_task_companies(record_sudo, user.sudo())
            closed_sudo = companies_sudo - replacement.sudo().company_ids
            if closed_sudo:
                managers = self._get_managers(closed_sudo, user)
                assignees[record_sudo.id] = managers[:1].sudo(False) or user
        return assignees

    @api.model
    def _get_task_companies(self, record_sudo, user_sudo):
        """Return the companies of a user's activities on a record: the record's own;
        for a shared customer, those in which the user is its collector."""
        if "company_id" in record_sudo._fields and record_sudo.company_id:
            return record_sudo.company_id
        if record_sudo._name != "res.partner":
            return record_sudo.env["res.company"]
        customer_sudo = record_sudo.commercial_partner_id
        return user_sudo.company_ids.filtered(
            lambda company: customer_sudo._dunning_get_collector(company) == user_sudo
        )

    @api.model
    def _get_managers(self, companies, absent):
        """Return the present managers who work in all of these companies."""
        managers = self.env.ref(GROUP_MANAGER).sudo().all_user_ids  # sudo: as above
        away = {absent.id, *(user.id for user in self._get_stand_ins())}
        return managers.filtered(
            lambda user: (
                user._is_dunning_colleague()
                and user.id not in away
                and companies <= user.company_ids
            )
        ).sorted("id")

    def _get_misplaced_domain(self, user, replacement):
        """Return the domain of the absent user's actions that are not assigned to
        today's replacement."""
        return Domain("collector_id", "=", user.id) | (
            Domain("stand_in_for_id", "=", user.id)
            & Domain("collector_id", "!=", replacement.id)
        )

    def _get_company_domain(self, user):
        """Return the domain of records of the companies in which a user works."""
        # sudo: as in `_check_companies`
        return Domain("company_id", "in", user.sudo().company_ids.ids)

    @api.model
    def _assign_stand_ins(self, actions):
        """Assign new actions of absent collectors to their replacements, and those of
        collectors who have left to the customer's current collector."""
        actions = actions.sudo()  # only methods write the journal
        stand_ins = self._get_stand_ins()
        for user, replacement in stand_ins.items():
            actions.search(
                Domain("id", "in", actions.ids)
                & Domain("collector_id", "=", user.id)
                & self._get_company_domain(replacement)
            ).write({"collector_id": replacement.id, "stand_in_for_id": user.id})
        actions.search(
            [("id", "in", actions.ids), ("collector_id.active", "=", False)]
        ).filtered("collector_id")._give_to_current_collector()
