from odoo import models

from ..setup.guard.guard import get_channel, in_channel


class DunningChannel(models.AbstractModel):
    """Base model of the channels that carry an action to the customer.

    A new channel is one model `dunning.channel.<code>` that inherits this one, sets
    `_channel_nature`, `_channel_family`, `_channel_icon` (Font Awesome) and
    `_channel_color` (one of Odoo's colour numbers), and implements `_get_label`,
    `_check_step`, `_get_addresses`, `_deliver`, `_get_content` and, where a delivery
    can still be recalled, `_withdraw`. A channel knows no planning rule.

    Natures: `sent` by the system (performed once it is in the outgoing queue),
    `printed` (performed once a user confirms the posting), `deposited` (performed once
    a provider has it), `human` (performed once the activity is done).

    Families: `written` and `spoken` channels may replace one another where a customer
    prefers one of them; `formal` channels and a `meeting` are never replaced.

    Styles: `paper` has a formal greeting and no links, `linked` has links to the
    invoices; all other texts are `plain`.

    Channels by mail server (`_channel_is_mail`) wait if there is none. Calls
    (`_channel_is_call`) take a collector's time on their day.

    Channels that ring (`_channel_rings`) keep quiet at night and on Sundays. Those that
    stay inside the company (`_channel_reaches_customer`) are no contact in messages.
    What is spoken to a machine (`_channel_is_overheard`) tells nothing of a debt (J18).
    """

    _name = "dunning.channel"
    _description = "Follow-Up Channel"

    _channel_sequence = 100
    _channel_nature = None
    _channel_family = "written"
    _channel_style = "plain"
    _channel_is_mail = False
    _channel_is_call = False
    _channel_rings = False
    _channel_reaches_customer = True
    _channel_is_overheard = False
    _channel_icon = "fa-paper-plane-o"
    _channel_color = 0

    def _get(self, code):
        """Return the channel model of a code.

        :raise KeyError: no installed module provides this channel
        """
        return self.env[f"dunning.channel.{code}"]

    def _in_channel(self, records):
        """Return records in the context of this channel: their texts are in its
        style."""
        return in_channel(records, self._get_code())

    def _get_current_code(self):
        """Return the channel code of the current delivery, None outside of one."""
        return get_channel(self.env)

    def _get_current_style(self):
        """Return the text style of the current delivery's channel."""
        code = self._get_current_code()
        return self._get(code)._channel_style if code else self._channel_style

    def _get_codes(self):
        """Return the codes of the installed channels, in display order."""
        prefix = "dunning.channel."
        base = self.env.registry["dunning.channel"]
        names = [
            name
            for name, model in self.env.registry.items()
            if name.startswith(prefix) and issubclass(model, base)
        ]
        names.sort(key=lambda name: (self.env[name]._channel_sequence, name))
        return [name.removeprefix(prefix) for name in names]

    def _get_selection(self):
        return [(code, self._get(code)._get_label()) for code in self._get_codes()]

    def _get_preferable(self):
        """Return the selection of the channels that a customer may prefer."""
        return [
            (code, label)
            for code, label in self._get_selection()
            if self._get(code)._channel_family in ("written", "spoken")
        ]

    def _get_looks(self):
        """Return the display data of the channels, in display order.

        :return: list of dicts: `code`, `label` (in the user's language), `icon`,
            `color`, `nature`, `family`
        """
        return [
            {
                "code": code,
                "label": channel._get_label(),
                "icon": channel._channel_icon,
                "color": channel._channel_color,
                "nature": channel._channel_nature,
                "family": channel._channel_family,
            }
            for code in self._get_codes()
            for channel in (self._get(code),)
        ]

    def _get_calling(self):
        """Return the codes of the channels for phone calls."""
        return [code for code in self._get_codes() if self._get(code)._channel_is_call]

    def _get_step_fields(self, step):
        """Return the names of the step fields that only this channel reads; the step's
        form shows no others besides the common ones."""
        return ()

    def _get_nature(self, code):
        return self._get(code)._channel_nature

    def _get_label(self):
        """Return the name of the channel, in the language of the user."""
        raise NotImplementedError

    def _get_means(self):
        """Return the channel's name in a sentence, after the name of a step."""
        return self._get_label()

    def _get_service(self, delivery):
        """Return the name of the service that takes over a delivery, in a sentence
        after “by”; empty for contacts made by people."""
        return ""

    def _tell_contact(self, when):
        """Return “the customer was contacted”, as the end of a sentence.

        :param when: "yesterday", "on 3 March 2026", in the user's language
        """
        return self.env._(
            "the customer was contacted %(when)s (%(channel)s)",
            when=when,
            channel=self._get_label(),
        )

    def _check_step(self, step):
        """Refuse a step without the fields that this channel needs.

        :raise ValidationError: names the missing field
        """

    def _reach(self, actions):
        """Return the contact and address of each action that this channel can reach and
        whose customer does not refuse it.

        :return: {action: (contact, address)}
        """
        return self._get_addresses(actions - self._get_refused(actions))

    def _get_refused(self, actions):
        """Return the actions whose customer refuses this channel."""
        return actions.browse()

    def _explain_unreachable(self, actions):
        """Return the reasons why customers cannot be reached by this channel, in the
        user's language.

        :return: {action: text}
        """
        refused = self._get_refused(actions)
        reasons = self._explain_missing(actions - refused)
        unwanted = self.env._(
            "The customer does not want to be contacted this way (%(channel)s).",
            channel=self._get_label(),
        )
        return reasons | dict.fromkeys(refused, unwanted)

    def _explain_missing(self, actions):
        """Return the reasons of actions whose customer accepts this channel but cannot
        be reached.

        :return: {action: text}
        """
        return self._get_unreachable_reasons(actions)

    def _get_code(self):
        return self._name.removeprefix("dunning.channel.")

    def _get_addresses(self, actions):
        """Return the contact and address of each action that can be reached.

        :return: {action: (contact, address)}, without the actions whose customer has
            no address for this channel, or may not be contacted by it
        """
        raise NotImplementedError

    def _get_unreachable_reasons(self, actions):
        """Return {action: reason}, the data missing for this channel on each
        customer."""
        return {action: self._get_unreachable_reason(action) for action in actions}

    def _get_unreachable_reason(self, action):
        """Return the data missing on a customer for this channel, as a text in the
        user's language."""
        raise NotImplementedError

    def _deliver(self, deliveries, now):
        """Start the deliveries, all of this channel and one company.

        All work is done per batch; messages are only queued, in the caller's
        transaction.

        :param now: datetime (UTC) of the run
        """
        raise NotImplementedError

    def _compose_text(self, delivery):
        """Return the current text of a message, for a person to send.

        :return: dict: `subject` as text, `body_html` as markup, `attachment_ids`
        """
        raise NotImplementedError

    def _get_postal_days(self, country):
        """Return the number of days that a message takes to a country.

        :param country: res.country, none for an address that names none
        """
        return 0

    def _get_transit_days(self, delivery):
        """Return the days from a performed delivery to its arrival, while no arrival is
        recorded."""
        return 0

    def _withdraw(self, deliveries):
        """Withdraw deliveries that have not left yet."""

    def _refresh(self, deliveries):
        """Update deliveries that wait for a person, after their figures changed."""

    def _log_performed(self, deliveries, feedback):
        """Log performed contacts in the chatters, with the sent text in the action's.

        :param feedback: note of the person who made the contact, may be empty
        """

    def _get_quantity(self, delivery):
        """Return the number of cost units of a delivery."""
        return 1

    def _get_content(self, delivery):
        """Return the content of a delivery of this channel as the customer gets it.

        Previews read it at once and then roll back; keys that a channel does not use
        are left out.

        :return: dict: `recipients`, `sender`, `subject`, `reply_to` as text, `body` as
            markup, `document` (PDF as bytes), `attachments` ([(name, bytes)]),
            `mail_server_id`
        """
        raise NotImplementedError
