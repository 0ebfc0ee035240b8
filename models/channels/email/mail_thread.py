from odoo import models
from odoo.tools import email_normalize

from ...setup.trouble.guarded import guarded
from .machine_mail import is_from_machine

REPORT = "message/delivery-status"
# Models whose replies concern the customer, and are logged in the customer's chatter.
REPLY_MODELS = ("dunning.action", "dunning.statement.sending")


class MailThread(models.AbstractModel):
    """Replies and returned messages that come in by e-mail.

    If an error occurs here, Odoo has already taken the e-mail in, and keeps it.
    """

    _inherit = "mail.thread"

    def _routing_handle_bounce(self, email_message, message_dict):
        result = super()._routing_handle_bounce(email_message, message_dict)
        with guarded(self.env, "take in a returned e-mail"):
            status = _get_status(email_message)
            if status.get("Action", "failed").strip().lower() == "failed":
                # sudo: the gateway's user need not be allowed to write the follow-up
                self.env["dunning.delivery"].sudo()._register_bounce(
                    message_dict["bounced_message"],
                    message_dict["bounced_email"],
                    status.get("Diagnostic-Code"),
                )
        return result

    def _routing_reset_bounce(self, email_message, message_dict):
        result = super()._routing_reset_bounce(email_message, message_dict)
        email = email_normalize(message_dict["email_from"])
        if email:
            with guarded(self.env, "trust an address again"):
                # sudo: as above
                self.env["res.partner"].sudo()._dunning_reset_bounce(email)
        return result

    def _message_route_process(self, message, message_dict, routes):
        parent_id = message_dict.get("parent_id")
        result = super()._message_route_process(message, message_dict, routes)
        if parent_id:
            with guarded(self.env, "take in an answer by e-mail"):
                self._register_dunning_answer(message, message_dict, routes)
        return result

    def _register_dunning_answer(self, message, message_dict, routes):
        """Record an e-mail that answers one of ours, see `_message_route_process`."""
        parent_id = message_dict["parent_id"]
        # sudo: as above
        deliveries_sudo = self.env["dunning.delivery"].sudo()
        if deliveries_sudo._process_service_answer(parent_id, message_dict):
            return
        if not routes or is_from_machine(message):
            return
        if not self._is_of_colleague(message_dict):
            deliveries_sudo._register_reply(parent_id)
        for model, record_id, *_others in routes:
            if record_id:
                record_sudo = self.env[model].sudo().browse(record_id)
                record_sudo._dunning_process_reply(message_dict)

    def _is_of_colleague(self, message_dict):
        """Return whether an e-mail was written by a user of ours, from whatever
        address: it is no customer's answer."""
        # sudo: the gateway's user need not read users
        author_sudo = (
            self.env["res.partner"].sudo().browse(message_dict.get("author_id"))
        )
        return any(not user.share for user in author_sudo.user_ids)

    def _dunning_process_reply(self, message_dict):
        """Process a reply that came in on this record; by default, log it in the
        customer's chatter if ours are kept there.

        :param message_dict: the e-mail as parsed by Odoo
        """
        if self._name in REPLY_MODELS and not self._is_of_colleague(message_dict):
            self.env["dunning.chronicle"]._tell_answer(self, message_dict["message_id"])


def _get_status(email_message):
    """Return the part of a delivery report about the recipient, or {}."""
    for part in email_message.walk():
        if part.get_content_type() == REPORT and len(part.get_payload()) > 1:
            return part.get_payload()[1]
    return {}
