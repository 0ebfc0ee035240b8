import re

from odoo import api, fields, models

from ...message.sms_text import get_sms_size, to_sms_text

# Placeholders of a template: their values are unknown when it is written.
# A match ends at the next braces: a text may consist of braces only.
PLACEHOLDER = re.compile(r"{{(?:(?!{{).)*?}}", re.DOTALL)
DEFAULT_PARTS = 3


class DunningStep(models.Model):
    """Steps sent as text messages: largest size and audience."""

    _inherit = "dunning.step"

    sms_audience = fields.Selection(
        selection=[
            ("small", "Private individuals and small companies"),
            ("all", "All customers"),
        ],
        string="SMS To",
        default="small",
        required=True,
        help="A text message is rarely suitable for larger companies: they get the "
        "fallback channel.",
    )
    sms_max_parts = fields.Integer(
        string="Maximum SMS Parts",
        default=DEFAULT_PARTS,
        help="A longer text is not sent: each part costs as much as a message.",
    )

    _sms_parts_positive = models.Constraint(
        "CHECK (sms_max_parts BETWEEN 1 AND 100)",
        "Enter 1 to 100 parts for a text message.",
    )

    @api.constrains("sms_template_id", "sms_max_parts")
    def _check_sms_length(self):
        """Refuse a text that is too long even with empty placeholders.

        :raise ValidationError: with its length and the remedy
        """
        for step in self.filtered("sms_template_id"):
            step.sms_template_id._check_dunning_length(step)

    @api.constrains("sms_template_id", "channel", "second_channel", "fallback_channel")
    def _check_sms_channel(self):
        self._check_channels()


def get_fixed_size(body):
    """Return the size of an SMS text without its placeholders.

    :param body: of an sms.template
    :return: see `get_sms_size`
    """
    return get_sms_size(to_sms_text(PLACEHOLDER.sub("", body or "")))
