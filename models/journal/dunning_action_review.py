from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date
from odoo.tools.i18n import format_list

from ..setup.bounds import read_day
from .dunning_action import OPEN_STATES


class DunningAction(models.Model):
    """What a collector decides about an action before it leaves."""

    _inherit = "dunning.action"

    def write(self, vals):
        """Keep why a tick was taken away; who sets it decides against the reason."""
        if "is_ticked" in vals and "untick_reason" not in vals:
            if not self.env.su:
                self._take(("to_confirm",), self.env._("ticked or unticked"))
            vals = self._get_tick_values(vals["is_ticked"]) | vals
        return super().write(vals)

    # ---- buttons ---------------------------------------------------------------------

    def action_tick(self):
        """Let the actions be among those that leave at the next sending."""
        return self._take(("to_confirm",), self.env._("ticked")).write(
            {"is_ticked": True}
        )

    def action_untick(self, reason=None):
        """Leave the actions out of the next sending.

        :param reason: text, kept beside the tick
        """
        actions = self._take(("to_confirm",), self.env._("unticked"))
        values = {"is_ticked": False}
        if reason:
            values["untick_note"] = self._sign(reason)
        return actions.write(values)

    def action_skip(self, reason=None):
        """Count the steps as played without contact (the film goes on).

        :param reason: text, kept in the history
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
        """Leave the claims alone until a day; they are planned anew from that day on.

        :param until: date of the company
        :raise UserError: it is no day, past or today, or after the expiry of a notice
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
        """Put actions back on the desk that were confirmed and have not left."""
        actions = self._take(("scheduled",), self.env._("taken back"))
        return actions.write({"state": "to_confirm"})

    def action_change_channel(self, channel):
        """Let the actions leave by another channel than their step's; what had failed
        goes back to the desk, ticked.

        :param channel: code of an installed channel
        :raise UserError: a customer has no address for it, or a step no text
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
        """Keep who ticks an action although its customer is in stop, and why the
        customer is."""
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
                        "A notice makes sense until the due date only: choose an "
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
