from odoo import fields, models

# Ways of contacting the customers.
CONTACT_RULES = [
    ("direct", "By the collector"),
    ("salesperson", "Through the salesperson only"),
]


class DunningSegment(models.Model):
    """Group of customers that are followed up in the same way (S1-03, S1-38)."""

    _name = "dunning.segment"
    _description = "Follow-Up Segment"
    _inherit = ["dunning.shared.mixin", "dunning.guard.mixin"]
    _order = "sequence, id"
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        index="btree_not_null",
        help="Empty: the segment is shared by all companies.",
    )
    scenario_id = fields.Many2one(
        comodel_name="dunning.scenario",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    contact_rule = fields.Selection(
        selection=CONTACT_RULES,
        string="Contact Through",
        default="direct",
        required=True,
        help="Person who contacts these customers, unless set otherwise on the "
        "customer.",
    )
    preferred_channel = fields.Selection(
        selection=lambda self: self.env["dunning.channel"]._get_preferable(),
        help="Replaces the other written channels, or the other spoken ones, "
        "unless the "
        "customer prefers another one.",
    )
    refused_channel_ids = fields.Many2many(
        comodel_name="dunning.channel.guide",
        string="Refused Channels",
        relation="dunning_segment_refused_channel_rel",
        help="Channels never used for these customers: the fallback of the step is "
        "used, otherwise the action waits on the review desk.",
    )
    description = fields.Text(translate=True)

    _code_unique = models.Constraint(
        "UNIQUE (company_id, code)", "Two segments of a company cannot share a code."
    )

    def _get_uses(self):
        return (*super()._get_uses(), ("res.partner", "dunning_segment_id"))
