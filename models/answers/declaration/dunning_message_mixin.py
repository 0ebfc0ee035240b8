from odoo import models

from ...message.dunning_message_history import Told
from ...setup.day_format import format_day
from .dunning_declaration import UNDECIDED_STATES

# Told before a promise that was not kept: nobody has answered the customer yet.
DECLARATION = 5


class DunningMessageMixin(models.AbstractModel):
    """Extend messages with the customer's last declaration that nobody has decided on:
    expired, or about another part of a claim."""

    _inherit = "dunning.message.mixin"

    def _get_history(self):
        history = super()._get_history()
        lines = self.env["dunning.declaration.line"].search(
            [
                ("move_line_id", "in", self._get_message_lines().move_line_id.ids),
                ("left_as", "=", False),
                ("declaration_id.state", "in", UNDECIDED_STATES),
            ]
        )
        by_item = lines.grouped("move_line_id")
        for action in self:
            items = action._get_message_lines().move_line_id
            of_action = lines.browse().union(
                *(by_item[item] for item in items if item in by_item)
            )
            if undecided := of_action.declaration_id:
                last = max(undecided, key=lambda d: (d.declared_date, d.id))
                text = self._tell_declared(last)
                history[action].append(Told(DECLARATION, last.declared_date, text))
        return history

    def _tell_declared(self, declaration):
        """Return the sentence about a declaration that nobody has decided on."""
        values = {"day": format_day(self.env, declaration.declared_date)}
        if declaration.state == "new":
            return self.env._(
                "We have noted what you told us on %(day)s, and are checking it.",
                **values,
            )
        if declaration.kind == "paid":
            return self.env._(
                "You told us on %(day)s that you have paid; we have not found this "
                "payment yet.",
                **values,
            )
        if declaration.kind == "promise":
            return self.env._(
                "You announced a payment on %(day)s; we have not confirmed it to you.",
                **values,
            )
        if declaration.kind == "not_received":
            return self.env._(
                "You told us on %(day)s that you did not receive an invoice; if it is "
                "still missing, please tell us.",
                **values,
            )
        return self.env._(
            "You reported a problem on %(day)s; please excuse us for not having "
            "answered it yet.",
            **values,
        )
