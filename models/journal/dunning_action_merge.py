from odoo import models
from odoo.exceptions import UserError

from ..scenario.film import Film
from .dunning_action import WAITING_STATES


class DunningAction(models.Model):
    """Extend actions with merging several contacts with one customer."""

    _inherit = "dunning.action"

    def action_merge(self):
        """Merge the actions into the one with the highest step: it takes over the items
        of the others, each with its own step, and sends that step's message.

        It waits on the desk unless all actions were confirmed.

        :return: the window action of the remaining one
        :raise UserError: there are fewer than two, several customers, or several kinds
        :raise AccessError: the user is no collector of the company
        """
        self.check_access("write")
        self._check_merge()
        actions = self._take(WAITING_STATES, self.env._("merged"))
        ranks = {row.id: row.rank for row in Film(actions.scenario_id).get_step_rows()}
        kept = actions.sorted(lambda a: (-ranks.get(a.step_id.id, 0), a.id))[0]
        kept._absorb(actions - kept)
        return kept._get_records_action(
            views=[(False, "form")], context={"dunning_desk": True}
        )

    def _check_merge(self):
        if len(self) < 2:
            raise UserError(self.env._("Select two actions of one customer to merge."))
        if len(self.grouped(lambda a: (a.partner_id, a.company_id))) > 1:
            raise UserError(
                self.env._(
                    "Only actions with the same customer and company can be merged: "
                    "select those of one customer."
                )
            )
        if len(self.grouped("kind")) > 1:
            raise UserError(
                self.env._(
                    "Notices, reminders and thanks say different things: merge actions "
                    "of one kind only."
                )
            )

    def _absorb(self, others):
        """Take over the items of other actions and close these."""
        states = set((self | others).mapped("state"))
        others.line_ids.action_id = self
        chased = self.line_ids.filtered(lambda line: line.state == "open")
        self.amount_total = sum(chased.mapped("amount_chased"))
        if states != {"scheduled"}:
            self.write({"state": "to_confirm", "reason": False})
        others.reason = self.env._("Merged into “%(action)s”", action=self.display_name)
        others._close_empty()
        self._message_log(
            body=self.env._(
                "%(user)s merged %(count)s other actions of this customer into this "
                "one.",
                user=self.env.user.name,
                count=len(others),
            )
        )
