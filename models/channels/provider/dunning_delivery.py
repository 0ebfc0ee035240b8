from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class DunningDelivery(models.Model):
    """Deliveries that a provider takes to the customer."""

    _inherit = "dunning.delivery"

    submission_ids = fields.One2many(
        comodel_name="dunning.submission",
        inverse_name="delivery_id",
        string="Provider Messages",
        groups="account_dunning_scenario.dunning_group_collector",
    )

    def _log_late_recall(self):
        """Log in the chatters that a provider took a message that was recalled
        meanwhile."""
        for delivery in self:
            env = delivery.with_context(
                lang=delivery.company_id._dunning_get_lang()
            ).env
            note = env._(
                "%(channel)s to %(address)s: called back too late, the provider "
                "already had it.",
                channel=env["dunning.channel"]._get(delivery.channel)._get_label(),
                address=delivery.address,
            )
            delivery._log_result(note)

    # ---- waiting ---------------------------------------------------------------------

    @api.depends("submission_ids.next_at")
    def _compute_wait_text(self):
        return super()._compute_wait_text()

    def _get_pending_submission(self):
        """Return the message that the system has to hand over to a provider."""
        # sudo: readers of the action see only the time and the answer
        return self.sudo().submission_ids.filtered(
            lambda message: (
                message.state in ("queued", "sending")
                and message.provider_id.adapter == "http"
            )
        )

    def _is_with_service(self):
        is_handed_over = self.state == "waiting" and bool(
            self._get_pending_submission()
        )
        return is_handed_over or super()._is_with_service()

    def _get_wait_facts(self):
        if message := self._get_pending_submission():
            return message.attempt_count, message.next_at, message.last_error
        return super()._get_wait_facts()

    @api.model
    def _get_wait_conditions(self, alias, with_trouble):
        self.env["dunning.submission"].flush_model(
            ["delivery_id", "state", "attempt_count", "provider_id"]
        )
        self.env["dunning.provider"].flush_model(["adapter"])
        message = SQL(
            """EXISTS (SELECT 1 FROM dunning_submission message
                         JOIN dunning_provider provider
                           ON provider.id = message.provider_id
                        WHERE message.delivery_id = %s.id
                          AND message.state IN ('queued', 'sending')
                          AND provider.adapter = 'http' AND %s)""",
            alias,
            SQL("message.attempt_count > 0") if with_trouble else SQL("TRUE"),
        )
        return [*super()._get_wait_conditions(alias, with_trouble), message]

    @api.model
    def _get_put_off_domain(self):
        handed = Domain("state", "=", "waiting") & Domain(
            "submission_ids",
            "any",
            [("state", "in", ("queued", "sending")), ("attempt_count", ">", 0)],
        )
        return super()._get_put_off_domain() | handed
