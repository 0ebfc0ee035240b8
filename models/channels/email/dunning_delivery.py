import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ...journal.dunning_chronicle import Told
from ...message.link.link_keys import hide_keys

# Hours before each new try of an e-mail that the mail server did not take.
RETRY_HOURS = (0.25, 1, 4, 12, 24)
# What Odoo keeps of the answer of a mail server: "{'a@b.c': (550, b'no such user')}".
ANSWER_CODE = re.compile(r"\((\d{3}), ")
REFUSED_ADDRESS = re.compile(r"'([^'\s]+@[^'\s]+)': \(\d{3}, ")
ADDRESS_FAILURES = ("mail_email_invalid", "mail_email_missing")
SENDER_FAILURES = ("mail_from_invalid", "mail_from_missing", "mail_spam")
SERVER_ANSWER_LENGTH = 200


class DunningDelivery(models.Model):
    """What becomes of an e-mail after Odoo's queue: taken, put off, refused, returned.

    Only what the network is to blame for is tried again, with the same Message-Id; what
    is refused for good takes the next address or the fallback, else goes to the desk.
    """

    _inherit = "dunning.delivery"

    attempt_count = fields.Integer(
        string="Tries", help="How often its service did not take the message."
    )

    _unsettled_index = models.Index(
        "(mail_mail_id) WHERE state = 'waiting' AND performed_date IS NOT NULL"
    )

    @api.model
    def _settle_sent(self, now, among=Domain.TRUE):
        """Take note of what became of all that was queued.

        :param now: datetime (UTC) of the run
        :param among: domain of the deliveries looked at
        """
        self._settle_mails(now, among)

    @api.model
    def _get_unsettled_domain(self, now):
        """Return the domain of what was queued and may have news, see `_settle_sent`.

        :param now: datetime (UTC) of the run
        """
        return self._get_queued_state_domain() & Domain(
            "mail_mail_id.state", "in", ("sent", "exception", "cancel")
        )

    @api.model
    def _settle_mails(self, now, among=Domain.TRUE):
        """Take note of what the mail server said about the e-mails in Odoo's queue.

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
        lost = misaddressed.filtered(lambda delivery: not delivery._spare_others())
        lost._return_mails("again")

    def _get_mail_result(self):
        """Say in one word what the mail server made of an e-mail.

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
        """Keep when the mail server took each e-mail: its queue entry was written."""
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
        """Queue the e-mails again, later each time; after the last try they return."""
        for count, deliveries in self.grouped("attempt_count").items():
            deliveries.attempt_count = count + 1
            if count >= len(RETRY_HOURS):
                deliveries._return_mails("desk")
                continue
            again_at = now + timedelta(hours=RETRY_HOURS[count])
            deliveries.mail_mail_id.write(
                {"state": "outgoing", "scheduled_date": again_at}
            )
            self._wake_queue(again_at)

    @api.model
    def _wake_queue(self, at=None):
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action")
        queue.sudo()._trigger(at)  # sudo: the queue is the system's, waking it is not

    def _return_mails(self, then):
        """The messages did not leave: they are no contact, and none of the chatter.

        :param then: see `_give_up`
        """
        reasons = {delivery: delivery._get_mail_failure() for delivery in self}
        self._return(reasons, then)
        self._drop_queued()

    def _get_mail_failure(self):
        """Say in the user's words why a message did not leave."""
        env = self.with_context(lang=self.company_id.partner_id.lang).env
        answer = " ".join((self.mail_mail_id.failure_reason or "").split())
        values = {"address": self.address, "answer": answer[:SERVER_ANSWER_LENGTH]}
        match self._get_mail_result():
            case "cancelled":
                return env._("The e-mail was cancelled in Odoo's outgoing queue.")
            case "address":
                return env._(
                    "The mail server refuses the address %(address)s: correct it on "
                    "the customer. Its answer: %(answer)s",
                    **values,
                )
            case "transport":
                return env._(
                    "The mail server could not be reached, several times. Try again "
                    "when it works; its last answer: %(answer)s",
                    **values,
                )
        return env._(
            "The mail server refuses the e-mail to %(address)s. Show its answer to "
            "your administrator: %(answer)s",
            **values,
        )

    def _log_result(self, text):
        """Tell the chatters what became of one message.

        :param text: plain; a mail server may quote what was sent
        """
        self.ensure_one()
        told = Told(self.action_id, hide_keys(text))
        self.env["dunning.chronicle"]._tell([told])

    def _flag_refused_addresses(self):
        for delivery in self:
            delivery._flag_address(delivery._get_refused_recipient().email_normalized)

    def _get_refused_recipient(self):
        """Return whom the mail server refused; by default the contact written to."""
        recipients = self.mail_mail_id.recipient_ids
        refused = REFUSED_ADDRESS.findall(self.mail_mail_id.failure_reason or "")
        named = recipients.filtered(lambda contact: contact.email_normalized in refused)
        return named[:1] or self.contact_id

    def _spare_others(self):
        """A mail to several contacts leaves one by one and stops at the first that is
        refused: queue it for those after, leave those before in peace.

        :return: whether the mail reached somebody, or still may
        """
        self.ensure_one()
        mail = self.mail_mail_id
        recipients = mail.recipient_ids.ids
        refused = self._get_refused_recipient()
        if refused.id not in recipients or len(recipients) == 1:
            return False
        self._log_result(self._get_mail_failure())
        if after := recipients[recipients.index(refused.id) + 1 :]:
            # The copies have left, before all others.
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

    # ---- returns ---------------------------------------------------------------------

    @api.model
    def _register_bounce(self, message, email, answer):
        """Take note that an e-mail came back.

        :param message: mail.message that bounced
        :param email: normalized address, if the returned message names it
        :param answer: what the mail server says about it, if it says something
        """
        deliveries = self.search(
            [
                ("mail_message_id", "in", message.ids),
                ("state", "in", ("waiting", "done")),
                ("performed_date", "!=", False),
            ]
        ).try_lock_for_update()
        for delivery in deliveries:
            delivery._flag_address(email or delivery.contact_id.email_normalized)
        reasons = {
            delivery: delivery._get_bounce_reason(email, answer)
            for delivery in deliveries
        }
        deliveries._return(reasons, "again")

    def _get_bounce_reason(self, email, answer):
        """Say in the user's words that a message came back, see `_register_bounce`."""
        lang = self.company_id.partner_id.lang
        return self.with_context(lang=lang).env._(
            "The e-mail to %(address)s came back: correct the address on the "
            "customer. %(answer)s",
            address=email or self.address,
            answer=(answer or "")[:SERVER_ANSWER_LENGTH],
        )

    def _flag_address(self, email):
        """Remember on the customer's contacts that an address does not work."""
        self.env["res.partner"].search(
            [
                ("commercial_partner_id", "in", self.action_id.partner_id.ids),
                ("email_normalized", "=", email),
            ]
        )._dunning_journal().dunning_bounced_email = email

    # ---- replies ---------------------------------------------------------------------

    @api.model
    def _register_reply(self, message_id):
        """Take note that a customer answered a message, whatever was sent with it.

        :param message_id: id of the mail.message that was answered
        """
        message = self.env["mail.message"].browse(message_id)
        self._get_answered_actions(message)._register_reply()

    @api.model
    def _get_answered_actions(self, message):
        """Return the actions whose message was answered, in however many letters.

        :param message: mail.message, the one answered
        """
        thread = message
        while message := message.parent_id - thread:
            thread |= message
        return self.search([("mail_message_id", "in", thread.ids)]).action_id
