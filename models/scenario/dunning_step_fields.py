from odoo import api, fields, models


class DunningStep(models.Model):
    """Extend steps with the list of fields that their channels use: the form shows no
    others."""

    _inherit = "dunning.step"

    used_fields = fields.Json(compute="_compute_used_fields")

    @api.depends(
        "channel",
        "second_channel",
        "fallback_channel",
        "letter_template_id",
        "mail_template_id",
    )
    def _compute_used_fields(self):
        for step in self:
            # Never empty: the form would get an empty list as False.
            step.used_fields = ["name", *sorted(step._get_used_fields())]

    def _get_used_fields(self):
        """Return the names of the fields that the step's channels read: first, second
        and fallback alike."""
        self.ensure_one()
        Channel = self.env["dunning.channel"]
        channels = map(Channel._get, self._get_channels())
        return {name for channel in channels for name in channel._get_step_fields(self)}
