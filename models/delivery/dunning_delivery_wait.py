from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime

ANSWER_LENGTH = 200


class DunningDelivery(models.Model):
    """What a delivery waits for: a person, or a service that takes messages over.

    What is queued for a service is performed, once; its delivery waits until the
    service has it.
    """

    _inherit = "dunning.delivery"

    wait_text = fields.Char(
        string="Waits For",
        compute="_compute_wait_text",
        help="The service that has not taken the message yet, and when it is asked "
        "again.",
    )

    @api.depends("state", "attempt_count", "retry_at", "submission_ids.next_at")
    @api.depends_context("lang", "tz")
    def _compute_wait_text(self):
        for delivery in self:
            delivery.wait_text = delivery._get_wait_text()

    def _is_pending(self):
        """Tell whether the contact has still to be made: by a person, a provider, the
        postal service."""
        return self.state == "waiting" and not self.performed_date

    def _is_performed(self):
        """Tell whether the contact was made, or is in the queue of a service."""
        return self.state in ("waiting", "done") and bool(self.performed_date)

    @api.model
    def _get_queued_state_domain(self):
        """Return the domain of what is in a queue, not taken by its service."""
        return Domain("state", "=", "waiting") & Domain("performed_date", "!=", False)

    @api.model
    def _wake_settling(self):
        """Let the delivery job take note of what a queue did, if it did something."""
        news = self._get_unsettled_domain(fields.Datetime.now())
        if self.search_count(news & self._get_queued_state_domain(), limit=1):
            self.env["dunning.action"]._wake_delivery()

    def _is_with_service(self):
        """Tell whether a service has to take it: no person has anything to do."""
        return self.state == "waiting" and bool(
            self.performed_date or self.snailmail_letter_id or self._get_handed_over()
        )

    def _get_handed_over(self):
        """Return the message that a provider is asked to take by the system."""
        # sudo: only the hour and the answer are told, and only to readers of the action
        return self.sudo().submission_ids.filtered(
            lambda message: (
                message.state in ("queued", "sending")
                and message.provider_id.adapter == "http"
            )
        )

    def _get_service(self):
        """Return the name of the service that takes it over, as in “by …”."""
        channel = self.env["dunning.channel"]._get(self.channel)
        return channel._get_service(self)

    def _get_wait_text(self):
        """Say which service has not taken a delivery yet, when it is asked again, and
        what it answered; nothing for what waits for no service."""
        if not self._is_with_service():
            return False
        tries, again_at, answer = self._get_wait_facts()
        if not tries:
            return self.env._("Not taken yet by %s", self._get_service())
        values = {
            "service": self._get_service(),
            "moment": format_datetime(self.env, again_at, dt_format="short"),
            "answer": " ".join((answer or "").split())[:ANSWER_LENGTH],
        }
        if not values["answer"]:
            return self.env._(
                "Not taken yet by %(service)s: tried again at %(moment)s.", **values
            )
        return self.env._(
            "Not taken yet by %(service)s: tried again at %(moment)s. Its answer: "
            "%(answer)s",
            **values,
        )

    def _get_wait_facts(self):
        """Return how often a service was asked, when it is asked again, its answer."""
        if message := self._get_handed_over():
            return message.attempt_count, message.next_at, message.last_error
        # sudo: the queue is the system's; only its hour and its answer are told
        mail = self.mail_mail_id.sudo()
        again_at = mail.scheduled_date or self.retry_at
        return self.attempt_count, again_at, mail.failure_reason

    @api.model
    def _get_wait_sql(self, alias, with_trouble=False):
        """Return the SQL condition that a service has not taken a delivery.

        :param alias: of dunning_delivery
        :param with_trouble: only what it was asked to take, and did not
        """
        self.flush_model(
            ["state", "performed_date", "attempt_count", "snailmail_letter_id"]
        )
        self.env["dunning.submission"].flush_model(
            ["delivery_id", "state", "attempt_count", "provider_id"]
        )
        self.env["dunning.provider"].flush_model(["adapter"])
        alias = SQL.identifier(alias)
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
        if with_trouble:
            queued = SQL("%s.attempt_count > 0", alias)
        else:
            queued = SQL(
                "(%(d)s.performed_date IS NOT NULL"
                " OR %(d)s.snailmail_letter_id IS NOT NULL)",
                d=alias,
            )
        return SQL("(%s.state = 'waiting' AND (%s OR %s))", alias, queued, message)

    @api.model
    def _get_put_off_texts(self):
        """Say which services did not take messages of the user's companies when asked,
        and how many wait."""
        queued = self._get_queued_state_domain() & Domain("attempt_count", ">", 0)
        handed = Domain("state", "=", "waiting") & Domain(
            "submission_ids",
            "any",
            [("state", "in", ("queued", "sending")), ("attempt_count", ">", 0)],
        )
        in_companies = Domain("company_id", "in", self.env.companies.ids)
        waiting = self.search(in_companies & (queued | handed))
        return [
            self.env._(
                "Not taken yet by %(service)s: %(count)s messages. They are tried "
                "again; those that you send now will wait with them.",
                service=service,
                count=len(deliveries),
            )
            for service, deliveries in waiting.grouped(
                lambda delivery: delivery._get_service()
            ).items()
        ]
