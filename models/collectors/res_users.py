from odoo import models

from ..journal.dunning_action import OPEN_STATES
from .dunning_tasks import get_dunning_types


class ResUsers(models.Model):
    """Whoever leaves hands over what customers wait for."""

    _inherit = "res.users"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("active") is False:
            self._dunning_hand_over()
        return result

    def action_archive(self):
        # Odoo deletes the tasks of a user before it archives: ours are given to
        # somebody else first.
        self.filtered("active").write({"active": False})
        return super().action_archive()

    def _dunning_get_present(self, company):
        """Return those who work in a company and have not left.

        :param company: res.company where the work is
        """
        # sudo: in which companies colleagues work is not for everybody to read
        present_sudo = self.sudo().filtered(
            lambda user: user._is_dunning_colleague() and company in user.company_ids
        )
        return present_sudo.with_env(self.env)

    def _dunning_hand_over(self):
        """Give open actions and tasks of these users to whoever is there."""
        # sudo: who archives a user need not see the follow-up
        actions_sudo = self.env["dunning.action"].sudo()
        actions_sudo.search(
            [("collector_id", "in", self.ids), ("state", "in", OPEN_STATES)]
        )._give_to_present()
        self._dunning_hand_over_tasks()

    def _dunning_hand_over_tasks(self):
        """Give the follow-up tasks of these users to who replaces them, else to whoever
        follows their customers up."""
        stand_ins = self.env["dunning.absence"]._get_stand_ins()
        # sudo: as above
        tasks_sudo = self.env["mail.activity"].sudo()
        tasks_sudo = tasks_sudo.search(
            [
                ("user_id", "in", self.ids),
                ("activity_type_id", "in", get_dunning_types(self.env)),
            ]
        )
        takers = {}
        for task in tasks_sudo:
            taker = stand_ins.get(task.user_id) or task._get_dunning_collector()
            if taker:
                takers.setdefault(taker, []).append(task.id)
        for taker, ids in takers.items():
            tasks_sudo.browse(ids).user_id = taker
