from odoo import api, models
from odoo.exceptions import AccessError

from ..collectors.dunning_tasks import get_dunning_types
from ..setup.guard.guard import holds_journal, keep_own_defaults
from ..setup.roles import COLLECTOR

# Subject of a task, and the user it stands in for: never changed by hand.
FIXED_FIELDS = ("activity_type_id", "res_id", "res_model_id", "stand_in_for_id")


class MailActivity(models.Model):
    """Guard the follow-up's tasks: only their user, or a user with rights on their
    subject, does, moves and removes them, because follow-up depends on them."""

    _inherit = "mail.activity"

    @api.model_create_multi
    def create(self, vals_list):
        """Create activities without a stand-in given by hand."""
        if not self._is_dunning_code():
            for vals in vals_list:
                vals.pop("stand_in_for_id", None)
        return super().create(vals_list)

    @api.model
    def _add_missing_default_values(self, values):
        """Ignore a default stand-in that does not come from the code."""
        result = super()._add_missing_default_values(values)
        return keep_own_defaults(self, {"stand_in_for_id"}, values, result)

    def write(self, vals):
        """Refuse changes to the follow-up's tasks by others, and any change of their
        subject."""
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

    # ---- rights ----------------------------------------------------------------------

    @api.model
    def _is_dunning_code(self):
        return self.env.su or holds_journal(self)

    def _get_dunning_tasks(self):
        """Return the open follow-up tasks among these activities."""
        types = get_dunning_types(self.env)
        # sudo: the result does not depend on the reader's rights
        return self.sudo().filtered(
            lambda task: task.active and task.activity_type_id.id in types
        )

    def _check_dunning_right(self):
        """Refuse work on follow-up tasks of other users.

        :raise AccessError: a task is not the user's
        """
        if self._is_dunning_code():
            return
        others = self._get_dunning_tasks().filtered(
            lambda task: (
                task.user_id != self.env.user
                and not task._is_dunning_workable(self.env)
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

    def _is_dunning_workable(self, env):
        """Return whether a user may work on the subject of a task, whoever it is
        assigned to.

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
        """Refuse a new subject for a follow-up task.

        :raise AccessError: the subject would change
        """
        for task in self:
            known = task._convert_to_write({name: task[name] for name in names})
            if any((vals[name] or 0) != (known[name] or 0) for name in names):
                raise AccessError(
                    self.env._(
                        "A follow-up task cannot be changed: create another one "
                        "instead."
                    )
                )

    def _may_mark_sent(self):
        """Return whether an invoice counts as sent once the task is done: its user, or
        the user they stand in for, may send it or note answers of the customer."""
        self.ensure_one()
        move = self.env["account.move"].browse(self.res_id).exists()
        # sudo: the stand-in and the customer are no secret
        for user in move and (self.env.user | self.sudo().stand_in_for_id):
            mine = move.with_user(user)
            customer = move.sudo().commercial_partner_id.with_env(mine.env)
            is_allowed = mine.has_access("write") or customer._dunning_may_note(
                move.company_id
            )
            if is_allowed:
                return True
        return False
