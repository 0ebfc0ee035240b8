from odoo import models

from ..journal.dunning_action import OPEN_STATES
from .dunning_tasks import get_dunning_types


class ResUsers(models.Model):
    """Extend users with the handover of their follow-up when they leave."""

    _inherit = "res.users"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("active") is False:
            self._dunning_hand_over()
        return result

    def action_archive(self):
        # Odoo deletes the activities of a user before it archives the user: ours are
        # reassigned first.
        self.filtered("active").write({"active": False})
        return super().action_archive()

    def _dunning_get_present(self, company):
        """Return the users who work in a company and have not left.

        :param company: res.company of the work
        """
        # sudo: the companies of colleagues are not readable by everybody
        present_sudo = self.sudo().filtered(
            lambda user: user._is_dunning_colleague() and company in user.company_ids
        )
        return present_sudo.with_env(self.env)

    def _dunning_hand_over(self):
        """Reassign the open actions and activities of these users."""
        # sudo: users who archive others need not see the follow-up
        actions_sudo = self.env["dunning.action"].sudo()
        actions_sudo.search(
            [("collector_id", "in", self.ids), ("state", "in", OPEN_STATES)]
        )._give_to_current_collector()
        self._dunning_hand_over_tasks()

    def _dunning_hand_over_tasks(self):
        """Reassign the follow-up activities of these users to their replacements, else
        to their customers' collectors."""
        stand_ins = self.env["dunning.absence"]._get_stand_ins()
        # sudo: as above
        tasks_sudo = self.env["mail.activity"].sudo()
        tasks_sudo = tasks_sudo.search(
            [
                ("user_id", "in", self.ids),
                ("activity_type_id", "in", get_dunning_types(self.env)),
            ]
        )
        assignees = {}
        for task in tasks_sudo:
            assignee = stand_ins.get(task.user_id) or task._get_dunning_collector()
            if assignee:
                assignees.setdefault(assignee, []).append(task.id)
        for assignee, ids in assignees.items():
            tasks_sudo.browse(ids).user_id = assignee
