from odoo import models


class DunningScenario(models.Model):
    """Accept letters without a fallback: they are one themselves."""

    _inherit = "dunning.scenario"

    def _get_fallback_warnings(self, steps):
        others = steps.filtered(lambda step: step.channel != "letter")
        return super()._get_fallback_warnings(others)
