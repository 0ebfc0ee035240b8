from datetime import timedelta
from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class DunningSubmission(models.Model):
    """Message to hand over to a provider, and its result.

    Created in the transaction that delivers the action; the provider is called later,
    in transactions of their own, always with the same key. So nothing is sent without a
    record, and after a crash or a time-out the same message is submitted again.
    """

    _name = "dunning.submission"
    _description = "Message for a Provider"
    _inherit = ["dunning.guard.mixin"]
    _form_fields = frozenset()
    _order = "id"
    _rec_name = "key"
    _check_company_auto = True

    delivery_id = fields.Many2one(
        comodel_name="dunning.delivery", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        related="delivery_id.action_id.partner_id", string="Customer"
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, ondelete="cascade"
    )
    provider_id = fields.Many2one(
        comodel_name="dunning.provider", required=True, index=True, ondelete="restrict"
    )
    key = fields.Char(
        string="Our Reference",
        required=True,
        default=lambda self: self._default_key(),
        help="The same each time the message is submitted, so that the provider "
        "accepts "
        "it only once.",
    )
    reference = fields.Char(string="Provider's Reference")
    text = fields.Text(help="Text spoken in a voice message.")
    state = fields.Selection(
        selection=[
            ("queued", "Waiting"),
            ("sending", "Being handed over"),
            ("sent", "Handed over"),
            ("settled", "Result known"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        default="queued",
        required=True,
    )
    outcome = fields.Selection(
        selection=[
            ("accepted", "Accepted"),
            ("refused", "Refused"),
            ("unclaimed", "Not claimed"),
            ("failed", "Failed"),
        ]
    )
    attempt_count = fields.Integer(string="Attempts")
    next_at = fields.Datetime(string="Next Attempt")
    sent_date = fields.Date(string="Handed Over On")
    notice_date = fields.Date(
        string="Notified On",
        help="Day on which the addressee was notified of the letter.",
    )
    is_in_doubt = fields.Boolean(
        string="Uncertain",
        help="The provider may have accepted it at one of the attempts without "
        "confirming it.",
    )
    asked_date = fields.Date(
        string="Last Answer On",
        help="Day of the provider's last answer about the message.",
    )
    last_error = fields.Char()
    deposit_id = fields.Many2one(
        comodel_name="dunning.deposit",
        string="Deposit File",
        index="btree_not_null",
        ondelete="set null",
    )

    _key_once = models.UniqueIndex("(key)", "Each message has a key of its own.")
    _delivery_once = models.UniqueIndex(
        "(delivery_id)", "This delivery has already been handed over."
    )
    _reference_once = models.UniqueIndex(
        "(provider_id, reference) WHERE reference IS NOT NULL",
        "Two messages cannot have the same reference at a provider.",
    )
    _waiting_index = models.Index("(next_at) WHERE state IN ('queued', 'sending')")

    @api.model
    def _default_key(self):
        return uuid4().hex

    # ---- queue -----------------------------------------------------------------------

    @api.model
    def _queue(self, deliveries, provider, texts=None):
        """Record that these deliveries are to be handed over; nothing leaves in this
        transaction.

        :param texts: {delivery: words of a voice message}
        """
        self.create(
            [
                {
                    "delivery_id": delivery.id,
                    "company_id": delivery.company_id.id,
                    "provider_id": provider.id,
                    "text": texts and texts[delivery],
                }
                for delivery in deliveries
            ]
        )
        self._wake()

    @api.model
    def _wake(self):
        job = self.env.ref("account_dunning_scenario.ir_cron_submit_messages")
        job.sudo()._trigger()  # sudo: the job is the system's, waking it is not

    def _withdraw(self):
        """Recall the messages that no provider was asked to take yet."""
        waiting = self.filtered(lambda submission: submission.state == "queued")
        files = waiting.deposit_id
        waiting.write({"state": "cancelled", "deposit_id": False})
        files._rebuild()

    def _requeue(self):
        """Take the messages not handed over yet out of their file: it is written
        again."""
        waiting = self.filtered(lambda submission: submission.state == "queued")
        files = waiting.deposit_id
        waiting.deposit_id = False
        files._rebuild()
        if waiting:
            self._wake()
        return waiting

    # ---- handed over -----------------------------------------------------------------

    def _register_sent(self, day, references=None):
        """Record that the provider has these messages, and perform their deliveries.

        :param day: the company's day on which it took them
        :param references: {submission: the provider's reference}
        """
        references = references or {}
        for submission in self:
            submission.write(
                {
                    "state": "sent",
                    "reference": references.get(submission),
                    "sent_date": day,
                    "notice_date": day,
                    "next_at": False,
                    "last_error": False,
                }
            )
            delivery = submission.delivery_id
            delivery.tracking_number = submission.reference or submission.key
        deliveries = self.delivery_id
        for provider, submissions in self.grouped("provider_id").items():
            provider._get_port()._record_handover(submissions.delivery_id, day)
        waiting = deliveries.filtered(lambda delivery: delivery.state == "waiting")
        waiting._perform(day)
        waiting.action_id._perform_if_complete()
        (deliveries - waiting)._log_late_recall()

    def _register_failure(self, reason, *, is_way_left):
        """Record that no provider takes these messages: their actions use the fallback,
        or wait on the desk.

        :param reason: in the user's words
        :param is_way_left: whether the provider surely has nothing, so that another
            channel may do it
        """
        self.write({"state": "failed", "last_error": reason, "next_at": False})
        for delivery in self.delivery_id:
            if delivery.state == "waiting":
                delivery._give_up(reason, "fallback" if is_way_left else "desk")

    # ---- results ---------------------------------------------------------------------

    def _get_port(self):
        """Return the channel of the message."""
        return self.provider_id._get_port()

    def _get_deadline(self):
        """Return the last day on which the addressee may accept."""
        self.ensure_one()
        return self.notice_date + timedelta(days=self._get_port()._service_claim_days)

    def _register_outcome(self, outcome, day, proof=None, reason=False):
        """Record the result of a message that was handed over; the same result again
        only adds its proof.

        :param outcome: code of `outcome`
        :param day: the company's day of the result
        :param proof: (file name, content) of its proof
        :param reason: reason given by the provider
        :raise UserError: the day is impossible
        """
        self.ensure_one()
        is_known = self.outcome == outcome
        if is_known and not proof:
            return
        delivery = self.delivery_id
        if outcome != "failed" and not is_known:
            self._get_port()._record_outcome(delivery, outcome, day)
        self.write({"state": "settled", "outcome": outcome, "next_at": False})
        if proof:
            delivery._store_proof("receipt_id", *proof)
        if outcome == "failed" and not is_known:
            # The same address is not tried again by itself.
            told = {delivery: self._get_outcome_reason(day, reason)}
            delivery._register_return(told, "fallback")

    def _get_outcome_reason(self, day, reason):
        env = self.with_context(lang=self.company_id._dunning_get_lang()).env
        return env._(
            "%(provider)s could not deliver the message to %(address)s "
            "(%(day)s): %(reason)s",
            provider=self.provider_id.name,
            address=self.delivery_id.address,
            day=format_date(env, day),
            reason=self._hide_key(str(reason or env._("no reason given"))),
        )

    @api.model
    def _get_unclaimed(self, companies):
        """Return the messages that were not accepted in time, without another result of
        the provider. A provider that can be polled must have been, after the
        deadline."""
        overdue = self.browse()
        ports = self.env["dunning.provider"]._get_ports()
        for port in [port for port in ports if port._service_claim_days]:
            period = timedelta(days=port._service_claim_days)
            for company in companies:
                last_day = company._dunning_today() - period
                overdue |= self.search(
                    [
                        ("company_id", "=", company.id),
                        ("state", "=", "sent"),
                        ("provider_id.service", "=", port._get_code()),
                        ("notice_date", "<", last_day),
                    ]
                )
        return overdue.filtered(lambda submission: submission._is_final())

    def _settle_unclaimed(self):
        """Record a letter as not claimed; a later result of the provider replaces
        it."""
        submission = self.try_lock_for_update().filtered(lambda s: s.state == "sent")
        if not submission:
            return
        try:
            with self.env.cr.savepoint():
                submission._register_outcome("unclaimed", submission._get_deadline())
        except UserError as error:
            submission.last_error = str(error)

    def _is_final(self):
        """Return whether the provider was polled after the deadline, or cannot be
        polled."""
        provider = self.provider_id
        can_be_asked = provider.adapter == "http" and provider.status_url
        return not can_be_asked or (
            bool(self.asked_date) and self.asked_date > self._get_deadline()
        )
