from odoo import models

from ..setup.roles import COLLEAGUES


class DunningChannel(models.AbstractModel):
    """Say why a colleague is not reached, where a step is addressed to one."""

    _inherit = "dunning.channel"

    def _explain_missing(self, actions):
        internal = actions.filtered(lambda a: a.step_id.recipient in COLLEAGUES)
        reasons = super()._explain_missing(actions - internal)
        for action in internal:
            reasons[action] = self.env._(
                "“%(step)s” is addressed to a colleague who cannot be reached: give "
                "the customer a salesperson or a collector, and that user an address.",
                step=action.step_id.name,
            )
        return reasons
