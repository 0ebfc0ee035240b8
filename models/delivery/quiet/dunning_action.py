from odoo import fields, models
from odoo.tools import format_datetime


class DunningAction(models.Model):
    """Hold calls, texts and faxes until the customer's quiet hours are over, and notify
    the user who sends them."""

    _inherit = "dunning.action"

    def action_deliver(self):
        """Send now; notify the user of actions held until their customer's quiet hours
        end."""
        result = super().action_deliver()
        now = fields.Datetime.now()
        waiting = self.filtered(
            lambda action: action.state == "scheduled" and action.scheduled_at > now
        )
        if not waiting:
            return result
        moment = min(waiting.mapped("scheduled_at"))
        message = self.env._(
            "%(count)s of them fall in the customer’s quiet hours: they leave when "
            "these end, from %(moment)s on.",
            count=len(waiting),
            moment=format_datetime(self.env, moment, dt_format="short"),
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _defer(self, addresses, now):
        """Defer also actions that would ring in the customer's quiet hours, unless they
        go through an intermediary."""
        actions = super()._defer(addresses, now)
        Channel = self.env["dunning.channel"]
        courier = self.env["dunning.courier"]
        through = actions._get_intermediaries()
        ringing = actions.filtered(
            lambda action: (
                action not in through
                and any(
                    Channel._get(code)._channel_rings
                    for _role, code in courier._get_route(action, addresses)
                    if action in addresses[code]
                )
            )
        )
        if not ringing:
            return actions
        ends = self.env.company._dunning_get_ring_times(now, ringing.partner_id)
        quiet = ringing.filtered(lambda action: ends[action.partner_id] > now)
        for at, group in quiet.grouped(lambda a: ends[a.partner_id]).items():
            group.scheduled_at = at
            group._wake_delivery(at)
        return actions - quiet
