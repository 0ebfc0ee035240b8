from typing import NamedTuple

from markupsafe import Markup

from odoo import models
from odoo.fields import Command
from odoo.tools import plaintext2html

from ..setup.guard.guard import by_code

LINK = Markup(
    '<p>%s <a href="/mail/view?model=%s&amp;res_id=%s" data-oe-model="%s" '
    'data-oe-id="%s">%s</a></p>'
)


class Told(NamedTuple):
    """Event for the chatters. `brief` is for all readers of the customer, or of the
    document `on` if given; `details` are for readers of the `record`."""

    record: models.Model
    brief: str
    details: str = ""
    attachment_ids: tuple = ()
    on: models.Model = None


class DunningChronicle(models.AbstractModel):
    """Log events of a customer in chatters.

    All internal users read the customer's chatter, whatever their company: it names the
    event and links to its record. Texts, access keys, figures and documents are on the
    record, under its access rights.
    """

    _name = "dunning.chronicle"
    _description = "Chatter of the Follow-Up"

    def _tell(self, told):
        """Log events on their records in full, and on their customers in brief, at
        once.

        :param told: [Told]
        :return: mail.message on the records, in the same order
        """
        messages = self._write(
            [
                {
                    "model": one.record._name,
                    "res_id": one.record.id,
                    "body": plaintext2html(
                        f"{one.brief}: {one.details}" if one.details else one.brief
                    ),
                    "attachment_ids": one.attachment_ids
                    and [Command.set(one.attachment_ids)],
                }
                for one in told
            ]
        )
        self._tell_briefly(told, messages)
        return messages

    def _tell_briefly(self, told, messages=None, **values):
        """Log on customers and documents, in brief, events already logged on their
        records.

        :param told: [Told], their details are left out
        :param messages: mail.message of each event on its record: an answer to the note
            answers it, and withdrawing it deletes the note
        :param values: values of the notes that override the default ones
        :return: mail.message
        """
        parents = [message.id for message in messages or ()] or [False] * len(told)
        return self._write(
            [
                {
                    "model": (one.on or one.record.partner_id)._name,
                    "res_id": (one.on or one.record.partner_id).id,
                    "body": self._get_note(one.record, one.brief),
                    "parent_id": parent_id,
                    **values,
                }
                for one, parent_id in zip(told, parents, strict=True)
            ]
        )

    def _tell_answer(self, record, message_id):
        """Log a customer's e-mail in the customer's chatter and notify the colleagues
        who follow the customer. Its text stays on the record, next to the quoted
        message.

        :param message_id: Message-Id of the customer's e-mail
        """
        customer = record.partner_id
        answer = record.message_ids.filtered(lambda m: m.message_id == message_id)
        if not answer:
            return
        env = record.with_context(lang=record.company_id._dunning_get_lang()).env
        title = record.with_env(env).display_name
        colleagues = customer.message_partner_ids.filtered(
            lambda follower: not follower.partner_share
        )
        note = self._tell_briefly(
            [Told(record, env._("Answer to “%(subject)s”.", subject=title))],
            answer,
            # Typed as an e-mail, so that it can be noted as the customer's answer.
            message_type="email",
            subtype_id=env.ref("mail.mt_comment").id,
            author_id=answer.author_id.id,
            email_from=answer.email_from,
            reply_to=answer.reply_to,
            partner_ids=[Command.set(colleagues.ids)],
        )
        customer._notify_thread(note, notify_skip_followers=True)

    def _get_note(self, record, brief):
        """Return a plain text with a link to the record, as markup."""
        name, id_ = record._name, record.id
        return LINK % (brief, name, id_, name, id_, record.env._("Open"))

    def _write(self, vals_list):
        """Create internal notes of the user, without notifications."""
        author = self.env.user.partner_id
        common = {
            "message_type": "notification",
            "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note"),
            "is_internal": True,
            "author_id": author.id,
            "email_from": author.email_formatted,
            # Set here, as Odoo would compute it one by one; an answer is matched by its
            # parent.
            "reply_to": author.email_formatted,
        }
        # sudo: the user who makes a contact may not be allowed to write on the customer
        messages_sudo = by_code(self.env["mail.message"].sudo())
        return messages_sudo.create([{**common, **values} for values in vals_list])

    # ---- withdrawn -------------------------------------------------------------------

    def _withdraw(self, messages):
        """Delete the notes of messages that never left, on the customers too."""
        # sudo: the customer's notes go with the message, whoever withdraws it
        messages_sudo = messages.sudo()
        notes_sudo = messages_sudo.child_ids.filtered(
            lambda note: note.model == "res.partner" and note.is_internal
        )
        (messages_sudo | notes_sudo).unlink()
