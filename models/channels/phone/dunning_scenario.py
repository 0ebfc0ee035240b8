from odoo import models
from odoo.tools.i18n import format_list

from ...scenario.dunning_step import RANKED_KINDS


class DunningScenario(models.Model):
    """Warn of calls that cost more than they bring."""

    _inherit = "dunning.scenario"

    def _get_warnings(self):
        return [*super()._get_warnings(), *self._get_call_warnings()]

    def _get_call_warnings(self):
        """Return the warnings of calls about dozens of items (S3-16) or small amounts
        (S3-49)."""
        calls = self._get_played_steps().filtered(
            lambda step: step.channel == "phone" and step.kind in RANKED_KINDS
        )
        long = calls.filtered(lambda step: not step.items_to)
        small = calls.filtered(lambda step: not step.amount_from)
        warnings = []
        if long:
            warnings.append(
                self.env._(
                    "A call suits a few invoices, not dozens: consider a maximum "
                    "number of open items for %(steps)s.",
                    steps=format_list(self.env, long.mapped("name")),
                )
            )
        if small:
            warnings.append(
                self.env._(
                    "A call costs more than a message and is worth it for large "
                    "amounts: consider a minimum amount for %(steps)s.",
                    steps=format_list(self.env, small.mapped("name")),
                )
            )
        return warnings
