from odoo import api, fields, models

from ..setup.labels import get_labels


class DunningAction(models.Model):
    """Channels used, and the day of arrival: the planner counts from there where the
    step says so (S3-09, S3-10)."""

    _inherit = "dunning.action"

    channel_text = fields.Char(
        string="Channels",
        compute="_compute_channel_text",
        help="Channels actually used; before sending, the planned one.",
    )

    @api.depends("channel", "delivery_ids.state", "delivery_ids.channel")
    @api.depends_context("lang")
    def _compute_channel_text(self):
        labels = get_labels(self, "channel")
        for action in self:
            used = action.delivery_ids.filtered(
                lambda delivery: delivery.state in ("waiting", "done")
            )
            codes = dict.fromkeys(used.mapped("channel") or [action.channel])
            action.channel_text = ", ".join(labels[code] for code in codes)

    def _perform(self, day, now):
        result = super()._perform(day, now)
        self._set_arrival()
        return result

    def _set_arrival(self):
        """Date the arrival of these performed actions on their lines, if their step
        starts the clock at the delivery. Every channel used must have reached the
        customer: an e-mail sent with a letter does not end the wait for the letter."""
        counted = self.filtered(
            lambda action: (
                action.state == "done" and action.step_id.clock_start == "delivered"
            )
        )
        by_day = counted.grouped(lambda action: action._get_arrival_date())
        for day, actions in by_day.items():
            # sudo: the journal is written by methods only
            lines = actions.sudo().line_ids.filtered(lambda line: line.state == "done")
            lines.arrival_date = day

    def _get_arrival_date(self):
        """Return the company's day by which the customer had all that was sent, as far
        as it is known; False if nothing was sent."""
        self.ensure_one()
        ways = self.delivery_ids.filtered(lambda way: way._is_performed())
        return max((way._get_arrival_date() for way in ways), default=False)

    def _defer(self, addresses, now):
        """Defer the actions that must not leave yet, with all their deliveries: none
        here.

        :param addresses: see `_get_addresses` of the courier
        :param now: datetime (UTC, naive) of the run
        :return: the actions that leave now
        """
        return self
