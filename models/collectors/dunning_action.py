from odoo import fields, models

from .dunning_tasks import CONTACT_TYPES


class DunningAction(models.Model):
    """Extend actions with the stand-in for an absent collector."""

    _inherit = "dunning.action"

    stand_in_for_id = fields.Many2one(
        comodel_name="res.users",
        string="Standing In For",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        help="Absent collector to whom it goes back.",
    )

    def _give_to(self, user):
        """Assign open actions to another collector, with their calls and visits.

        :param user: res.users, may be empty
        """
        types = [self.env.ref(xmlid).id for xmlid in CONTACT_TYPES]
        tasks = self.activity_ids.filtered(
            lambda task: (
                task.activity_type_id.id in types
                and task.user_id == self.browse(task.res_id).collector_id
            )
        )
        self.write({"collector_id": user.id, "stand_in_for_id": False})
        if user:
            tasks.write({"user_id": user.id, "stand_in_for_id": False})

    def _give_to_current_collector(self):
        """Assign actions of collectors who have left to the customers' current
        collectors."""
        by_user = self.grouped(
            lambda action: action.partner_id._dunning_get_collector(action.company_id)
        )
        for user, actions in by_user.items():
            actions._give_to(user)

    def _after_plan(self):
        result = super()._after_plan()
        self.env["dunning.absence"]._assign_stand_ins(self)
        return result
