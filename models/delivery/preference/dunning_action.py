from odoo import models
from odoo.exceptions import ValidationError


class DunningAction(models.Model):
    """Channels that a customer or its segment prefers or refuses (S1-10)."""

    _inherit = "dunning.action"

    def _get_refused_channels(self):
        """Return {action: codes of the channels refused by its customer or the
        customer's segment}."""
        own = {
            customer: customer.dunning_refused_channel_ids
            for customer in self.partner_id
        }
        return {
            action: {
                *own[action.partner_id].mapped("code"),
                *segment.refused_channel_ids.mapped("code"),
            }
            for action, segment in self._get_segments().items()
        }

    def _get_segments(self):
        """Return {action: segment of its customer, maybe empty}."""
        segments = {}
        for company, actions in self.grouped("company_id").items():
            customers = actions.partner_id
            found = {c: c._dunning_get_segment(company) for c in customers}
            segments |= {action: found[action.partner_id] for action in actions}
        return segments

    def _get_preferred_channel(self):
        self.ensure_one()
        own = self.partner_id.dunning_preferred_channel
        return own or self._get_segments()[self].preferred_channel

    def _apply_preferences(self):
        """Switch planned actions to the channel that their customers prefer.

        It replaces channels of its own family only: a customer who prefers letters to
        e-mails is still called, and a formal notice keeps the channel of its step. A
        channel without a text on the step, or without an address of the customer,
        replaces none.
        """
        wanted = self._with_preference().grouped(
            lambda action: action._get_preferred_channel()
        )
        for code, actions in wanted.items():
            channel = self.env["dunning.channel"]._get(code)
            reached = channel._reach(actions._filtered_replaceable(channel))
            self.browse([action.id for action in reached]).channel = code

    def _filtered_replaceable(self, channel):
        """Return the actions whose channel may be replaced by another one.

        :param channel: dunning.channel.<code>
        """
        return self.filtered(lambda action: action._may_replace_channel(channel))

    def _choose_channel(self):
        """Return the code of the channel by which an action of its step leaves, with
        the customer's preference applied."""
        self.ensure_one()
        code = self._get_preferred_channel()
        if not code:
            return self.channel
        channel = self.env["dunning.channel"]._get(code)
        is_chosen = channel._reach(self._filtered_replaceable(channel))
        return code if is_chosen else self.channel

    def _with_preference(self):
        """Return the actions whose customer or segment prefers a channel: few, as a
        rule none."""
        if not self:
            return self
        segments = self.env["dunning.segment"].search(
            [("preferred_channel", "!=", False)]
        )
        customers = self.env["res.partner"].search(
            [
                ("id", "in", self.partner_id.ids),
                ("dunning_preferred_channel", "!=", False),
            ]
        )
        if not (segments or customers):
            return self.browse()
        own = self._get_segments()
        return self.filtered(
            lambda action: action.partner_id in customers or own[action] in segments
        )

    def _may_replace_channel(self, channel):
        self.ensure_one()
        step = self.step_id
        code = channel._get_code()
        planned = self.env["dunning.channel"]._get(self.channel)
        if code in (self.channel, step.second_channel) or step.is_formal_notice:
            return False
        if planned._channel_family != channel._channel_family:
            return False
        try:
            channel._check_step(step)
        except ValidationError:
            return False
        return True

    def _after_plan(self):
        # First: recipients are determined before a stand-in gets the action.
        self.sudo()._apply_preferences()  # sudo: the journal is the system's
        return super()._after_plan()
