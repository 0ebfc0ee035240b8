from odoo import api, models

from .dunning_action import OPEN_STATES


class DunningAction(models.Model):
    """What becomes of an action: the only places that write its state.

    Private, hence out of reach of RPC: they write as superuser once the caller has
    checked who may do what.
    """

    _inherit = "dunning.action"

    def _withdraw(self):
        """Call back what has not left yet. The delivery does it."""

    def _close_empty(self):
        """Close the open actions that no open line holds any more.

        Skipped when a step was skipped in it, else cancelled: every line was dropped.
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
        """Have the scheduled actions delivered. The delivery does it.

        :param at: datetime (UTC); None: now
        """

    def _fail(self, reason):
        """Put the actions on the desk: no way led to the customer.

        Their lines stay open, so that nothing else is planned for these claims.
        """
        self.sudo().write({"state": "failed", "reason": reason})

    def _strand(self, reason, channel):
        """Take back what these actions performed: no way of theirs led to the customer.
        They leave by another channel, or wait on the desk. An action that a person has
        closed, or whose claims have gone further since, stays as it is.

        :param reason: in the user's words
        :param channel: code of the channel that is next, False: none
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
        """Let actions that were called back wait again, as if they had never left.

        :param note: why, for their log
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
        actions_sudo = self.sudo()  # the journal is written by methods only
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
        """Do what planning brings with it for new actions. The rooms above do it."""
