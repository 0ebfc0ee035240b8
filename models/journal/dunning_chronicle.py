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
    """What happened: `brief` is for all who read the customer, or the document `on`
    which it is told instead; `details` for who may read the `record` it happened to."""

    record: models.Model
    brief: str
    details: str = ""
    attachment_ids: tuple = ()
    on: models.Model = None


class DunningChronicle(models.AbstractModel):
    """Writes into chatters what happened with a customer.

    All internal users read the customer's, whatever their company: it says that
    something happened and leads to the record that it happened to. What was sent and
    said, keys, figures and documents stand there, where rights are obeyed.
    """

    _name = "dunning.chronicle"
    _description = "What Chatters Tell"

    def _tell(self, told):
        """Write all of it on the records, and in brief on their customers, at once.

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
        """Write on customers and documents, in brief, what the records tell already.

        :param told: [Told], whose details are left out
        :param messages: mail.message of each on its record: an answer to the note
            answers it, and it takes the note along when it is withdrawn
        :param values: of the notes, in the place of those
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
        """Say in the customer's chatter, and to the colleagues who follow the customer,
        that they wrote: their words stand with the record, beside what they quote.

        :param message_id: Message-Id of their e-mail
        """
        customer = record.partner_id
        answer = record.message_ids.filtered(lambda m: m.message_id == message_id)
        if not answer:
            return
        env = record.with_context(lang=record.company_id.partner_id.lang).env
        title = record.with_env(env).display_name
        colleagues = customer.message_partner_ids.filtered(
            lambda follower: not follower.partner_share
        )
        note = self._tell_briefly(
            [Told(record, env._("Answer to “%(subject)s”.", subject=title))],
            answer,
            # Looks like an e-mail to the customer itself: an answer to be noted.
            message_type="email",
            subtype_id=env.ref("mail.mt_comment").id,
            author_id=answer.author_id.id,
            email_from=answer.email_from,
            reply_to=answer.reply_to,
            partner_ids=[Command.set(colleagues.ids)],
        )
        customer._notify_thread(note, notify_skip_followers=True)

    def _get_note(self, record, brief):
        """Return a plain text with the way to the record, as markup."""
        name, id_ = record._name, record.id
        return LINK % (brief, name, id_, name, id_, record.env._("Open"))

    def _write(self, vals_list):
        """Create internal notes of the user, without telling anybody."""
        author = self.env.user.partner_id
        common = {
            "message_type": "notification",
            "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note"),
            "is_internal": True,
            "author_id": author.id,
            "email_from": author.email_formatted,
            # Asked for one by one otherwise; an answer finds its way by its parent.
            "reply_to": author.email_formatted,
        }
        # sudo: who makes a contact may not be allowed to write on the customer
        messages_sudo = by_code(self.env["mail.message"].sudo())
        return messages_sudo.create([{**common, **values} for values in vals_list])

    # ---- withdrawn -------------------------------------------------------------------

    def _withdraw(self, messages):
        """Delete what was told of messages that never left, on the customers too."""
        # sudo: notes of the customer go with the message, whoever withdraws it
        messages_sudo = messages.sudo()
        notes_sudo = messages_sudo.child_ids.filtered(
            lambda note: note.model == "res.partner" and note.is_internal
        )
        (messages_sudo | notes_sudo).unlink()
