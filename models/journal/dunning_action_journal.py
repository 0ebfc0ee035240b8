from odoo import api, models

from .dunning_action import OPEN_STATES


class DunningAction(models.Model):
    """Extend actions with the methods that write their state, the only ones to do so.

    The methods are private, hence out of reach of RPC: they write as superuser after
    the caller has checked the user's right.
    """

    _inherit = "dunning.action"

    def _withdraw(self):
        """Withdraw deliveries that have not left yet; extended by the deliveries."""

    def _close_empty(self):
        """Close the open actions without open lines.

        An action is skipped if its step was skipped, else cancelled: every line was
        dropped.
        """
        kept = self.line_ids.filtered(lambda line: line.state == "open").action_id
        empty = self.filtered(lambda a: a.state in OPEN_STATES) - kept
        if not empty:
            return
        empty._withdraw()
        lapsed = empty.line_ids.filtered(
            lambda line: (
                line.state == "skipped" and line.step_id == line.action_id.step_id
            )
        ).action_id
        lapsed.state = "skipped"
        (empty - lapsed).state = "cancelled"

    @api.model
    def _wake_delivery(self, at=None):
        """Start the delivery of scheduled actions; extended by the deliveries.

        :param at: datetime (UTC), None for now
        """

    def _fail(self, reason):
        """Mark the actions as failed, which shows them on the desk: no channel reached
        the customer.

        Their lines stay open, so that nothing else is planned for these claims.
        """
        self.sudo().write({"state": "failed", "reason": reason})

    def _undo_performed(self, reason, channel):
        """Undo the performance of actions that no channel could deliver.

        They leave by another channel, or wait on the desk. An action that a user has
        closed, or whose claims have gone further since, stays as it is.

        :param reason: text in the user's language
        :param channel: code of the next channel, False without one
        """
        by_state = self.grouped("state")
        none = self.browse()
        lines = by_state.get("done", none).line_ids._get_latest_done()
        lines.write({"state": "open", "performed_date": False})
        stranded = by_state.get("in_progress", none) | lines.action_id
        stranded.write(
            {
                "state": "scheduled" if channel else "failed",
                "reason": reason,
                "performed_date": False,
                "performed_at": False,
                **({"channel": channel} if channel else {}),
            }
        )
        if channel and stranded:
            self._wake_delivery()

    def _reschedule(self, note):
        """Schedule withdrawn actions again, as if they had never left.

        :param note: reason for their log
        """
        self._withdraw()
        lines = self.line_ids.filtered(lambda line: line.state == "done")
        lines.write({"state": "open", "performed_date": False})
        self.write(
            {"state": "scheduled", "performed_date": False, "performed_at": False}
        )
        self._message_log_batch(dict.fromkeys(self.ids, note))
        self._wake_delivery()

    def _lapse(self, day, reason):
        """Skip the actions for good, on the company's `day`."""
        self.line_ids.filtered(lambda line: line.state == "open")._skip(day, reason)
        self.sudo().write({"state": "skipped", "reason": reason})

    def _perform(self, day, now):
        """Mark the actions and their open lines as performed.

        :param day: date of the company
        :param now: datetime (UTC)
        """
        actions_sudo = self.sudo()  # only methods write the journal
        lines = actions_sudo.line_ids.filtered(lambda line: line.state == "open")
        lines.write({"state": "done", "performed_date": day})
        actions_sudo.write(
            {
                "state": "done",
                "performed_date": day,
                "performed_at": now,
                "reason": False,
            }
        )

    def _after_plan(self):
        """Do the work that follows planning for new actions; extended by the rooms
        above."""
