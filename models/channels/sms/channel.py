import phonenumbers
from markupsafe import Markup

from odoo import models
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tools import plaintext2html

from ...message.sms_text import get_sms_size
from ...setup.guard.guard import by_code

NumberType = phonenumbers.PhoneNumberType
# Types of numbers that surely show no text message.
TYPES_WITHOUT_SMS = (
    NumberType.FIXED_LINE,
    NumberType.PREMIUM_RATE,
    NumberType.TOLL_FREE,
)
ACCOUNT_FAILURES = ("sms_acc", "sms_credit", "sms_registration_needed")


class DunningChannelSms(models.AbstractModel):
    """Text messages sent by Odoo's queue (S3-37..S3-40).

    The message belongs to the action: it shows in its chatter, with its result. It goes
    to one number: that of the first contact with a mobile one.
    """

    _name = "dunning.channel.sms"
    _description = "Follow-Up Channel: SMS"
    _inherit = ["dunning.channel"]

    _channel_sequence = 20
    _channel_nature = "sent"
    _channel_family = "written"
    _channel_rings = True
    _channel_icon = "fa-mobile"
    _channel_color = 6

    def _get_label(self):
        return self.env._("SMS")

    def _get_means(self):
        return self.env._("by SMS")

    def _get_service(self, delivery):
        return self.env._("the SMS service")

    def _tell_contact(self, when):
        return self.env._("the customer was sent a text message %(when)s", when=when)

    def _get_step_fields(self, step):
        return "sms_template_id", "sms_audience", "sms_max_parts"

    def _check_step(self, step):
        if not step.sms_template_id and step.mode != "personalise":
            raise ValidationError(
                self.env._(
                    "“%(step)s” sends a text message: choose its SMS text, or let a "
                    "person write it (mode “To personalise”).",
                    step=step.name,
                )
            )

    # ---- recipients ------------------------------------------------------------------

    def _get_addresses(self, actions):
        allowed = actions.filtered(self._is_allowed)
        numbers = {}
        for action, contacts in allowed._get_contacts(self._get_mobile).items():
            contact = contacts.sorted(self._may_be_landline)[:1]
            numbers[action] = (contact, self._get_mobile(contact))
        return numbers

    def _is_allowed(self, action):
        """Return whether the step sends text messages to this customer: to persons and
        small companies, unless it says otherwise."""
        customer = action.partner_id
        return (
            action.step_id.sms_audience == "all"
            or not customer.is_company
            or customer.dunning_size == "small"
        )

    def _get_mobile(self, contact):
        """Return the number of a contact in the network's format (E.164), unless it is
        surely no mobile number, or has failed."""
        number = contact._phone_format(fname="phone")
        if not number or self._get_type(number) in TYPES_WITHOUT_SMS:
            return False
        return number != contact.dunning_failed_mobile and number

    def _may_be_landline(self, contact):
        """Return whether a number is not surely mobile: some countries do not
        distinguish the two."""
        number = contact._phone_format(fname="phone")
        return self._get_type(number) != NumberType.MOBILE

    def _get_type(self, number):
        """Return the type of line of a number (E.164)."""
        return phonenumbers.number_type(phonenumbers.parse(number))

    def _get_unreachable_reason(self, action):
        if not self._is_allowed(action):
            return self.env._(
                "The step sends text messages to private individuals and small "
                "companies only."
            )
        return self.env._("The customer has no working mobile number.")

    def _get_step_template(self, step):
        return step.sms_template_id

    # ---- sending ---------------------------------------------------------------------

    def _deliver(self, deliveries, now):
        """Queue one message per delivery; nothing leaves in this transaction."""
        deliveries = self._in_channel(deliveries)
        ready = deliveries.filtered(
            lambda d: d.action_id._has_text(d.action_id.step_id.sms_template_id)
        )
        (deliveries - ready)._fail(
            self.env._("The step has no SMS text: choose one on the step.")
        )
        texts = ready.action_id._get_short_texts()
        said = {action: {"body": text} for action, text in texts.items()}
        ready = self._check_messages(ready, said)
        for delivery in ready:
            delivery._measure_sms(texts[delivery.action_id])
        self._queue(ready.filtered(lambda d: d.state == "waiting"), texts)

    def _queue(self, deliveries, texts):
        if not deliveries:
            return
        # sudo: the queue and its traces are the system's, as in Odoo's own composer
        env = by_code(self.sudo()).env
        messages = env["mail.message"].create(
            [self._prepare_message_values(d, texts[d.action_id]) for d in deliveries]
        )
        queued = env["sms.sms"].create(
            [
                {
                    "body": texts[delivery.action_id],
                    "number": delivery.address,
                    "partner_id": delivery.contact_id.id,
                    "mail_message_id": message.id,
                }
                for delivery, message in zip(deliveries, messages, strict=True)
            ]
        )
        env["mail.notification"].create(
            [self._prepare_notification_values(sms) for sms in queued]
        )
        for delivery, sms in zip(deliveries, queued, strict=True):
            delivery.sms_id = sms
            delivery.mail_message_id = sms.mail_message_id
        deliveries._log_sent()

    def _prepare_message_values(self, delivery, text):
        action = delivery.action_id
        author = action.collector_id.partner_id or action.company_id.partner_id
        return {
            "model": action._name,
            "res_id": action.id,
            "record_company_id": action.company_id.id,
            "message_type": "sms",
            "subtype_id": self.env.ref("mail.mt_note").id,
            "body": plaintext2html(text),
            "author_id": author.id,
            "email_from": author.email_formatted,
        }

    def _prepare_notification_values(self, sms):
        return {
            "author_id": sms.mail_message_id.author_id.id,
            "mail_message_id": sms.mail_message_id.id,
            "res_partner_id": sms.partner_id.id,
            "sms_number": sms.number,
            "notification_type": "sms",
            "notification_status": "ready",
            "sms_id_int": sms.id,
            "sms_tracker_ids": [Command.create({"sms_uuid": sms.uuid})],
            "is_read": True,
        }

    def _compose_text(self, delivery):
        action = self._in_channel(delivery).action_id
        return {
            "subject": False,
            "body_html": plaintext2html(action._get_short_texts()[action]),
            "attachment_ids": [],
        }

    def _get_quantity(self, delivery):
        return delivery.sms_parts

    def _withdraw(self, deliveries):
        deliveries._withdraw_mails()

    def _explain_failure(self, delivery):
        env = delivery.with_context(lang=delivery.company_id._dunning_get_lang()).env
        match delivery._get_sms_result():
            case "cancelled":
                return env._("The text message was cancelled in Odoo's queue.")
            case "number":
                return env._(
                    "The network does not accept text messages for %(number)s: correct "
                    "the number on the customer.",
                    number=delivery.address,
                )
            case "transport":
                return env._(
                    "The SMS service could not be reached after several attempts. Try "
                    "again when it works."
                )
        failure = delivery._get_sms_trace().failure_type
        if failure in ACCOUNT_FAILURES:
            return env._(
                "The SMS account has no credit, or is not registered: correct this in "
                "the settings, then try again."
            )
        return env._(
            "The SMS service refuses the message to %(number)s. Show this to your "
            "administrator: %(answer)s",
            number=delivery.address,
            answer=delivery._get_sms_trace().failure_reason or failure or "",
        )

    def _get_content(self, delivery):
        text = delivery.sms_id.body or ""
        size = get_sms_size(text)
        bubble = Markup(
            '<div style="max-width: 320px; padding: 12px 14px; border-radius: 14px; '
            "background-color: #e9ecf1; color: #16181d; font-family: sans-serif; "
            'font-size: 15px;">%s</div>'
        )
        return {
            "recipients": f"{delivery.contact_id.display_name}, {delivery.address}",
            "subject": self._format_size(delivery, size),
            "body": bubble % plaintext2html(text),
        }

    def _format_size(self, delivery, size):
        """Return the size of a text message, with its cost where that is on record."""
        said = self.env._(
            "%(parts)s SMS (%(length)s characters, %(encoding)s)",
            parts=size.parts,
            length=size.length,
            encoding=size.encoding,
        )
        company = delivery.company_id
        costs = self.env["dunning.channel.cost"]._get_costs(
            company, company._dunning_today()
        )
        if not costs.get("sms"):
            return said
        cost = company.currency_id.format(costs["sms"] * size.parts)
        return self.env._("%(size)s, %(cost)s", size=said, cost=cost)
