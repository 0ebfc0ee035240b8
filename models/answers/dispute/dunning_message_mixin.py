from odoo import models

from ...message.dunning_message_history import Told
from ...setup.day_format import format_day

DISPUTE = 4


class DunningMessageMixin(models.AbstractModel):
    """Extend messages with the dispute of their claims that was settled last."""

    _inherit = "dunning.message.mixin"

    def _get_history(self):
        history = super()._get_history()
        claims = self.env["dunning.dispute.claim"].search(
            [
                ("move_line_id", "in", self._get_message_lines().move_line_id.ids),
                ("dispute_id.state", "=", "settled"),
            ]
        )
        by_item = claims.grouped("move_line_id")
        for action in self:
            items = action._get_message_lines().move_line_id
            of_action = claims.browse().union(
                *(by_item[item] for item in items if item in by_item)
            )
            disputes = of_action.dispute_id.filtered("settled_date")
            if disputes:
                last = max(disputes, key=lambda d: (d.settled_date, d.id))
                text = self.env._(
                    "The point that you raised %(about)s was settled on %(day)s.",
                    about=last.claim_ids.move_id._dunning_tell_about(),
                    day=format_day(self.env, last.settled_date),
                )
                history[action].append(Told(DISPUTE, last.settled_date, text))
        return history
