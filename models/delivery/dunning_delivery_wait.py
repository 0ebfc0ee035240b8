from datetime import timedelta

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

    @api.depends("state", "attempt_count")
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

    def _get_arrival_date(self):
        """Return the company's day on which the customer had this, or should have."""
        self.ensure_one()
        channel = self.env["dunning.channel"]._get(self.channel)
        return self.performed_date + timedelta(days=channel._get_transit_days(self))

    @api.model
    def _return_abandoned(self):
        """Send back to the desk what waits for a task that is gone."""

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
        return self.state == "waiting" and bool(self.performed_date)

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
        # sudo: the queue is the system's; only its hour and its answer are told
        mail = self.mail_mail_id.sudo()
        return self.attempt_count, mail.scheduled_date, mail.failure_reason

    @api.model
    def _get_wait_sql(self, alias, with_trouble=False):
        """Return the SQL condition that a service has not taken a delivery.

        :param alias: of dunning_delivery
        :param with_trouble: only what it was asked to take, and did not
        """
        self.flush_model(["state"])
        alias = SQL.identifier(alias)
        conditions = self._get_wait_conditions(alias, with_trouble)
        return SQL(
            "(%s.state = 'waiting' AND (%s))", alias, SQL(" OR ").join(conditions)
        )

    @api.model
    def _get_wait_conditions(self, alias, with_trouble):
        """Return a list of SQL conditions, one for each kind of service: a delivery
        that waits is with the service. What they read is flushed.

        :param alias: SQL identifier of dunning_delivery
        :param with_trouble: see `_get_wait_sql`
        """
        self.flush_model(["performed_date", "attempt_count"])
        if with_trouble:
            return [SQL("%s.attempt_count > 0", alias)]
        return [SQL("%s.performed_date IS NOT NULL", alias)]

    @api.model
    def _get_put_off_domain(self):
        """Return the domain of what a service did not take when asked."""
        return self._get_queued_state_domain() & Domain("attempt_count", ">", 0)

    @api.model
    def _get_put_off_texts(self):
        """Say which services did not take messages of the user's companies when asked,
        and how many wait."""
        in_companies = Domain("company_id", "in", self.env.companies.ids)
        waiting = self.search(in_companies & self._get_put_off_domain())
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
