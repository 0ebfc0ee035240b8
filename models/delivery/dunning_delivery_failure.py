from odoo import models

from ..journal.dunning_chronicle import Told
from ..message.link.link_keys import hide_keys

ACTIVE_STATES = {"waiting", "done"}
# Failed deliveries of an action by one channel, after which it is not tried again.
MOST_RETURNS = 5


class DunningDelivery(models.Model):
    """Deliveries that failed, before or after they were sent."""

    _inherit = "dunning.delivery"

    def _give_up(self, reason, then):
        """Record that these deliveries failed. If another delivery of the action
        succeeded, its result stands; else the action counts as not sent, and its claims
        wait again, unless they have gone further since.

        :param reason: in the user's words
        :param then: effect on the actions. `again`: they leave by their channel where
            another address is left, else by the step's fallback channel; `fallback`: by
            the latter at once; `desk`, and where there is no fallback: a person decides
        """
        self._fail(reason)
        self.performed_date = False
        reached = self.action_id.filtered(
            lambda action: ACTIVE_STATES & set(action.delivery_ids.mapped("state"))
        )
        reached._perform_if_complete()
        left = self.filtered(lambda way: way.action_id not in reached)
        for channel, ways in left.grouped(
            lambda way: way._get_next_channel(then)
        ).items():
            ways.action_id._undo_performed(reason, channel)

    def _get_next_channel(self, then):
        """Return the code of the channel that an action uses after this delivery
        failed, False for none.

        :param then: see `_give_up`
        """
        if then == "again" and not self._is_worn_out():
            return self.action_id.channel
        return then != "desk" and self._get_fallback()

    def _is_worn_out(self):
        """Return whether an action failed by this channel so often that it is not tried
        again, whatever comes back and from wherever."""
        failed = self.action_id.delivery_ids.filtered(
            lambda way: way.channel == self.channel and way.state == "failed"
        )
        return len(failed) >= MOST_RETURNS

    def _get_fallback(self):
        """Return the code of the channel that replaces this one, if any."""
        fallback = self.action_id.step_id.fallback_channel
        return fallback != self.channel and fallback

    def _register_return(self, reasons, then):
        """Give up deliveries that first seemed to succeed, and log the reasons in the
        chatters.

        :param reasons: {delivery: why, in the user's words}
        :param then: see `_give_up`
        """
        self.env["dunning.chronicle"]._tell(
            [
                Told(delivery.action_id, hide_keys(reason))
                for delivery, reason in reasons.items()
            ]
        )
        for reason, deliveries in self.grouped(lambda d: reasons[d]).items():
            deliveries._give_up(reason, then)
