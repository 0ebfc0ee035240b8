from odoo import fields, models


class DunningTeam(models.Model):
    """Team of users who share work, with its manager."""

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
        help="Gets the work that no member can take.",
    )
    member_ids = fields.Many2many(
        comodel_name="res.users",
        string="Members",
        domain="[('share', '=', False)]",
    )

    def _get_people(self):
        """Return the members and the manager."""
        return self.member_ids | self.manager_id

    def _get_least_busy(self, company, loads):
        """Return the present member with the least work, else the manager, else an
        empty record.

        Users who have left, or do not work in the company, are left out.

        :param company: res.company of the work
        :param loads: Counter of each user's present work
        """
        present = self._get_people()._dunning_get_present(company)
        members = present & self.member_ids
        return min(members, key=lambda user: loads[user], default=present[:1])
