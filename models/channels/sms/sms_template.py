from odoo import api, models
from odoo.exceptions import ValidationError

from .dunning_step import get_fixed_size


class SmsTemplate(models.Model):
    """Check the length of the texts of follow-up steps when they are written."""

    _inherit = "sms.template"

    @api.constrains("body")
    def _check_dunning_body(self):
        steps = self.env["dunning.step"].search([("sms_template_id", "in", self.ids)])
        for step in steps:
            step.sms_template_id._check_dunning_length(step)

    def _check_dunning_length(self, step):
        """Refuse a text that is too long for a step even with empty placeholders.

        :raise ValidationError: with its length and the remedy
        """
        self.ensure_one()
        for code, _name in self.env["res.lang"].get_installed():
            size = get_fixed_size(self.with_context(lang=code).body)
            if size.parts > step.sms_max_parts:
                raise ValidationError(
                    self.env._(
                        "“%(template)s” takes %(parts)s text messages (%(length)s "
                        "characters, %(encoding)s) before anything is filled in; "
                        "“%(step)s” allows %(limit)s. Shorten it.",
                        template=self.name,
                        parts=size.parts,
                        length=size.length,
                        encoding=size.encoding,
                        step=step.name,
                        limit=step.sms_max_parts,
                    )
                )
