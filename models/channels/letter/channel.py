from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ...setup.guard.guard import get_sealed, is_sealed

TEXT_FIELDS = ("subject", "body_html")


class DunningChannelLetter(models.AbstractModel):
    """Letters: printed as PDF, then posted by a person.

    One PDF per action, and one with all letters that were sent together, by postcode,
    to print at once (see `dunning.binder`).
    """

    _name = "dunning.channel.letter"
    _description = "Dunning Channel: Letter"
    _inherit = ["dunning.channel"]

    _channel_sequence = 40
    _channel_nature = "printed"
    _channel_style = "paper"
    _channel_icon = "fa-file-text-o"
    _channel_color = 5

    @api.model
    def _get_label(self):
        return self.env._("Letter")

    @api.model
    def _get_means(self):
        return self.env._("by letter")

    @api.model
    def _tell_contact(self, when):
        return self.env._("the customer was sent a letter %(when)s", when=when)

    @api.model
    def _get_addresses(self, actions):
        addresses = {}
        for action, contacts in actions._get_contacts(self._has_address).items():
            lines = contacts[0]._display_address(without_company=True).splitlines()
            address = ", ".join(" ".join(line.split()) for line in lines if line)
            addresses[action] = (contacts[0], address)
        return addresses

    @api.model
    def _has_address(self, contact):
        return contact._has_dunning_address()

    @api.model
    def _get_transit_days(self, delivery):
        return self.env["dunning.postal.delay"]._get_days(
            delivery.contact_id.country_id
        )

    @api.model
    def _get_unreachable_reasons(self, actions):
        returned = actions._get_contacts(lambda who: who.dunning_returned_address)
        came_back = self.env._(
            "A letter to the customer's postal address came back: correct the address "
            "first."
        )
        incomplete = self.env._(
            "The customer's postal address lacks the street or the city."
        )
        return {a: came_back if a in returned else incomplete for a in actions}

    @api.model
    def _get_unreachable_reason(self, action):
        return self._get_unreachable_reasons(action)[action]

    @api.model
    def _deliver(self, deliveries, now):
        """Print the letters; they wait until somebody says that they are posted.

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

    @api.model
    def _get_template(self, action):
        """Return the text of the letter: the step's own, else that of its e-mail."""
        return self._get_step_template(action.step_id)

    @api.model
    def _get_step_template(self, step):
        return step.letter_template_id or step.mail_template_id

    @api.model
    def _get_step_fields(self, step):
        """The text of the e-mail stands in for one that is missing: it shows, too."""
        stands_in = step.mail_template_id and not step.letter_template_id
        names = ("letter_template_id", "mail_template_id")
        return names if stands_in else names[:1]

    @api.model
    def _check_step(self, step):
        if not self._get_step_template(step) and step.mode != "personalise":
            raise ValidationError(
                self.env._(
                    "“%(step)s” sends a letter: choose its text, or let a person "
                    "write it (mode “To personalise”).",
                    step=step.name,
                )
            )

    @api.model
    def _get_texts(self, actions):
        """Return {action: {subject, body_html}}; what a person wrote wins."""
        templates = {action: self._get_template(action) for action in actions}
        texts = actions.filtered(lambda action: templates[action])._render_texts(
            templates, TEXT_FIELDS
        )
        for action in actions:
            values = texts.setdefault(action, dict.fromkeys(TEXT_FIELDS))
            values["subject"] = action.mail_subject or values["subject"]
            values["body_html"] = action.mail_body or values["body_html"]
        return texts

    @api.model
    def _compose_text(self, delivery):
        """The letter is a PDF beside the same words."""
        delivery = self._in_channel(delivery)
        action = delivery.action_id
        text = self._get_texts(action)[action]
        delivery.attachment_id.unlink()
        self._print(delivery)
        delivery.batch_attachment_id.unlink()
        return {**text, "attachment_ids": delivery.attachment_id.ids}

    @api.model
    def _print(self, deliveries, texts=None):
        letters = self._compose(deliveries.action_id, texts)
        self._print_letters(deliveries, letters)

    @api.model
    def _compose(self, actions, texts=None):
        """Return {action: markup of its letter}, with the figures of now.

        :param texts: see `_get_texts`, where they are known
        """
        actions = self._in_channel(actions)
        return self._get_press()._get_letters(
            actions, texts or self._get_texts(actions)
        )

    @api.model
    def _get_press(self):
        """Return the report that writes and prints the letters of this channel."""
        return self._in_channel(self.env["report.account_dunning_scenario.letter"])

    @api.model
    def _print_letters(self, deliveries, letters):
        """Attach to the deliveries their letters as PDF, and all of them in one.

        Context `dunning_binds_later`: these are a part of what is bound together.

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
        if not is_sealed(self.env, "dunning_binds_later"):
            values_list.append(self._prepare_batch_values(deliveries, merged))
        stored = self.env["dunning.document"]._store(values_list)
        for delivery, letter in zip(deliveries, stored, strict=False):
            delivery.attachment_id = letter
        deliveries.batch_attachment_id = stored[len(deliveries) :]

    @api.model
    def _prepare_batch_values(self, deliveries, merged, part=None):
        """Return the values of a PDF that holds several letters.

        :param part: see `_get_batch_name`
        """
        return {
            # The delivery's, not the action's: it shows in no customer's chatter.
            "res_model": "dunning.delivery",
            "res_id": deliveries[0].id,
            "name": self._get_batch_name(deliveries, part),
            "raw": merged,
        }

    @api.model
    def _get_file_name(self, action):
        return self.env._(
            "Letter %(day)s %(customer)s.pdf",
            day=action._get_message_day(),
            customer=(action.partner_id.name or "").replace("/", "-"),
        )

    @api.model
    def _get_batch_name(self, deliveries, part=None):
        """Return the name of the PDF of these letters.

        :param part: (place of the first one, how many there are in all) where they are
            too many for one
        """
        return self.env._(
            "Letters %(day)s (%(count)s).pdf",
            day=deliveries[0].action_id._get_message_day(),
            count=self._get_batch_count(deliveries, part),
        )

    @api.model
    def _get_batch_count(self, deliveries, part):
        if not part:
            return len(deliveries)
        first, total = part
        last = first + len(deliveries) - 1
        return self.env._(
            "%(first)s-%(last)s of %(total)s", first=first, last=last, total=total
        )

    @api.model
    def _withdraw(self, deliveries):
        """Take the letters back, out of the PDF that holds them with others too, so
        that nobody posts them by mistake."""
        deliveries.attachment_id.unlink()
        self.env["dunning.binder"]._bind_again(deliveries.batch_attachment_id)

    @api.model
    def _refresh(self, deliveries):
        """Take back the letters that nobody has posted yet; the delivery job prints
        them again."""
        printed = deliveries.filtered("attachment_id")
        if not printed:
            return
        self._withdraw(printed)
        printed.batch_attachment_id = False
        note = self.env._(
            "The letter was withdrawn before it was posted: its figures have changed. "
            "It is printed again; throw the old one away."
        )
        printed.action_id._message_log_batch(dict.fromkeys(printed.action_id.ids, note))
        self.env["dunning.action"]._wake_delivery()

    @api.model
    def _log_performed(self, deliveries, feedback):
        """Show the posted letters with the actions."""
        notes = {delivery: self._get_posted_note(delivery) for delivery in deliveries}
        documents = {delivery: delivery.attachment_id for delivery in deliveries}
        deliveries._log_in_chatter(notes, attachments=documents)

    @api.model
    def _get_posted_note(self, delivery):
        """Say when and where the letter was posted, for the customer's chatter."""
        return self.env._(
            "Letter posted on %(day)s to %(contact)s, %(address)s",
            day=format_date(self.env, delivery.performed_date),
            contact=delivery.contact_id.display_name,
            address=delivery.address,
        )

    @api.model
    def _get_content(self, delivery):
        action, letter = self._in_channel(delivery).action_id, delivery.attachment_id
        return {
            "recipients": f"{delivery.contact_id.display_name}, {delivery.address}",
            "subject": self._get_texts(action)[action]["subject"],
            "document": letter.raw or b"",
            "attachments": [(letter.name, letter.raw)] if letter else [],
        }
