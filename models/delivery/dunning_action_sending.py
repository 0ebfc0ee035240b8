from odoo import api, fields, models
from odoo.exceptions import UserError

from ..setup.guard.guard import is_sealed


class DunningAction(models.Model):
    """Send actions through the courier, withdraw them, and complete those that are
    sent."""

    _inherit = "dunning.action"

    delivery_ids = fields.One2many(
        comodel_name="dunning.delivery",
        inverse_name="action_id",
        string="Deliveries",
    )

    # ---- buttons ---------------------------------------------------------------------

    def action_deliver(self):
        """Send scheduled actions now, without waiting for their hour."""
        self._check_live()
        actions = self._take(("scheduled",), self.env._("sent"))
        now = fields.Datetime.now()
        actions.filtered(lambda a: a.scheduled_at > now).scheduled_at = now
        actions._deliver(now)
        return True

    def action_mark_posted(self):
        """Record that printed letters were posted today, and perform their steps.

        :raise UserError: an action has no letter ready to post
        """
        actions = self._take(("in_progress",), self.env._("marked as posted"))
        deliveries = actions._get_printed_deliveries()
        missing = actions - deliveries.action_id
        if missing:
            raise UserError(
                self.env._(
                    "There is no letter to post for: %(names)s. Send the action "
                    "first, so that its letter is printed.",
                    names=", ".join(missing.mapped("display_name")),
                )
            )
        for company, company_deliveries in deliveries.grouped("company_id").items():
            company_deliveries._perform(company._dunning_today())
        actions._perform_if_complete()
        return True

    # ---- business --------------------------------------------------------------------

    def _withdraw(self):
        result = super()._withdraw()
        self.delivery_ids._cancel()
        return result

    def _deliver(self, now):
        """Deliver the scheduled actions whose time has come.

        :param now: datetime (UTC), decides the company's day
        :return: the actions that were taken
        """
        self.check_access("write")
        return self.env["dunning.courier"]._deliver(self, now)

    @api.model
    def _cron_deliver(self):
        """Deliver the actions that are due, in batches of one transaction each."""
        self.env["dunning.courier"]._run()

    @api.model
    def _wake_delivery(self, at=None):
        job = self.env.ref("account_dunning_scenario.ir_cron_deliver_actions")
        job.sudo()._trigger(at)  # sudo: users may trigger the system's job
        return super()._wake_delivery(at)

    def _perform_if_complete(self):
        """Perform the actions without pending deliveries, on the day of the last of
        them: a letter posted yesterday may be recorded today."""
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
        """Return the day of the last performed delivery of an action."""
        days = self.delivery_ids.mapped("performed_date")
        return max(filter(None, days), default=False)

    def _get_printed_deliveries(self):
        """Return the letters that can be posted: those with a PDF (or none to render,
        `dunning_skip_pdf` in the context)."""
        Channel = self.env["dunning.channel"]
        needs_pdf = not is_sealed(self.env, "dunning_skip_pdf")
        return self.delivery_ids.filtered(
            lambda delivery: (
                delivery.state == "waiting"
                and Channel._get_nature(delivery.channel) == "printed"
                and (delivery.attachment_id or not needs_pdf)
                and not delivery.intermediary_id
            )
        )
