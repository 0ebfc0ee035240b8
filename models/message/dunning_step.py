from odoo import api, fields, models

from ..setup.roles import ESCALATION, ROLES


class DunningStep(models.Model):
    """Whom a step is addressed to, and who gets a copy (S3-50)."""

    _inherit = "dunning.step"

    recipient = fields.Selection(
        selection=[
            ("usual", "The usual contacts"),
            *ROLES,
            ("salesperson", "Our salesperson"),
            ("collector", "Our collector"),
        ],
        string="Addressed To",
        default="usual",
        required=True,
        help="Escalates to contacts of the customer with this role, else to who stands "
        "above them, else to the usual contacts; or asks a colleague for help.",
    )
    guidance = fields.Html(
        string="How to Use the Channel", compute="_compute_guidance", sanitize=False
    )
    copy_role = fields.Selection(
        selection=ROLES,
        string="Copy To",
        help="Contacts of the customer with this role get a copy of the e-mail.",
    )
    is_salesperson_copied = fields.Boolean(
        string="Copy To the Salesperson",
        help="The salesperson of the customer gets a copy of the e-mail.",
    )
    copy_user_ids = fields.Many2many(
        comodel_name="res.users",
        string="Copy To Colleagues",
        relation="dunning_step_copy_user_rel",
        domain=[("share", "=", False)],
        help="They get a copy of the e-mail.",
    )

    @api.depends("channel")
    @api.depends_context("lang")
    def _compute_guidance(self):
        guides = self.env["dunning.channel.guide"]
        for step in self:
            step.guidance = guides._get_guidance(step.channel)

    def _get_roles(self):
        """Return the roles that these steps address or put in copy."""
        wanted = {role for step in self for role in ESCALATION.get(step.recipient, ())}
        return wanted | set(self.filtered("copy_role").mapped("copy_role"))
