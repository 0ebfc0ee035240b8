from odoo import fields, models
from odoo.tools import format_datetime


class DunningAction(models.Model):
    """Quiet hours hold for people, too: who sends now is told what waits."""

    _inherit = "dunning.action"

    def action_deliver(self):
        """Send now; say what waits until the quiet hours of its customer end."""
        result = super().action_deliver()
        now = fields.Datetime.now()
        waiting = self.filtered(
            lambda action: action.state == "scheduled" and action.scheduled_at > now
        )
        if not waiting:
            return result
        moment = min(waiting.mapped("scheduled_at"))
        message = self.env._(
            "%(count)s of them would ring at the customer’s in the quiet hours: they "
            "leave when these end, from %(moment)s on.",
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
