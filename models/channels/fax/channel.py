from odoo import models
from odoo.fields import Command

from ...setup.guard.guard import SEAL, by_code
from .dunning_delivery import ANSWER_LENGTH


class DunningChannelFax(models.AbstractModel):
    """Letters by fax (S3-18..S3-20): an e-mail to the company's fax gateway, with the
    letter as its only document, black and white.

    The mail to the gateway is in the action's chatter, with the letter. The gateway's
    answer is the receipt, see `dunning.delivery` of dunning_delivery.py.
    """

    _name = "dunning.channel.fax"
    _description = "Follow-Up Channel: Fax"
    _inherit = ["dunning.paper.channel"]

    _channel_sequence = 55
    _channel_nature = "sent"
    _channel_is_mail = True
    _channel_rings = True
    _channel_icon = "fa-fax"
    _channel_color = 11

    def _get_label(self):
        return self.env._("Fax")

    def _get_means(self):
        return self.env._("by fax")

    def _get_service(self, delivery):
        return self.env._("the fax gateway")

    def _tell_contact(self, when):
        return self.env._("the customer was sent a fax %(when)s", when=when)

    def _explain_missing_text(self, step):
        return self.env._(
            "“%(step)s” sends a fax: choose its letter text, or let a person "
            "write it (mode “To personalise”).",
            step=step.name,
        )

    # ---- recipients ------------------------------------------------------------------

    def _get_addresses(self, actions):
        with_gateway = actions.filtered(lambda a: a.company_id._dunning_fax_gateway())
        return {
            action: (contacts[:1], contacts[:1]._dunning_get_working_fax())
            for action, contacts in with_gateway._get_contacts(
                lambda contact: contact._dunning_get_working_fax()
            ).items()
        }

    def _get_unreachable_reason(self, action):
        if not action.company_id._dunning_fax_gateway():
            return self.env._(
                "%(company)s has no fax gateway: enter its address in the settings.",
                company=action.company_id.name,
            )
        return self.env._("The customer has no working fax number.")

    # ---- sending ---------------------------------------------------------------------

    def _deliver(self, deliveries, now):
        """Print the letters and queue them for the gateway; nothing leaves in this
        transaction."""
        result = super()._deliver(deliveries, now)
        printed = deliveries.filtered(
            lambda d: d.state == "waiting" and d.attachment_id
        )
        mails = by_code(self.env["mail.mail"]).create(
            [self._prepare_mail_values(delivery) for delivery in printed]
        )
        for delivery, mail in zip(printed, mails, strict=True):
            delivery.mail_mail_id = mail
            delivery.mail_message_id = mail.mail_message_id
        printed._log_sent()
        if mails:
            self.env["dunning.delivery"]._wake_queue()
        return result

    def _print_letters(self, deliveries, letters):
        """Print in black and white: a fax has no colours."""
        grey = self.with_context(dunning_grayscale=SEAL)
        return super(DunningChannelFax, grey)._print_letters(deliveries, letters)

    def _get_postal_days(self, country):
        return 0

    def _format_file_name(self, day, customer):
        return self.env._("Fax %(day)s %(customer)s.pdf", day=day, customer=customer)

    def _prepare_mail_values(self, delivery):
        """Return the values of a mail with an empty body: a gateway prints all that it
        finds."""
        action, letter = delivery.action_id, delivery.attachment_id
        envelope = self.env["dunning.envelope"]
        company = action.company_id
        sender = company.partner_id.email_formatted or envelope._get_sender(action, {})
        return {
            "subject": self.env._("Fax %(number)s", number=action._get_reference()),
            "body": self.env._(
                "Fax to %(contact)s, %(number)s",
                contact=delivery.contact_id.display_name,
                number=delivery.address,
            ),
            "body_html": "",
            "author_id": envelope._get_author(action).id,
            "email_from": sender,
            "email_to": company._dunning_get_fax_address(delivery.address),
            "reply_to": envelope._get_replies(action, {action: sender})[action],
            "attachment_ids": [
                Command.create(
                    {"name": letter.name, "raw": letter.raw, "type": "binary"}
                )
            ],
            "model": action._name,
            "res_id": action.id,
            "message_type": "email_outgoing",
            "is_notification": True,
            "auto_delete": False,
        }

    def _withdraw(self, deliveries):
        result = super()._withdraw(deliveries)
        deliveries._withdraw_mails()
        return result

    # ---- differences from e-mail -----------------------------------------------------

    def _explain_failure(self, delivery):
        if delivery._get_mail_result() != "address":
            return super()._explain_failure(delivery)
        return self._explain_return(
            delivery, False, delivery.mail_mail_id.failure_reason
        )

    def _explain_return(self, delivery, email, answer):
        lang = delivery.company_id._dunning_get_lang()
        return delivery.with_context(lang=lang).env._(
            "The fax to %(number)s did not get through: check the number. The gateway "
            "says: %(answer)s",
            number=delivery.address,
            answer=(answer or "")[:ANSWER_LENGTH],
        )

    def _flag_address(self, delivery, email):
        """Record the fax number as failed: the e-mail address is the gateway's."""
        delivery.contact_id._dunning_journal().dunning_failed_fax = delivery.address
