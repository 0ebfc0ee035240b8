from odoo import fields, models


class DunningTeam(models.Model):
    """People who share a piece of work, and the one who answers for it."""

    _name = "dunning.team"
    _description = "Follow-Up Team"
    _inherit = [
        "dunning.shared.mixin",
        "dunning.guard.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company", index="btree_not_null", ondelete="cascade"
    )
    manager_id = fields.Many2one(
        comodel_name="res.users",
        index="btree_not_null",
        domain="[('share', '=', False)]",
        help="Gets what no member can take.",
    )
    member_ids = fields.Many2many(
        comodel_name="res.users",
        string="Members",
        domain="[('share', '=', False)]",
    )

    def _get_people(self):
        """Return members and managers."""
        return self.member_ids | self.manager_id

    def _get_least_busy(self, company, loads):
        """Return the member with the least to do, else the manager, else nobody.

        Who has left, or does not work in the company, is given nothing.

        :param company: res.company where the work is
        :param loads: Counter of what each user has to do already
        """
        present = self._get_people()._dunning_get_present(company)
        members = present & self.member_ids
        return min(members, key=lambda user: loads[user], default=present[:1])
