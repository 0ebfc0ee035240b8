import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ...journal.dunning_chronicle import Told
from ...message.link.link_keys import hide_keys
from ...setup.addresses import find_addresses

# Hours before each new try of a message that its service did not take.
RETRY_HOURS = (0.25, 1, 4, 12, 24)
# Odoo's record of a mail server's answer: "{'a@b.c': (550, b'no such user')}".
ANSWER_CODE = re.compile(r"\((\d{3}), ")
REFUSED_ADDRESS = re.compile(r"'([^'\s]+@[^'\s]+)': \(\d{3}, ")
ADDRESS_FAILURES = ("mail_email_invalid", "mail_email_missing")
SENDER_FAILURES = ("mail_from_invalid", "mail_from_missing", "mail_spam")


class DunningDelivery(models.Model):
    """Results of a message in Odoo's queue: accepted, put off or refused.

    This is the queue of e-mails; a channel with another queue processes its own. Only
    network failures are tried again, with the same Message-Id; a refused message takes
    the next address or the fallback, else it goes to the desk.
    """

    _inherit = "dunning.delivery"

    attempt_count = fields.Integer(
        string="Attempts",
        help="Number of times the service did not accept the message.",
    )

    _unsettled_index = models.Index(
        "(mail_mail_id) WHERE state = 'waiting' AND performed_date IS NOT NULL"
    )

    @api.model
    def _settle_sent(self, now, among=Domain.TRUE):
        """Process the results of all queued messages, of any channel.

        :param now: datetime (UTC) of the run
        :param among: domain of the deliveries looked at
        """
        self._settle_mails(now, among)

    @api.model
    def _get_unsettled_domain(self, now):
        """Return the domain of the queued messages that may have a result, see
        `_settle_sent`.

        :param now: datetime (UTC) of the run
        """
        return self._get_queued_state_domain() & Domain(
            "mail_mail_id.state", "in", ("sent", "exception", "cancel")
        )

    def _process_service_answer(self, message_id, message_dict):
        """Process an e-mail if it is the answer of a service, not of a customer.

        :param message_id: id of the mail.message that it answers
        :param message_dict: the e-mail as parsed by Odoo
        :return: whether it was one
        """
        return False

    @api.model
    def _settle_mails(self, now, among=Domain.TRUE):
        """Process the mail server's results of the e-mails in Odoo's queue.

        :param now: datetime (UTC) of the run
        :param among: domain of the deliveries looked at
        """
        unsettled = self.search(
            self._get_unsettled_domain(now)
            & Domain("mail_mail_id", "!=", False)
            & among
        ).try_lock_for_update()
        results = unsettled.grouped(lambda delivery: delivery._get_mail_result())
        none = self.browse()
        results.get("sent", none)._register_acceptance()
        results.get("transport", none)._retry_mails(now)
        for result in ("refused", "cancelled"):
            results.get(result, none)._return_mails("desk")
        misaddressed = results.get("address", none)
        misaddressed -= misaddressed._drop_refused_copies()
        misaddressed._flag_refused_addresses()
        lost = misaddressed.filtered(
            lambda delivery: not delivery._requeue_later_recipients()
        )
        lost._return_mails("again")

    def _get_mail_result(self):
        """Return the mail server's result of an e-mail.

        :return: sent, transport (worth another try), address (the recipient is refused
            for good), refused (the message is) or cancelled (by a person)
        """
        mail = self.mail_mail_id
        if mail.state != "exception":
            return "sent" if mail.state == "sent" else "cancelled"
        if mail.failure_type in ADDRESS_FAILURES:
            return "address"
        if mail.failure_type in SENDER_FAILURES:
            return "refused"
        reason = mail.failure_reason or ""
        codes = ANSWER_CODE.findall(reason)
        if not codes or any(code.startswith("4") for code in codes):
            return "transport"
        return "address" if "RecipientsRefused" in reason else "refused"

    def _register_acceptance(self):
        """Record the time at which the mail server accepted each e-mail: the write date
        of its queue entry."""
        if not self:
            return
        self.env["mail.mail"].flush_model(["state"])
        self.flush_model(["sent_at"])
        self.env.cr.execute(
            SQL(
                """UPDATE dunning_delivery delivery SET sent_at = mail.write_date
                     FROM mail_mail mail
                    WHERE mail.id = delivery.mail_mail_id AND delivery.id = ANY(%s)""",
                self.ids,
            )
        )
        self.invalidate_recordset(["sent_at"])
        self.state = "done"

    def _retry_mails(self, now):
        """Queue the e-mails again, with growing delays; return them after the last
        try."""
        for again_at, deliveries in self._count_try(now).items():
            deliveries.mail_mail_id.write(
                {"state": "outgoing", "scheduled_date": again_at}
            )
            self._wake_queue(again_at)

    def _count_try(self, now):
        """Count a failed try of these messages; return those that had their last one.

        :param now: datetime (UTC) of the run
        :return: {datetime (UTC) of the next try: deliveries}
        """
        again = {}
        for count, deliveries in self.grouped("attempt_count").items():
            deliveries.attempt_count = count + 1
            if count >= len(RETRY_HOURS):
                deliveries._return_mails("desk")
            else:
                again[now + timedelta(hours=RETRY_HOURS[count])] = deliveries
        return again

    @api.model
    def _wake_queue(self, at=None):
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action")
        queue.sudo()._trigger(at)  # sudo: users may trigger the system's job

    def _return_mails(self, then):
        """Give up messages that did not leave: they are no contact, and are removed
        from the chatter.

        :param then: see `_give_up`
        """
        reasons = {delivery: delivery._get_failure() for delivery in self}
        self._register_return(reasons, then)
        self._drop_queued()

    def _get_failure(self):
        """Return the reason why a queued message did not leave."""
        return self.env["dunning.channel"]._get(self.channel)._explain_failure(self)

    def _log_result(self, text):
        """Log the result of one message in the chatters.

        :param text: plain; a mail server may quote what was sent
        """
        self.ensure_one()
        told = Told(self.action_id, hide_keys(text))
        self.env["dunning.chronicle"]._tell([told])

    def _flag_address(self, email):
        """Record that the address of these messages does not work.

        :param email: normalized, False where it is no e-mail address
        """
        for delivery in self:
            channel = self.env["dunning.channel"]._get(delivery.channel)
            channel._flag_address(delivery, email)

    def _flag_refused_addresses(self):
        for delivery in self:
            recipient = delivery._get_refused_recipient()
            for email in delivery._get_refused_addresses(recipient):
                delivery._flag_address(email)

    def _get_refused_addresses(self, recipient):
        """Return the addresses of a recipient that the mail server refused; all of
        them where its answer names none."""
        refused = REFUSED_ADDRESS.findall(self.mail_mail_id.failure_reason or "")
        addresses = find_addresses(recipient.email)
        named = [email for email in addresses if email in refused]
        return named or addresses or [False]

    def _get_refused_recipient(self):
        """Return the recipient refused by the mail server; by default the delivery's
        contact."""
        recipients = self.mail_mail_id.recipient_ids
        refused = REFUSED_ADDRESS.findall(self.mail_mail_id.failure_reason or "")
        named = recipients.filtered(
            lambda contact: {*find_addresses(contact.email)} & {*refused}
        )
        return named[:1] or self.contact_id

    def _requeue_later_recipients(self):
        """Queue an e-mail again for the recipients after the refused one. Odoo sends to
        one recipient after the other and stops at a refusal: those before have the
        e-mail.

        :return: whether the mail reached somebody, or still may
        """
        self.ensure_one()
        mail = self.mail_mail_id
        recipients = mail.recipient_ids.ids
        refused = self._get_refused_recipient()
        if refused.id not in recipients or len(recipients) == 1:
            return False
        self._log_result(self._get_failure())
        if after := recipients[recipients.index(refused.id) + 1 :]:
            # The copies were sent first.
            mail.write(
                {
                    "state": "outgoing",
                    "recipient_ids": [Command.set(after)],
                    "email_cc": False,
                }
            )
            self._wake_queue()
        else:
            mail.state = "sent"
            self._register_acceptance()
        return True
