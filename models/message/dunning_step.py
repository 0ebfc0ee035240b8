from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..scenario.file.scenario_file import TextPart
from ..setup.roles import ESCALATION, ROLES


class DunningStep(models.Model):
    """Extend steps with their addressees, the readers of a copy (S3-50), and a short
    text for SMS and spoken messages."""

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
        help="Escalates to the customer's contacts with this role, otherwise to their "
        "superiors, otherwise to the usual contacts; or asks a colleague for help.",
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
        string="Copy to the Salesperson",
        help="The salesperson of the customer gets a copy of the e-mail.",
    )
    copy_user_ids = fields.Many2many(
        comodel_name="res.users",
        string="Copy to Colleagues",
        relation="dunning_step_copy_user_rel",
        domain=[("share", "=", False)],
        help="These colleagues get a copy of the e-mail.",
    )
    sms_template_id = fields.Many2one(
        comodel_name="sms.template",
        string="SMS Text",
        domain="[('model', '=', 'dunning.action')]",
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.depends("channel")
    @api.depends_context("lang")
    def _compute_guidance(self):
        guides = self.env["dunning.channel.guide"]
        for step in self:
            step.guidance = guides._get_guidance(step.channel)

    @api.constrains("sms_template_id")
    def _check_sms_model(self):
        for step in self:
            template = step.sms_template_id
            if template and template.model != "dunning.action":
                raise ValidationError(
                    self.env._(
                        "“%(step)s”: the text “%(template)s” is not made for follow-up "
                        "actions. Choose one that is, or copy one of those supplied.",
                        step=step.name,
                        template=template.name,
                    )
                )

    def _is_last_reminder(self):
        """Return whether no enabled reminder of the scenario follows this one."""
        later = self.scenario_id.step_ids.filtered(
            lambda step: (
                step.is_enabled
                and step.kind == "reminder"
                and (step.sequence, step.id) > (self.sequence, self.id)
            )
        )
        return self.kind == "reminder" and not later

    def _copy_texts(self):
        self._copy_texts_of("sms_template_id")
        return super()._copy_texts()

    def _get_text_parts(self):
        links = {"sms_text": "sms_template_id"}
        own = {"sms_texts": TextPart("sms.template", ("name", "body"), "sms", links)}
        return super()._get_text_parts() | own

    def _get_roles(self):
        """Return the roles of these steps' addressees and copies."""
        wanted = {role for step in self for role in ESCALATION.get(step.recipient, ())}
        return wanted | set(self.filtered("copy_role").mapped("copy_role"))
