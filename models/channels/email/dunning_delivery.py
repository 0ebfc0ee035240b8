from odoo import api, models


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
        for delivery in deliveries:
            delivery._flag_address(email or delivery.contact_id.email_normalized)
        channel = self.env["dunning.channel"]
        reasons = {
            delivery: channel._get(delivery.channel)._explain_return(
                delivery, email, answer
            )
            for delivery in deliveries
        }
        deliveries._register_return(reasons, "again")

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
