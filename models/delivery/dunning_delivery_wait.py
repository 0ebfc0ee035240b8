from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime

ANSWER_LENGTH = 200


class DunningDelivery(models.Model):
    """Wait of a delivery for a person, or for a service that takes messages over.

    A message queued for a service is performed, once; its delivery waits until the
    service has it.
    """

    _inherit = "dunning.delivery"

    wait_text = fields.Char(
        string="Waiting For",
        compute="_compute_wait_text",
        help="Service that has not accepted the message yet, and time of the next "
        "attempt.",
    )

    @api.depends("state", "attempt_count")
    @api.depends_context("lang", "tz")
    def _compute_wait_text(self):
        for delivery in self:
            delivery.wait_text = delivery._get_wait_text()

    def _is_pending(self):
        """Return whether the contact is still to be made: by a person, a provider, the
        postal service."""
        return self.state == "waiting" and not self.performed_date

    def _is_performed(self):
        """Return whether the contact was made, or is in the queue of a service."""
        return self.state in ("waiting", "done") and bool(self.performed_date)

    def _get_arrival_date(self):
        """Return the company's day on which the message arrived, or should have."""
        self.ensure_one()
        channel = self.env["dunning.channel"]._get(self.channel)
        return self.performed_date + timedelta(days=channel._get_transit_days(self))

    @api.model
    def _return_abandoned(self):
        """Send deliveries whose task is gone back to the desk."""

    @api.model
    def _get_queued_state_domain(self):
        """Return the domain of the deliveries in a queue, not accepted by their
        service."""
        return Domain("state", "=", "waiting") & Domain("performed_date", "!=", False)

    @api.model
    def _wake_settling(self):
        """Trigger the delivery job if a queue has results to process."""
        news = self._get_unsettled_domain(fields.Datetime.now())
        if self.search_count(news & self._get_queued_state_domain(), limit=1):
            self.env["dunning.action"]._wake_delivery()

    def _is_with_service(self):
        """Return whether the delivery waits for a service, not for a person."""
        return self.state == "waiting" and bool(self.performed_date)

    def _get_service(self):
        """Return the name of the service that takes it over, as in “by …”."""
        channel = self.env["dunning.channel"]._get(self.channel)
        return channel._get_service(self)

    def _get_wait_text(self):
        """Return the text about the service that has not accepted a delivery yet: its
        name, the next try and its answer. Return False if the delivery waits for no
        service."""
        if not self._is_with_service():
            return False
        tries, again_at, answer = self._get_wait_facts()
        if not tries:
            return self.env._("Not accepted yet by %s", self._get_service())
        values = {
            "service": self._get_service(),
            "moment": format_datetime(self.env, again_at, dt_format="short"),
            "answer": " ".join((answer or "").split())[:ANSWER_LENGTH],
        }
        if not values["answer"]:
            return self.env._(
                "Not accepted yet by %(service)s: next attempt at %(moment)s.", **values
            )
        return self.env._(
            "Not accepted yet by %(service)s: next attempt at %(moment)s. Its answer: "
            "%(answer)s",
            **values,
        )

    def _get_wait_facts(self):
        """Return the number of tries, the time of the next one, and the service's
        answer."""
        # sudo: users may not read the queue; only its time and answer are shown
        mail = self.mail_mail_id.sudo()
        return self.attempt_count, mail.scheduled_date, mail.failure_reason

    @api.model
    def _get_wait_sql(self, alias, with_trouble=False):
        """Return the SQL condition that a service has not taken a delivery.

        :param alias: of dunning_delivery
        :param with_trouble: only deliveries that it did not take when asked
        """
        self.flush_model(["state"])
        alias = SQL.identifier(alias)
        conditions = self._get_wait_conditions(alias, with_trouble)
        return SQL(
            "(%s.state = 'waiting' AND (%s))", alias, SQL(" OR ").join(conditions)
        )

    @api.model
    def _get_wait_conditions(self, alias, with_trouble):
        """Return a list of SQL conditions, one per kind of service, that a waiting
        delivery is with the service. The fields that they read are flushed.

        :param alias: SQL identifier of dunning_delivery
        :param with_trouble: see `_get_wait_sql`
        """
        self.flush_model(["performed_date", "attempt_count"])
        if with_trouble:
            return [SQL("%s.attempt_count > 0", alias)]
        return [SQL("%s.performed_date IS NOT NULL", alias)]

    @api.model
    def _get_put_off_domain(self):
        """Return the domain of the deliveries that a service did not accept when
        asked."""
        return self._get_queued_state_domain() & Domain("attempt_count", ">", 0)

    @api.model
    def _get_put_off_texts(self):
        """Return notices of the services that did not accept messages of the user's
        companies when asked, with the number of messages."""
        in_companies = Domain("company_id", "in", self.env.companies.ids)
        waiting = self.search(in_companies & self._get_put_off_domain())
        return [
            self.env._(
                "Not accepted yet by %(service)s: %(count)s messages. They will be "
                "tried again; those that you send now will wait with them.",
                service=service,
                count=len(deliveries),
            )
            for service, deliveries in waiting.grouped(
                lambda delivery: delivery._get_service()
            ).items()
        ]
