from odoo import models

from .dunning_promise_judge import TASK


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
            lambda user: user.active and company in user.company_ids
        )
        return present_sudo.with_env(self.env)

    def _dunning_hand_over(self):
        """Give the open disputes of these users, and the tasks about promises that were
        not kept, to whoever is there."""
        # sudo: who archives a user need not see the follow-up
        disputes_sudo = self.env["dunning.dispute"].sudo()
        owned = disputes_sudo.search(
            [("owner_id", "in", self.ids), ("state", "!=", "settled")]
        )
        owned._assign()
        owned._tell()
        promises_sudo = self.env["dunning.promise"].sudo()
        tasks_sudo = self.env["mail.activity"].sudo()
        tasks_sudo = tasks_sudo.search(
            [
                ("user_id", "in", self.ids),
                ("activity_type_id", "=", self.env.ref(TASK).id),
            ]
        )
        missed = promises_sudo.browse(tasks_sudo.mapped("res_id"))
        for user, promises in missed._grouped_by_collector().items():
            if user:
                theirs = tasks_sudo.filtered(
                    lambda t, group=promises: t.res_id in group.ids
                )
                theirs.user_id = user
