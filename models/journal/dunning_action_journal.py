from odoo import api, fields, models

from .dunning_action import OPEN_STATES


class DunningAction(models.Model):
    """What becomes of an action: the only places that write its state.

    Private, hence out of reach of RPC: they write as superuser once the caller has
    checked who may do what.
    """

    _inherit = "dunning.action"

    def _withdraw(self):
        """Call back the deliveries that have not left yet."""
        self.delivery_ids._cancel()

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

    def _deliver(self, now):
        """Take to the customer those that are scheduled and whose time has come.

        :param now: datetime (UTC), decides the company's day
        :return: the actions that were taken
        """
        self.check_access("write")
        return self.env["dunning.courier"]._deliver(self, now)

    @api.model
    def _cron_deliver(self):
        """Deliver what is due, in batches of one transaction each."""
        self.env["dunning.courier"]._run()

    @api.model
    def _wake_delivery(self, at=None):
        job = self.env.ref("account_dunning_scenario.ir_cron_deliver_actions")
        job.sudo()._trigger(at)  # sudo: the job is the system's, waking it is not

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

    def _perform_if_complete(self):
        """Perform the actions of which no delivery is pending any more, on the day of
        the last of them: what was posted yesterday may be noted today."""
        complete = self.filtered(
            lambda action: (
                action.state == "in_progress"
                and not any(way._is_pending() for way in action.delivery_ids)
            )
        )
        now = fields.Datetime.now()
        for company, of_company in complete.grouped("company_id").items():
            today = company._dunning_today(now)
            by_day = of_company.grouped(lambda action: action._get_last_day())
            for day, actions in by_day.items():
                actions._perform(day or today, now)

    def _get_last_day(self):
        """Return the day of the last delivery of an action that was performed."""
        days = self.delivery_ids.mapped("performed_date")
        return max(filter(None, days), default=False)

    def _after_plan(self):
        """Do what planning brings with it for new actions. The rooms above do it."""
