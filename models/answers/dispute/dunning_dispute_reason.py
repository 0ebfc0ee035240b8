from odoo import fields, models

NATURES = [
    ("commercial", "Commercial"),
    ("production", "Production"),
    ("logistics", "Logistics"),
    ("administrative", "Administrative"),
]


class DunningDisputeReason(models.Model):
    """Type of dispute, with the owner or team that settles it."""

    _name = "dunning.dispute.reason"
    _description = "Dispute Reason"
    _inherit = ["dunning.shared.mixin", "dunning.guard.mixin"]
    _order = "nature, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company", index="btree_not_null", ondelete="cascade"
    )
    nature = fields.Selection(
        selection=NATURES,
        required=True,
        default="commercial",
        help="Department mainly responsible.",
    )
    owner_id = fields.Many2one(
        comodel_name="res.users",
        string="Dispute Owner",
        index="btree_not_null",
        domain="[('share', '=', False)]",
        help="Gets the disputes with this reason. Empty: a member of the team, "
        "otherwise the customer's collector.",
    )
    team_id = fields.Many2one(
        comodel_name="dunning.team",
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
        help="The member with the fewest open disputes gets the next one.",
    )
    participant_ids = fields.Many2many(
        comodel_name="res.users",
        string="Also Informed",
        domain="[('share', '=', False)]",
        help="People from other departments informed of each dispute.",
    )
    days_to_settle = fields.Integer(
        default=7, help="Number of days allowed to settle such a dispute."
    )

    _days_positive = models.Constraint(
        "CHECK (days_to_settle BETWEEN 0 AND 3650)",
        "Enter between 0 and 3650 days to settle a dispute.",
    )

    def _get_uses(self):
        return (*super()._get_uses(), ("dunning.dispute", "reason_id"))
