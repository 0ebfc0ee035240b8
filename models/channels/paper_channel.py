from odoo import models
from odoo.exceptions import ValidationError

from ..setup.guard.guard import get_sealed, is_sealed

TEXT_FIELDS = ("subject", "body_html")


class DunningPaperChannel(models.AbstractModel):
    """Base of the channels that bring the customer a letter, a PDF per action, by any
    carrier.

    The text is that of the step's letter. Each channel names the PDF by
    `_format_file_name`; one that logs the PDF once it has left implements
    `_get_posted_note`, and calls `_log_letters`.
    """

    # Not `dunning.channel.…`: it is no channel by itself.
    _name = "dunning.paper.channel"
    _description = "Follow-Up Channel: On Paper"
    _inherit = ["dunning.channel"]

    _channel_style = "paper"

    # ---- text ------------------------------------------------------------------------

    def _check_step(self, step):
        if not self._get_step_template(step) and step.mode != "personalise":
            raise ValidationError(self._explain_missing_text(step))

    def _explain_missing_text(self, step):
        """Return the message that a step has no text, in the user's language."""
        return self.env._(
            "“%(step)s” sends a letter: choose its text, or let a person "
            "write it (mode “To personalise”).",
            step=step.name,
        )

    def _get_step_fields(self, step):
        """Return the letter text, with the e-mail text if that replaces a missing
        letter text."""
        stands_in = step.mail_template_id and not step.letter_template_id
        names = ("letter_template_id", "mail_template_id")
        return names if stands_in else names[:1]

    def _get_template(self, action):
        """Return the text of the letter: the step's own, else that of its e-mail."""
        return self._get_step_template(action.step_id)

    def _get_step_template(self, step):
        return step.letter_template_id or step.mail_template_id

    def _get_texts(self, actions):
        """Return {action: {subject, body_html}}; a text written by a person wins."""
        templates = {action: self._get_template(action) for action in actions}
        texts = actions.filtered(lambda action: templates[action])._render_texts(
            templates, TEXT_FIELDS
        )
        for action in actions:
            values = texts.setdefault(action, dict.fromkeys(TEXT_FIELDS))
            values["subject"] = action.mail_subject or values["subject"]
            values["body_html"] = action.mail_body or values["body_html"]
        return texts

    def _compose_text(self, delivery):
        """Return the text, with the letter attached as a PDF."""
        delivery = self._in_channel(delivery)
        action = delivery.action_id
        text = self._get_texts(action)[action]
        delivery.attachment_id.unlink()
        self._print(delivery)
        return {**text, "attachment_ids": delivery.attachment_id.ids}

    # ---- printing --------------------------------------------------------------------

    def _deliver(self, deliveries, now):
        """Print the letters.

        Context `dunning_skip_pdf`: the letters are not rendered (long replays).
        """
        deliveries = self._in_channel(deliveries)
        ready = deliveries.filtered(
            lambda d: d.action_id._has_text(self._get_template(d.action_id))
        )
        (deliveries - ready)._fail(
            self.env._("The step has no letter text: choose one on the step.")
        )
        is_skipped = is_sealed(self.env, "dunning_skip_pdf")
        if is_skipped and get_sealed(self.env, "dunning_findings") is None:
            return
        texts = self._get_texts(ready.action_id)
        ready = self._check_messages(ready, texts)
        if ready and not is_skipped:
            self._print(ready, texts)

    def _print(self, deliveries, texts=None):
        letters = self._compose(deliveries.action_id, texts)
        self._print_letters(deliveries, letters)

    def _compose(self, actions, texts=None):
        """Return {action: markup of its letter}, with the figures of now.

        :param texts: see `_get_texts`, where they are known
        """
        actions = self._in_channel(actions)
        return self._get_press()._get_letters(
            actions, texts or self._get_texts(actions)
        )

    def _get_press(self):
        """Return the report that writes and prints the letters of this channel."""
        return self._in_channel(self.env["report.account_dunning_scenario.letter"])

    def _print_letters(self, deliveries, letters):
        """Attach to the deliveries their letters as PDF, and the PDF that binds them.

        :param letters: {action: markup}, see `_compose`; may hold others too
        """
        pdfs, merged = self._get_press()._get_pdfs(
            {a: letters[a] for a in deliveries.action_id}
        )
        values_list = [
            {
                "name": self._get_file_name(delivery.action_id),
                "raw": pdfs[delivery.action_id],
                "res_model": "dunning.action",
                "res_id": delivery.action_id.id,
            }
            for delivery in deliveries
        ]
        bound = self._prepare_bound_values(deliveries, merged)
        stored = self.env["dunning.document"]._store(values_list + bound)
        for delivery, letter in zip(deliveries, stored, strict=False):
            delivery.attachment_id = letter
        deliveries.batch_attachment_id = stored[len(deliveries) :]

    def _prepare_bound_values(self, deliveries, merged):
        """Return the values of the PDF that holds all the letters, in a list; empty
        where they are not printed together.

        :param merged: that PDF
        """
        return []

    def _get_file_name(self, action):
        return self._format_file_name(
            day=action._get_message_day(),
            customer=(action.partner_id.name or "").replace("/", "-"),
        )

    def _format_file_name(self, day, customer):
        """Return the name of the PDF of a letter."""
        raise NotImplementedError

    def _get_transit_days(self, delivery):
        """Return the number of days that the post takes to the country of the
        contact."""
        return self._get_postal_days(delivery.contact_id.country_id)

    def _get_postal_days(self, country):
        return self.env["dunning.postal.delay"]._get_days(country)

    def _withdraw(self, deliveries):
        deliveries.attachment_id.unlink()

    # ---- after it has left -----------------------------------------------------------

    def _log_letters(self, deliveries):
        """Log the letters that have left, with their PDF, in the chatters."""
        notes = {delivery: self._get_posted_note(delivery) for delivery in deliveries}
        documents = {delivery: delivery.attachment_id for delivery in deliveries}
        deliveries._log_in_chatter(notes, attachments=documents)

    def _get_posted_note(self, delivery):
        """Return the note for the customer's chatter: day and address of the letter."""
        raise NotImplementedError

    def _get_content(self, delivery):
        action, letter = self._in_channel(delivery).action_id, delivery.attachment_id
        return {
            "recipients": f"{delivery.contact_id.display_name}, {delivery.address}",
            "subject": self._get_texts(action)[action]["subject"],
            "document": letter.raw or b"",
            "attachments": [(letter.name, letter.raw)] if letter else [],
        }
