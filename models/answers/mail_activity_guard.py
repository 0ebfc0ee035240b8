from odoo import api, models
from odoo.exceptions import AccessError

from ..collectors.dunning_tasks import get_dunning_types
from ..setup.guard.guard import holds_journal, keep_own_defaults
from ..setup.roles import COLLECTOR

# What a task of ours is about, and in whose place somebody does it: never changed by
# hand.
FIXED_FIELDS = ("activity_type_id", "res_id", "res_model_id", "stand_in_for_id")


class MailActivity(models.Model):
    """Tasks of the follow-up are done, moved and removed by whose they are, and by
    those who may work what they are about: more depends on them than on a reminder."""

    _inherit = "mail.activity"

    @api.model_create_multi
    def create(self, vals_list):
        """In whose place a task is done is not for people to say."""
        if not self._is_dunning_code():
            for vals in vals_list:
                vals.pop("stand_in_for_id", None)
        return super().create(vals_list)

    @api.model
    def _add_missing_default_values(self, values):
        """Nor is it by default."""
        result = super()._add_missing_default_values(values)
        return keep_own_defaults(self, {"stand_in_for_id"}, values, result)

    def write(self, vals):
        """Keep the follow-up's tasks to those concerned, and to what they are about."""
        if not self._is_dunning_code():
            self._check_dunning_right()
            fixed = {name for name in FIXED_FIELDS if name in vals}
            self._get_dunning_tasks()._check_dunning_fixed(fixed, vals)
        return super().write(vals)

    def unlink(self):
        self._check_dunning_right()
        return super().unlink()

    def _action_done(self, feedback=False, attachment_ids=None):
        self._check_dunning_right()
        return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)

    # ---- who may ---------------------------------------------------------------------

    @api.model
    def _is_dunning_code(self):
        return self.env.su or holds_journal(self)

    def _get_dunning_tasks(self):
        """Return those of these activities that are open tasks of the follow-up."""
        types = get_dunning_types(self.env)
        # sudo: whether it is one does not depend on who asks
        return self.sudo().filtered(
            lambda task: task.active and task.activity_type_id.id in types
        )

    def _check_dunning_right(self):
        """:raise AccessError: one of the follow-up's tasks is not the user's"""
        if self._is_dunning_code():
            return
        others = self._get_dunning_tasks().filtered(
            lambda task: (
                task.user_id != self.env.user and not task._is_dunning_for(self.env)
            )
        )
        if others:
            raise AccessError(
                self.env._(
                    "“%(task)s” is a task of %(user)s: ask them, or somebody who "
                    "follows this customer up.",
                    task=others[0].summary or others[0].activity_type_id.name,
                    user=others[0].user_id.name,
                )
            )

    def _is_dunning_for(self, env):
        """Tell whether a user may work what a task is about, whose-ever task it is.

        :param env: of the user; the task is read as superuser
        """
        self.ensure_one()
        complaints = env["dunning.action"].browse(self._get_dunning_complaints().ids)
        if complaints:
            return complaints._is_workable()
        if not self.res_model or self.res_model not in env:
            return True
        record = env[self.res_model].browse(self.res_id)
        if self.res_model == "dunning.action":
            return record._is_workable()
        if self.res_model == "res.partner":
            return env.user.has_group(COLLECTOR) and record.has_access("write")
        return record.has_access("write")

    def _check_dunning_fixed(self, names, vals):
        """:raise AccessError: a task of ours would be about something else"""
        for task in self:
            known = task._convert_to_write({name: task[name] for name in names})
            if any((vals[name] or 0) != (known[name] or 0) for name in names):
                raise AccessError(
                    self.env._(
                        "A task of the follow-up stays what it is: make another one "
                        "instead."
                    )
                )

    def _may_tell_sent(self):
        """Tell whether an invoice counts as sent once the task is done: by somebody who
        may send it or note answers of the customer, or in the place of such."""
        self.ensure_one()
        move = self.env["account.move"].browse(self.res_id).exists()
        # sudo: in whose place is no secret, nor whose customer it is
        for user in move and (self.env.user | self.sudo().stand_in_for_id):
            mine = move.with_user(user)
            customer = move.sudo().commercial_partner_id.with_env(mine.env)
            is_allowed = mine.has_access("write") or customer._dunning_may_note(
                move.company_id
            )
            if is_allowed:
                return True
        return False
