from odoo import api, fields, models

from ..setup.trouble.guarded import guarded_reading
from .dunning_tasks import get_dunning_types


class MailActivity(models.Model):
    """Extend activities with the stand-in for an absent user."""

    _inherit = "mail.activity"

    stand_in_for_id = fields.Many2one(
        comodel_name="res.users",
        string="Standing In For",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        help="Absent user to whom it goes back.",
        groups="base.group_user",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Assign new activities of the follow-up to the replacement of an absent
        user."""
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
                assignee = self._get_dunning_assignee(vals, user, other)
                if assignee != user:
                    vals |= {"user_id": assignee.id, "stand_in_for_id": user.id}

    @api.model
    def _get_dunning_assignee(self, vals, user, other):
        """Return the stand-in for a new activity of an absent user."""
        model, id_ = vals.get("res_model"), vals.get("res_id")
        if not model and vals.get("res_model_id"):
            # sudo: only the model's name is read
            model = self.env["ir.model"].sudo().browse(vals["res_model_id"]).model
        absences = self.env["dunning.absence"]
        return absences._get_task_assignees(model, [id_], user, other).get(id_, other)

    def _get_dunning_collector(self):
        """Return the collector of the activity's customer, may be empty: hook for rooms
        that know the record."""
        self.ensure_one()
        return self.env["res.users"]
