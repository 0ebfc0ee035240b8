from odoo import models


class DunningDeliveryFailure(models.Model):
    """A way that turned out to lead nowhere while the action was under way."""

    _inherit = "dunning.delivery"

    def _lead_nowhere(self, reason, *, is_way_left=True):
        """Give this way up: the step's fallback channel takes over, else the action
        waits on the desk. What a second channel brought stands.

        :param reason: in the user's words
        :param is_way_left: whether another channel may do it without a person
        """
        self.ensure_one()
        action = self.action_id
        self._fail(reason)
        if {"waiting", "done"} & set(action.delivery_ids.mapped("state")):
            action._perform_if_complete()
            return
        fallback = action.step_id.fallback_channel
        if is_way_left and fallback and fallback != self.channel:
            action.write({"state": "scheduled", "channel": fallback, "reason": reason})
            action._wake_delivery()
        else:
            action._fail(reason)
