from odoo import api, models

from ...setup.addresses import find_addresses


class DunningDelivery(models.Model):
    """Returned messages and replies that come in by e-mail."""

    _inherit = "dunning.delivery"

    # ---- returns ---------------------------------------------------------------------

    @api.model
    def _register_bounce(self, message, email, answer):
        """Record that an e-mail came back.

        :param message: mail.message that bounced
        :param email: normalized address, if the returned message names it
        :param answer: answer of the mail server, if any
        """
        deliveries = self.search(
            [
                ("mail_message_id", "in", message.ids),
                ("state", "in", ("waiting", "done")),
                ("performed_date", "!=", False),
            ]
        ).try_lock_for_update()
        channel = self.env["dunning.channel"]
        reasons = {
            delivery: channel._get(delivery.channel)._explain_return(
                delivery, email, answer
            )
            for delivery in deliveries
        }
        reached = deliveries.filtered(lambda delivery: delivery._has_reader_left(email))
        for delivery in reached:
            delivery._log_result(reasons[delivery])
        (deliveries - reached)._register_return(reasons, "again")

    def _has_reader_left(self, email):
        """Flag the address from which an e-mail came back.

        :param email: normalized, if the report names it; a mailbox that passes mails on
            is named by the one that it passes them to
        :return: whether another address still has the e-mail, which nobody gets twice
        """
        if email in find_addresses(self.mail_mail_id.email_cc):
            self._flag_address(email)
            return True
        written_to = find_addresses(self.address)
        if email not in written_to and len(written_to) == 1:
            email = written_to[0]
        self._flag_address(email or self.contact_id.email_normalized)
        # sudo: contacts of the customer of an action visible to the user
        contacts_sudo = self.sudo().action_id.partner_id.search(
            [("commercial_partner_id", "in", self.action_id.partner_id.ids)]
        )
        dead = set().union(*(c._dunning_get_bounced() for c in contacts_sudo))
        return bool({*written_to} - dead - {email})

    # ---- replies ---------------------------------------------------------------------

    @api.model
    def _register_reply(self, message_id):
        """Record that a customer replied to a message, whatever was sent with it.

        :param message_id: id of the mail.message that was answered
        """
        message = self.env["mail.message"].browse(message_id)
        self._get_answered_actions(message)._register_reply()

    @api.model
    def _get_answered_actions(self, message):
        """Return the actions whose message was answered, over any number of replies.

        :param message: mail.message, the one answered
        """
        thread = message
        while message := message.parent_id - thread:
            thread |= message
        return self.search([("mail_message_id", "in", thread.ids)]).action_id
