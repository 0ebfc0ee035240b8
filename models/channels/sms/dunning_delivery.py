from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...message.sms_text import get_sms_size

# Longer than any delivery report takes: they come within three days.
REPORT_DAYS = 10
NUMBER_FAILURES = (
    "sms_blacklist",
    "sms_country_not_supported",
    "sms_expired",
    "sms_invalid_destination",
    "sms_not_allowed",
    "sms_not_delivered",
    "sms_number_format",
    "sms_number_missing",
    "sms_optout",
    "sms_rejected",
)


class DunningDelivery(models.Model):
    """Results of a text message: size, sent, put off, refused.

    The message of Odoo's queue is deleted a day after it was sent; the network's answer
    stays on the notification in the action's chatter, and is read there.
    """

    _inherit = "dunning.delivery"

    sms_id = fields.Many2one(
        comodel_name="sms.sms",
        string="Text Message",
        index="btree_not_null",
        ondelete="set null",
    )
    sms_parts = fields.Integer(
        string="SMS Parts", help="Number of text messages that the text takes."
    )
    retry_at = fields.Datetime(
        string="Next Attempt At",
        help="Time at which a text message goes back into the queue.",
    )

    _sms_index = models.Index("(performed_date) WHERE channel = 'sms'")

    def _measure_sms(self, text):
        """Record the number of parts of a text; a text with too many is not sent."""
        self.ensure_one()
        self.sms_parts = get_sms_size(text).parts
        limit = self.action_id.step_id.sms_max_parts
        if limit and self.sms_parts > limit:
            self._fail(
                self.env._(
                    "The text takes %(parts)s text messages, the step allows "
                    "%(limit)s: shorten it, then try again.",
                    parts=self.sms_parts,
                    limit=limit,
                )
            )

    # ---- results ---------------------------------------------------------------------

    @api.model
    def _settle_sent(self, now, among=Domain.TRUE):
        self._settle_sms(now, among)
        return super()._settle_sent(now, among)

    @api.model
    def _get_unsettled_domain(self, now):
        return super()._get_unsettled_domain(now) | self._get_reported_domain(now)

    @api.model
    def _settle_sms(self, now, among=Domain.TRUE):
        """Process the network's results of text messages.

        :param now: datetime (UTC) of the run
        :param among: domain of the deliveries looked at
        """
        reported = self.search(
            self._get_reported_domain(now) & among
        ).try_lock_for_update()
        results = reported.grouped(lambda delivery: delivery._get_sms_result())
        none = self.browse()
        results.get("sent", none).write({"sent_at": now, "state": "done"})
        results.get("transport", none)._retry_sms(now)
        for result in ("refused", "cancelled"):
            results.get(result, none)._return_mails("desk")
        misaddressed = results.get("number", none)
        for delivery in misaddressed:
            delivery.contact_id._dunning_journal().dunning_failed_mobile = (
                delivery.address
            )
        misaddressed._return_mails("again")

    @api.model
    def _get_reported_domain(self, now):
        failed = Domain(
            "mail_message_id.notification_ids",
            "any",
            [("notification_status", "in", ("exception", "bounce", "canceled"))],
        )
        sent = Domain(
            "mail_message_id.notification_ids",
            "any",
            [("notification_status", "in", ("pending", "sent"))],
        )
        reported_until = now.date() - timedelta(days=REPORT_DAYS)
        reporting = self._get_queued_state_domain() | (
            Domain("state", "=", "done") & Domain("performed_date", ">", reported_until)
        )
        return (
            Domain("channel", "=", "sms")
            & reporting
            & (
                failed
                & (Domain("retry_at", "=", False) | Domain("retry_at", "<=", now))
                | sent & Domain("sent_at", "=", False)
            )
        )

    def _get_sms_trace(self):
        """Return the notification that holds the network's answer."""
        return self.mail_message_id.notification_ids.filtered(
            lambda trace: trace.notification_type == "sms"
        )[:1]

    def _get_sms_result(self):
        """Return the network's result of a text message.

        :return: sent, transport (worth another try), number (refused for good), refused
            (the account is) or cancelled (by a person)
        """
        trace = self._get_sms_trace()
        if trace.notification_status in ("pending", "sent"):
            return "sent"
        if trace.notification_status == "canceled":
            return "cancelled"
        if trace.failure_type in NUMBER_FAILURES:
            return "number"
        return "transport" if trace.failure_type == "sms_server" else "refused"

    def _retry_sms(self, now):
        """Queue the messages again, with growing delays; return them after the last
        try."""
        due = self.filtered("retry_at")
        due.retry_at = False
        due.sms_id.action_set_outgoing()
        if due:
            self._wake_sms_queue()
        for again_at, deliveries in (self - due)._count_try(now).items():
            deliveries.retry_at = again_at
            self.env["dunning.action"]._wake_delivery(again_at)

    @api.model
    def _wake_sms_queue(self):
        # sudo: users may trigger the system's job
        self.env.ref("sms.ir_cron_sms_scheduler_action").sudo()._trigger()

    # ---- waiting ---------------------------------------------------------------------

    @api.depends("retry_at")
    def _compute_wait_text(self):
        return super()._compute_wait_text()

    def _get_wait_facts(self):
        tries, again_at, answer = super()._get_wait_facts()
        return tries, again_at or self.retry_at, answer

    # ---- recall ----------------------------------------------------------------------

    @api.model
    def _get_queued_domain(self):
        return super()._get_queued_domain() | Domain(
            [
                ("sms_id.state", "in", ("outgoing", "error")),
                ("state", "=", "waiting"),
                ("action_id.state", "in", ("done", "in_progress")),
            ]
        )

    def _lock_recallable(self):
        queued = self.sms_id.try_lock_for_update()
        free = self.filtered(lambda delivery: delivery.sms_id in queued)
        return super()._lock_recallable() | free

    def _cancel_queued(self):
        self.sms_id.try_lock_for_update().action_set_canceled()
        return super()._cancel_queued()

    def _drop_queued(self):
        self.write({"retry_at": False, "sms_parts": 0})
        self.sms_id.unlink()
        return super()._drop_queued()
