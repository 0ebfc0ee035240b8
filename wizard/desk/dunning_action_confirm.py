from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_time

from ...models.setup.bounds import read_domain

NAMES_SHOWN = 3


class DunningActionConfirm(models.TransientModel):
    """Show a summary before sending (S1-04, S1-45), then send.

    It takes the ticked actions among those selected on the desk; without a selection,
    among those in its list (`dunning_domain` in the context: its filters).
    """

    _name = "dunning.action.confirm"
    _description = "Confirm Actions"
    _inherit = ["dunning.wizard.mixin"]

    action_ids = fields.Many2many(
        comodel_name="dunning.action",
        string="Actions",
        default=lambda self: self._default_action_ids(),
    )
    action_count = fields.Integer(
        string="Selected Actions", compute="_compute_action_count"
    )
    summary = fields.Html(compute="_compute_summary", sanitize=False)

    @api.model
    def _default_action_ids(self):
        domain = self._get_ticked_domain()
        if selected := self.env.context.get("active_ids"):
            domain &= Domain("id", "in", selected)
        elif shown := self.env.context.get("dunning_domain"):
            domain &= read_domain(self.env["dunning.action"], shown)
        return self.env["dunning.action"].search(domain)

    @api.depends("action_ids")
    def _compute_action_count(self):
        for wizard in self:
            wizard.action_count = len(wizard.action_ids)

    @api.depends("action_ids")
    @api.depends_context("lang", "tz")
    def _compute_summary(self):
        for wizard in self:
            wizard.summary = self.env["ir.qweb"]._render(
                "account_dunning_scenario.dunning_action_confirm_summary",
                {
                    "rows": wizard._get_summary_rows(),
                    "warnings": wizard._get_warnings(),
                },
            )

    def action_confirm(self):
        """Send in the background; the web client shows the progress.

        :raise UserError: nothing is left to be sent
        """
        self.ensure_one()
        dispatch = self.env["dunning.dispatch"]._start(self.action_ids)
        (progress,) = dispatch._get_progress()
        return {
            "type": "ir.actions.act_window_close",
            "infos": {"dunning_dispatch": progress},
        }

    # ---- summary ---------------------------------------------------------------------

    @api.model
    def _get_ticked_domain(self):
        return Domain("state", "=", "to_confirm") & Domain("is_ticked", "=", True)

    def _get_summary_rows(self):
        """Return one row per channel and currency: number and amount of actions, and
        when they leave."""
        labels = dict(self.env["dunning.channel"]._get_selection())
        actions = self.action_ids.sorted(lambda a: list(labels).index(a.channel))
        groups = actions.grouped(lambda a: (a.channel, a.currency_id))
        return [
            {
                "channel": labels[channel],
                "count": len(group),
                "amount": sum(group.mapped("amount_total")),
                "currency": currency,
                "leaves": self._get_leaving_text(group),
            }
            for (channel, currency), group in groups.items()
        ]

    def _get_leaving_text(self, actions):
        """Return the time of leaving as text: at once, or from the first hour on."""
        now = fields.Datetime.now()
        later = [at for at in actions.mapped("scheduled_at") if at and at > now]
        if not later:
            return self.env._("at once")
        first = format_time(self.env, min(later), time_format="short")
        if len(later) == len(actions):
            return self.env._("from %(hour)s on", hour=first)
        return self.env._(
            "%(now)s at once, %(later)s from %(hour)s on",
            now=len(actions) - len(later),
            later=len(later),
            hour=first,
        )

    def _get_warnings(self):
        """Return the warnings before sending, in the user's words."""
        ways = self._get_ways()
        return [
            text
            for text in (
                self._get_asleep_text(),
                self._get_hidden_text(),
                self._get_stop_text(),
                *self._get_unreachable_texts(ways),
                *self._get_findings_texts(),
                self._get_mail_server_text(ways),
                *self.env["dunning.delivery"]._get_put_off_texts(),
            )
            if text
        ]

    def _get_hidden_text(self):
        """Return the number of ticked actions outside of the list's filters or the
        selection: they stay on the desk."""
        everything = self.env["dunning.action"].search_count(self._get_ticked_domain())
        hidden = everything - len(self.action_ids)
        if hidden > 0:
            return self.env._(
                "%(count)s more are ticked outside the selection or the filters: they "
                "stay on the review desk.",
                count=hidden,
            )
        return False

    def _get_stop_text(self):
        stopped = self.action_ids.filtered(lambda action: action._is_stopped())
        if stopped:
            return self.env._(
                "In “stop”, but ticked: %(names)s.",
                names=self._get_names(stopped),
            )
        return False

    def _get_asleep_text(self):
        # sudo: the company's name is no secret
        companies_sudo = self.sudo().action_ids.company_id
        asleep_sudo = companies_sudo - companies_sudo._dunning_live()
        if asleep_sudo:
            return self.env._(
                "The follow-up of %(company)s is not switched on yet: nothing is sent "
                "until a collection manager does so.",
                company=", ".join(asleep_sudo.mapped("name")),
            )
        return False

    def _get_ways(self):
        """Return {action: codes of the channels with a usable address}."""
        courier = self.env["dunning.courier"]
        addresses = courier._get_addresses(self.action_ids)
        return {a: courier._get_open_ways(a, addresses) for a in self.action_ids}

    def _get_unreachable_texts(self, ways):
        """Yield the names of the customers without a usable address for the first
        channel, by consequence.

        :param ways: see `_get_ways`
        """
        lost = self.action_ids.filtered(lambda action: not ways[action])
        rerouted = self.action_ids.filtered(
            lambda action: ways[action] and action.channel not in ways[action]
        )
        if lost:
            yield self.env._(
                "No usable address: %(names)s. They cannot be reached and their "
                "actions will fail: complete the customer first, or untick them.",
                names=self._get_names(lost),
            )
        if rerouted:
            yield self.env._(
                "No usable address for the first channel: %(names)s. They are reached "
                "by the other channel of their step.",
                names=self._get_names(rerouted),
            )

    def _get_findings_texts(self):
        """Yield the findings of the message check: in texts of the steps, once each,
        and in texts written by users."""
        checker = self.env["dunning.message.checker"]
        for step in self.action_ids.filtered(lambda a: not a.mail_body).step_id:
            for text, findings in step._get_findings().items():
                yield self.env._(
                    "Text “%(text)s”: %(findings)s",
                    text=text.name,
                    findings=checker._format_all(findings),
                )
        for action, findings in self.action_ids._get_written_findings().items():
            yield self.env._(
                "Message to %(customer)s: %(findings)s",
                customer=action.partner_id.display_name,
                findings=checker._format_all(findings),
            )

    def _get_mail_server_text(self, ways):
        """Return the problem of the mail server, if anything leaves by it on any
        channel: first, second or fallback.

        :param ways: see `_get_ways`
        """
        Channel = self.env["dunning.channel"]
        codes = {code for codes in ways.values() for code in codes}
        is_needed = any(Channel._get(code)._channel_is_mail for code in codes)
        return is_needed and self.env["ir.mail_server"]._get_dunning_problem()

    def _get_names(self, actions):
        """Return the first customers' names and the number of the others."""
        names = list(dict.fromkeys(actions.partner_id.mapped("display_name")))
        shown = ", ".join(names[:NAMES_SHOWN])
        if len(names) <= NAMES_SHOWN:
            return shown
        return self.env._(
            "%(names)s and %(count)s more",
            names=shown,
            count=len(names) - NAMES_SHOWN,
        )
