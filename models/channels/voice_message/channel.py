from odoo import models
from odoo.exceptions import ValidationError
from odoo.tools import html2plaintext, is_html_empty


class DunningChannelVoiceMessage(models.AbstractModel):
    """Voice messages (S1-14): spoken by the company's provider, else left by a person
    on the customer's answering machine."""

    _name = "dunning.channel.voice_message"
    _description = "Follow-Up Channel: Voice Message"
    _inherit = ["dunning.provided.channel", "dunning.spoken.channel"]

    _channel_sequence = 35
    _channel_icon = "fa-microphone"
    _channel_color = 7
    _channel_is_overheard = True
    _service_sequence = 20
    _activity_type = "account_dunning_scenario.mail_activity_type_voice_message"
    _activity_note = "account_dunning_scenario.voice_message_note"

    def _get_label(self):
        return self.env._("Voice message")

    def _get_means(self):
        return self.env._("by voice message")

    def _tell_contact(self, when):
        return self.env._("the customer was left a voice message %(when)s", when=when)

    def _get_step_fields(self, step):
        return "sms_template_id", *super()._get_step_fields(step)

    def _check_step(self, step):
        has_words = step.sms_template_id or not is_html_empty(step.script)
        if not has_words and step.mode != "personalise":
            raise ValidationError(
                self.env._(
                    "“%(step)s” leaves a voice message: choose its SMS text, which is "
                    "spoken, write its script, or let a person write it (mode “To "
                    "personalise”).",
                    step=step.name,
                )
            )

    def _get_unassigned_reason(self):
        return self.env._(
            "Nobody is assigned to leave the voice message: give the customer a "
            "collector, or the company a default collector."
        )

    # ---- provider --------------------------------------------------------------------

    def _get_service_label(self):
        return self.env._("Voice messages")

    def _check_provider(self, provider):
        """Refuse a provider that takes files: it cannot dial."""
        if provider.adapter == "file":
            raise ValidationError(
                self.env._(
                    "Voice messages are handed over by HTTP: choose HTTP, and enter "
                    "the address of the provider."
                )
            )

    def _prepare_submission_values(self, submission):
        return {"recipient_phone": submission.delivery_id.address}

    # ---- sending ---------------------------------------------------------------------

    def _deliver(self, deliveries, now):
        """Give the messages to the provider; without one, and where only the
        salesperson may contact the customer, to a person."""
        deliveries = self._in_channel(deliveries)
        texts = self._get_texts(deliveries.action_id)
        ready = deliveries.filtered(lambda delivery: texts[delivery.action_id]["body"])
        (deliveries - ready)._fail(
            self.env._(
                "The step has no text for a voice message: choose an SMS text on the "
                "step, or write its script."
            )
        )
        ready = self._check_messages(ready, texts)
        provider = self._find_provider(deliveries.company_id)
        spoken = ready.filtered(lambda way: provider and not way.intermediary_id)
        said = {way: texts[way.action_id]["body"] for way in spoken}
        self._hand_over(spoken, provider, said)
        return super()._deliver(ready - spoken, now)

    def _get_texts(self, actions):
        """Return {action: {body: the spoken text}}, in the reader's language: the text
        written by a person, else the step's short text, else its script."""
        with_text = actions.filtered(lambda a: a._has_text(a.step_id.sms_template_id))
        words = with_text._get_short_texts()
        langs = actions._get_reader_langs()
        for action in actions - with_text:
            step = action.step_id.with_context(lang=langs[action])
            words[action] = html2plaintext(step.script or "").strip()
        return {action: {"body": words[action]} for action in actions}

    def _get_step_template(self, step):
        return step.sms_template_id

    def _prepare_note_values(self, delivery, past):
        values = super()._prepare_note_values(delivery, past)
        words = self._get_texts(self._in_channel(delivery).action_id)
        return {**values, "words": words[delivery.action_id]["body"]}

    def _refresh(self, deliveries):
        """Update the spoken texts with the present figures, for the provider or a
        person."""
        messages = deliveries.submission_ids.filtered(lambda s: s.state == "queued")
        texts = self._get_texts(self._in_channel(messages.delivery_id).action_id)
        for message in messages:
            message.text = texts[message.delivery_id.action_id]["body"]
        return super()._refresh(deliveries)

    def _get_performed_note(self, delivery):
        return self.env._(
            "Voice message for %(contact)s, %(phone)s",
            contact=delivery.contact_id.name,
            phone=delivery.address,
        )

    def _get_content(self, delivery):
        content = super()._get_content(delivery)
        if delivery.submission_ids:
            content["body"] = delivery.submission_ids.text
        return content
