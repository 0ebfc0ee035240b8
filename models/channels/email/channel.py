from odoo import models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from ...message.dunning_envelope import SLOT
from ...message.link.link_keys import hide_keys
from ...setup.addresses import SEPARATOR
from ...setup.guard.guard import by_code

RENDERED_FIELDS = (
    "attachment_ids",
    "body_html",
    "email_cc",
    "email_from",
    "mail_server_id",
    "report_template_ids",
    "subject",
)


class DunningChannelEmail(models.AbstractModel):
    """E-mails sent by Odoo's queue.

    The message belongs to the action: it shows in its chatter, and the answer comes
    back there; the customer's chatter mentions it. Marketing blacklists are ignored: a
    reminder is no marketing.
    Its attachments are in `dunning.channel.email` of channel_documents.py.
    """

    _name = "dunning.channel.email"
    _description = "Follow-Up Channel: E-mail"
    _inherit = ["dunning.channel"]

    _channel_sequence = 10
    _channel_nature = "sent"
    _channel_style = "linked"
    _channel_is_mail = True
    _channel_icon = "fa-envelope-o"
    _channel_color = 4

    def _get_label(self):
        return self.env._("E-mail")

    def _get_means(self):
        return self.env._("by e-mail")

    def _get_service(self, delivery):
        return self.env._("the mail server")

    def _tell_contact(self, when):
        return self.env._("the customer was written to by e-mail %(when)s", when=when)

    def _get_step_fields(self, step):
        return (
            "mail_template_id",
            "email_from",
            "invoice_documents",
            "is_statement_attached",
            "copy_role",
            "is_salesperson_copied",
            "copy_user_ids",
        )

    def _check_step(self, step):
        if not step.mail_template_id and step.mode != "personalise":
            raise ValidationError(
                self.env._(
                    "“%(step)s” sends an e-mail: choose its text, or let a person "
                    "write it (mode “To personalise”).",
                    step=step.name,
                )
            )

    # ---- recipients ------------------------------------------------------------------

    def _get_addresses(self, actions):
        envelope = self.env["dunning.envelope"]
        own = envelope._get_own_addresses()
        return {
            action: (
                contacts[0],
                SEPARATOR.join(
                    email
                    for contact in contacts
                    for email in contact._dunning_get_emails(own)
                ),
            )
            for action, contacts in envelope._get_readers(actions).items()
        }

    def _get_unreachable_reason(self, action):
        return self.env["dunning.envelope"]._get_unreachable_text()

    # ---- sending ---------------------------------------------------------------------

    def _deliver(self, deliveries, now):
        """Queue one mail per delivery; nothing leaves in this transaction."""
        deliveries = self._in_channel(deliveries)
        ready = deliveries.filtered(
            lambda d: d.action_id._has_text(d.action_id.step_id.mail_template_id)
        )
        (deliveries - ready)._fail(
            self.env._("The step has no e-mail text: choose one on the step.")
        )
        ready.action_id._ensure_keys()
        texts = self._render(ready)
        ready = self._check_messages(ready, texts)
        if not ready:
            return
        mails = by_code(self.env["mail.mail"]).create(
            self._prepare_mail_values_list(ready, texts)
        )
        for delivery, mail in zip(ready, mails, strict=True):
            delivery.mail_mail_id = mail
            delivery.mail_message_id = mail.mail_message_id
        ready._log_sent()
        if mails:
            self.env["dunning.delivery"]._wake_queue()

    def _render(self, deliveries):
        """Return {action: rendered values}; a text written by a person replaces the
        step's."""
        actions = deliveries.action_id
        templates = {action: action.step_id.mail_template_id for action in actions}
        texts = actions.filtered(lambda a: templates[a])._render_texts(
            templates, RENDERED_FIELDS
        )
        for action in actions:
            values = texts.setdefault(action, {})
            subject = action.mail_subject or values.get("subject") or ""
            values["subject"] = " ".join(subject.split())
            values["body_html"] = action.mail_body or values.get("body_html")
        return texts

    def _compose_text(self, delivery):
        delivery = self._in_channel(delivery)
        action = delivery.action_id
        action._ensure_keys()
        text = self._render(delivery)[action]
        commands = self._prepare_attachments(text)
        commands += self._get_documents(action).get(action, [])
        return {
            "subject": text["subject"],
            "body_html": text["body_html"],
            "attachment_ids": self._store_attachments(action, commands),
        }

    def _store_attachments(self, action, commands):
        """Return the ids of the attachments of a message, stored on the action, where
        its sender may read them.

        :param commands: that would link or create them on a mail
        """
        Attachment = by_code(self.env["ir.attachment"])
        place = {"res_model": action._name, "res_id": action.id}
        created = Attachment.create(
            [{**values, **place} for code, _id, values in commands if code == 0]
        )
        linked = Attachment.browse(
            [id_ for code, id_, _values in commands if code == 4]
        )
        return (created | linked.copy(place)).ids

    def _prepare_mail_values_list(self, deliveries, texts):
        actions = deliveries.action_id
        envelope = self.env["dunning.envelope"]
        layouts = envelope._get_layouts(actions)
        documents = self._get_documents(actions)
        readers = envelope._get_readers(actions)
        copies = actions._get_copies(readers)
        senders = {
            action: envelope._get_sender(action, texts[action]) for action in actions
        }
        replies = envelope._get_replies(actions, senders)
        return [
            {
                **self._prepare_mail_values(action, texts[action], layouts[action]),
                "attachment_ids": self._prepare_attachments(texts[action])
                + documents.get(action, []),
                "email_cc": ", ".join(
                    filter(None, [texts[action].get("email_cc"), *copies[action]])
                ),
                "email_from": senders[action],
                "recipient_ids": [Command.set(readers[action].ids)],
                "reply_to": replies[action],
            }
            for action in actions
        ]

    def _prepare_mail_values(self, action, text, layout):
        body = text["body_html"]
        return {
            "subject": text["subject"],
            "body": hide_keys(body),
            "body_html": layout.replace(SLOT, body),
            "author_id": self.env["dunning.envelope"]._get_author(action).id,
            "mail_server_id": text.get("mail_server_id"),
            "model": action._name,
            "res_id": action.id,
            "message_type": "email_outgoing",
            # The mail may be deleted; its content stays in the chatter.
            "is_notification": True,
            "auto_delete": False,
        }

    def _prepare_attachments(self, text):
        """Return the commands for the attachments of the text itself."""
        return [Command.link(id_) for id_ in text.get("attachment_ids", ())] + [
            Command.create({"name": name, "datas": datas, "type": "binary"})
            for name, datas in text.get("attachments", ())
        ]

    def _withdraw(self, deliveries):
        deliveries._withdraw_mails()

    def _get_content(self, delivery):
        mail = delivery.mail_mail_id
        recipients = [partner.email_formatted for partner in mail.recipient_ids]
        return {
            "recipients": ", ".join(filter(None, [*recipients, mail.email_cc])),
            "sender": mail.email_from,
            "reply_to": mail.reply_to,
            "subject": mail.subject,
            "body": mail.body_html,
            "attachments": [(file.name, file.raw) for file in mail.attachment_ids],
            "mail_server_id": mail.mail_server_id.id,
        }
