from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date
from odoo.tools.i18n import format_list

from ..setup.bounds import read_day
from .dunning_action import OPEN_STATES


class DunningAction(models.Model):
    """Extend actions with a collector's decisions before they leave."""

    _inherit = "dunning.action"

    def write(self, vals):
        """Record the reason when a tick is removed, and clear it when it is set."""
        if "is_ticked" in vals and "untick_reason" not in vals:
            if not self.env.su:
                self._take(("to_confirm",), self.env._("ticked or unticked"))
            vals = self._get_tick_values(vals["is_ticked"]) | vals
        return super().write(vals)

    # ---- buttons ---------------------------------------------------------------------

    def action_tick(self):
        """Tick the actions for the next sending."""
        return self._take(("to_confirm",), self.env._("ticked")).write(
            {"is_ticked": True}
        )

    def action_untick(self, reason=None):
        """Untick the actions for the next sending.

        :param reason: text, stored with the tick
        """
        actions = self._take(("to_confirm",), self.env._("unticked"))
        values = {"is_ticked": False}
        if reason:
            values["untick_note"] = self._sign(reason)
        return actions.write(values)

    def action_skip(self, reason=None):
        """Skip the actions: their steps count as played without contact, and the film
        goes on.

        :param reason: text, stored in the history
        """
        actions = self._take(OPEN_STATES, self.env._("skipped"))
        text = self.env._("Skipped by %(user)s", user=self.env.user.name)
        if reason:
            text = self.env._(
                "Skipped by %(user)s: %(reason)s",
                user=self.env.user.name,
                reason=reason,
            )
        actions._withdraw()
        for company, of_company in actions.grouped("company_id").items():
            of_company._lapse(company._dunning_today(), text)
        return True

    def action_postpone(self, until):
        """Postpone the claims to a day, from which they are planned anew.

        :param until: date of the company
        :raise UserError: the day is missing, not in the future, or after the expiry of
            a notice
        """
        actions = self._take(OPEN_STATES, self.env._("postponed"))
        until = read_day(self.env, until)
        if not until:
            raise UserError(self.env._("Choose a day after today."))
        lines = actions.line_ids.filtered(lambda line: line.state == "open")
        self._check_postpone_date(lines, until)
        reason = self.env._(
            "Postponed by %(user)s until %(day)s",
            user=self.env.user.name,
            day=format_date(self.env, until),
        )
        lines.postponed_until = until
        lines._drop(dict.fromkeys(lines.ids, reason))
        return True

    def action_undo_confirm(self):
        """Return confirmed actions that have not left to the desk."""
        actions = self._take(("scheduled",), self.env._("taken back"))
        return actions.write({"state": "to_confirm"})

    def action_change_channel(self, channel):
        """Change the channel of the actions; failed ones return to the desk, ticked.

        :param channel: code of an installed channel
        :raise UserError: a customer has no address for the channel, or a step no text
        """
        codes = [code for code, _name in self.env["dunning.channel"]._get_selection()]
        if channel not in codes:
            raise UserError(self.env._("Choose one of the channels."))
        actions = self._take(("to_confirm", "failed"), self.env._("changed"))
        Channel = self.env["dunning.channel"]._get(channel)
        actions._check_reachable(Channel)
        for step in actions.step_id:
            Channel._check_step(step)
        actions.channel = channel
        failed = actions.filtered(lambda action: action.state == "failed")
        failed.write({"state": "to_confirm", "reason": False, "is_ticked": True})
        return True

    # ---- business --------------------------------------------------------------------

    def _get_tick_values(self, is_ticked):
        if not is_ticked:
            return {"untick_reason": "user", "untick_note": self.env.user.name}
        self._log_overridden_stop()
        return {"untick_reason": False, "untick_note": False}

    def _sign(self, text):
        return self.env._(
            "%(user)s: %(text)s", user=self.env.user.name, text=str(text).strip()
        )

    def _log_overridden_stop(self):
        """Log the user who ticks an action of a stopped customer, and the reason of the
        stop."""
        stopped = self.filtered(lambda action: action.untick_reason == "stop")
        stopped._message_log_batch(
            {
                action.id: self.env._(
                    "Ticked by %(user)s although the customer is in stop: %(reason)s",
                    user=self.env.user.name,
                    reason=action._get_stop_reason() or self.env._("no reason given"),
                )
                for action in stopped
            }
        )

    def _get_stop_reason(self):
        return self.partner_id._dunning_get_stop(self.company_id).dunning_stop_reason

    def _check_postpone_date(self, lines, until):
        for company, company_lines in lines.grouped("company_id").items():
            if until <= company._dunning_today():
                raise UserError(self.env._("Choose a day after today."))
            notices = company_lines.filtered(lambda line: line.kind == "notice")
            if any(until > line.due_date for line in notices):
                raise UserError(
                    self.env._(
                        "A notice only makes sense until the due date: choose an "
                        "earlier day, or skip it."
                    )
                )

    def _check_reachable(self, channel):
        unreachable = self - self.browse(a.id for a in channel._reach(self))
        if unreachable:
            raise UserError(
                self.env._(
                    "%(customers)s cannot be reached in this way. %(reason)s",
                    customers=format_list(
                        self.env, unreachable.partner_id.mapped("display_name")
                    ),
                    reason=channel._explain_unreachable(unreachable)[unreachable[0]],
                )
            )
