from odoo import models

from ..message.dunning_message_history import Told
from ..setup.day_format import format_day

RETURNED = 3


class DunningMessageMixin(models.AbstractModel):
    """Extend messages with the letters that came back: they are told as such, not as a
    contact."""

    _inherit = "dunning.message.mixin"

    def _get_history(self):
        history = super()._get_history()
        for action, earlier in self._get_earlier_actions().items():
            ways = earlier.delivery_ids
            returned = ways.filtered(lambda way: way.postal_state == "returned")
            if returned:
                told = max(returned, key=lambda way: (way.postal_date, way.id))
                history[action].append(
                    Told(RETURNED, told.postal_date, self._tell_returned(told))
                )
        return history

    def _tell_returned(self, delivery):
        """Return the sentence about a letter that came back.

        :param delivery: dunning.delivery
        """
        return self.env._(
            "Our letter of %(day)s was returned to us as undeliverable.",
            day=format_day(self.env, delivery.action_id.performed_date),
        )

    def _has_reached_customer(self):
        """Return whether the customer was contacted by a message that did not come
        back."""
        done = self.delivery_ids.filtered(lambda way: way.state == "done")
        came_back = done and set(done.mapped("postal_state")) == {"returned"}
        return not came_back and super()._has_reached_customer()
