from odoo import api, fields, models
from odoo.fields import Domain

from ..journal.dunning_chronicle import Told
from ..setup.labels import get_labels


class DunningDelivery(models.Model):
    """Delivery of an action over one channel: mail, PDF, activity, proof, result."""

    _name = "dunning.delivery"
    _description = "Follow-Up Delivery"
    _inherit = ["dunning.guard.mixin"]
    _form_fields = frozenset()
    _order = "id"
    _check_company_auto = True

    action_id = fields.Many2one(
        comodel_name="dunning.action", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, ondelete="cascade"
    )
    channel = fields.Selection(
        selection=lambda self: self.env["dunning.channel"]._get_selection(),
        required=True,
    )
    role = fields.Selection(
        selection=[
            ("first", "First channel"),
            ("second", "Second channel"),
            ("fallback", "Fallback"),
        ],
        default="first",
        required=True,
    )
    state = fields.Selection(
        selection=[
            ("waiting", "Waiting"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        default="waiting",
        required=True,
    )
    contact_id = fields.Many2one(
        comodel_name="res.partner", index="btree_not_null", ondelete="set null"
    )
    address = fields.Char(help="E-mail address, number or postal address used.")
    mail_mail_id = fields.Many2one(
        comodel_name="mail.mail",
        string="Outgoing E-mail",
        index="btree_not_null",
        ondelete="set null",
    )
    mail_message_id = fields.Many2one(
        comodel_name="mail.message",
        index="btree_not_null",
        ondelete="set null",
    )
    activity_id = fields.Many2one(
        comodel_name="mail.activity", index="btree_not_null", ondelete="set null"
    )
    attachment_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Document",
        index="btree_not_null",
        ondelete="set null",
    )
    batch_attachment_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Documents of the Batch",
        index="btree_not_null",
        ondelete="set null",
    )
    sent_at = fields.Datetime(
        string="Accepted At",
        help="Time at which the service accepted the message from Odoo's queue.",
    )
    performed_date = fields.Date(
        string="Performed On",
        help="Day of the contact; of a message, when it was put in Odoo's queue.",
    )
    failure_reason = fields.Char()

    @api.depends("channel", "address")
    def _compute_display_name(self):
        labels = get_labels(self, "channel")
        for delivery in self:
            channel, address = labels.get(delivery.channel), delivery.address
            delivery.display_name = channel
            if address:
                delivery.display_name = self.env._(
                    "%(channel)s: %(address)s", channel=channel, address=address
                )

    def action_open_document(self):
        """Open the document that was sent."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}",
            "target": "new",
        }

    def _in_channel(self):
        """Return the delivery with its channel in the context: the texts of its action
        are for its reader."""
        self.ensure_one()
        return self.env["dunning.channel"]._get(self.channel)._in_channel(self)

    def _perform(self, day, feedback=False, is_taken=True):
        """Record that the contacts took place on the company's `day`.

        :param feedback: note of the person who made them, if any
        :param is_taken: False for messages that wait until their service takes them
        """
        state = "done" if is_taken else "waiting"
        self.write({"state": state, "performed_date": day})
        self._record_cost(day)
        for channel, deliveries in self._grouped_by_handler().items():
            channel._log_performed(deliveries, feedback)

    def _fail(self, reason):
        """Record that these deliveries failed.

        :param reason: the cause, in the user's language
        """
        self.write({"state": "failed", "failure_reason": reason})

    def _cancel(self):
        """Withdraw deliveries that are still pending: open activities, printed
        letters."""
        waiting = self.filtered(lambda delivery: delivery._is_pending())
        waiting.state = "cancelled"
        for channel, deliveries in waiting._grouped_by_handler().items():
            channel._withdraw(deliveries)

    def _return_to_desk(self):
        """Send the actions whose activity was deleted back to the desk."""
        # sudo: the user who deletes the activity may not write the journal
        self = self.sudo()
        self.state = "cancelled"
        self.action_id.filtered(lambda action: action.state == "in_progress").write(
            {"state": "to_confirm", "is_ticked": False}
        )

    def _get_dunning_checked(self):
        return self.action_id, self.action_id.partner_id, self.company_id

    def _log_in_chatter(self, notes, details="", attachments=None):
        """Log each delivery with its attachments in the chatter of its action, and in
        the customer's chatter that it took place.

        :param notes: {delivery: plain text, without figures}
        :param details: text for the readers of the actions only
        :param attachments: {delivery: ir.attachment}, shown with the action's note
        """
        attachments = attachments or {}
        messages = self.env["dunning.chronicle"]._tell(
            [
                Told(
                    delivery.action_id,
                    notes[delivery],
                    details or "",
                    attachments.get(delivery, delivery.attachment_id.browse()).ids,
                )
                for delivery in self
            ]
        )
        for delivery, message in zip(self, messages, strict=True):
            delivery.mail_message_id = message

    def _log_sent(self):
        """Log in the customers' chatters that these messages were handed over; each is
        in full in the chatter of its action."""
        if not self:
            return
        told = [Told(delivery.action_id, delivery._tell_sent()) for delivery in self]
        self.env["dunning.chronicle"]._tell_briefly(told, self.mail_message_id)

    def _tell_sent(self):
        """Return the note that a message was sent, in the company's language, without
        figures."""
        env = self.with_context(lang=self.company_id._dunning_get_lang()).env
        return env._(
            "%(channel)s to %(contact)s: %(action)s.",
            channel=env["dunning.channel"]._get(self.channel)._get_label(),
            contact=self.contact_id.display_name or self.address,
            action=self.action_id.with_env(env).step_id.name
            or self.action_id.partner_id.name,
        )

    @api.model
    def _recall_mails(self, items):
        """Recall the messages about these items that wait in Odoo's queues, for their
        turn or for another try.

        Their figures have changed. The actions are scheduled again with all their
        lines, so that settled claims are dropped before they leave. A message that is
        being sent is skipped.

        :param items: account.move.line
        """
        about_items = Domain("action_id.line_ids.move_line_id", "in", items.ids)
        queued = self.search(
            self._get_queued_domain()
            & about_items
            & Domain("action_id.kind", "!=", "thanks")
        ).filtered(lambda delivery: delivery._can_be_recalled(items))
        queued._recall(
            self.env._(
                "The message was called back before it left: its figures have changed."
            )
        )

    @api.model
    def _hold_mails(self, companies):
        """Recall the queued e-mails of companies whose follow-up was switched off:
        their actions are scheduled again, and leave once it is on.

        If the film of a claim has gone on since, the e-mail is cancelled for good, and
        the next delivery run reports it.

        :param companies: res.company
        """
        if not companies:
            return
        # sudo: the user who turns the switch may not see the mails of the queue
        queued_sudo = self.sudo().search(
            self._get_queued_domain() & Domain("company_id", "in", companies.ids)
        )
        free = queued_sudo.filtered(
            lambda delivery: delivery._can_be_recalled(
                delivery.action_id.line_ids.move_line_id
            )
        )
        (queued_sudo - free)._cancel_queued()
        free._recall(
            self.env._(
                "The message was called back before it left: the follow-up of "
                "%(company)s was switched off.",
                company=", ".join(companies.mapped("name")),
            )
        )

    @api.model
    def _get_queued_domain(self):
        return Domain(
            [
                ("mail_mail_id.state", "in", ("outgoing", "exception")),
                ("action_id.state", "in", ("done", "in_progress")),
            ]
        )

    def _recall(self, note):
        """Recall queued messages, except those that are being sent.

        :param note: why, for the log of their actions
        """
        if recalled := self._lock_recallable():
            recalled._withdraw_mails()
            recalled.action_id._reschedule(note)

    def _can_be_recalled(self, items):
        """Return whether these items were part of the message, and all of its claims
        may wait again: none has joined another action since."""
        sent = self.action_id.line_ids.filtered(
            lambda line: line.state in ("done", "open")
        )
        waiting = sent.move_line_id.dunning_line_ids.filtered(
            lambda line: line.state == "open"
        )
        return bool(items & sent.move_line_id) and waiting <= sent

    @api.model
    def _get_to_print_domain(self):
        """Return the domain of the letters that wait without a document."""
        Channel = self.env["dunning.channel"]
        printed = [
            code
            for code in Channel._get_codes()
            if Channel._get_nature(code) == "printed"
        ]
        return Domain(
            [
                ("state", "=", "waiting"),
                ("channel", "in", printed),
                ("attachment_id", "=", False),
            ]
        )

    def _get_to_print(self):
        return self.filtered_domain(self._get_to_print_domain())

    @api.model
    def _refresh(self, items):
        """Update calls and letters that wait for a person: their figures about these
        items have changed.

        :param items: account.move.line
        """
        waiting = self.search(
            [
                ("action_id.line_ids.move_line_id", "in", items.ids),
                ("action_id.kind", "!=", "thanks"),
                ("action_id.state", "=", "in_progress"),
                ("state", "=", "waiting"),
                ("performed_date", "=", False),
            ]
        )
        waiting.action_id.kept_rows = False
        for channel, deliveries in waiting._grouped_by_handler().items():
            channel._refresh(deliveries)
        waiting.action_id._keep_amounts()

    def _withdraw_mails(self):
        """Withdraw queued messages, and the record that they were sent."""
        self.write({"state": "cancelled", "performed_date": False, "sent_at": False})
        self._drop_queued()

    def _lock_recallable(self):
        """Lock the queued messages; return the deliveries that are not being sent."""
        mails = self.mail_mail_id.try_lock_for_update()
        return self.filtered(lambda delivery: delivery.mail_mail_id in mails)

    def _cancel_queued(self):
        """Cancel the queued messages for good."""
        self.mail_mail_id.try_lock_for_update().state = "cancel"

    def _drop_queued(self):
        """Delete the queued messages, and their notes in the chatters."""
        mails, messages = self.mail_mail_id, self.mail_message_id
        # A mail is deleted with its message; the database decides the order.
        self.write({"mail_mail_id": False, "mail_message_id": False})
        mails.unlink()
        self.env["dunning.chronicle"]._withdraw(messages)
