from odoo import models

from ..setup.guard.guard import get_channel, in_channel


class DunningChannel(models.AbstractModel):
    """Base of the channels: how an action reaches the customer.

    A new channel is one model `dunning.channel.<code>` that inherits this one, gives
    its `_channel_nature`, `_channel_family`, its `_channel_icon` (Font Awesome) and
    `_channel_color` (one of Odoo's colour numbers), and implements `_get_label`,
    `_check_step`, `_get_addresses`, `_deliver`, `_get_content` and, where something can
    still be called back, `_withdraw`. A channel knows no planning rule.

    Natures: `sent` by the system (performed when it is in the outgoing queue),
    `printed` (performed when a person says that it is posted), `deposited` (performed
    when a provider has it), `human` (performed when the activity is done).

    Families: `written` and `spoken` channels may stand for each other where a customer
    prefers one of them; `formal` ones and a `meeting` are what they are.

    Styles: what is on `paper` greets formally and has no links, what is `linked` leads
    to the invoices; whatever else is said or noted is `plain`.

    What leaves by a mail server (`_channel_is_mail`) waits where there is none. What is
    a call (`_channel_is_call`) takes somebody's time on its day.

    What rings at the customer's (`_channel_rings`) keeps quiet at night and on Sundays.
    """

    _name = "dunning.channel"
    _description = "Dunning Channel"

    _channel_sequence = 100
    _channel_nature = None
    _channel_family = "written"
    _channel_style = "plain"
    _channel_is_mail = False
    _channel_is_call = False
    _channel_rings = False
    _channel_icon = "fa-paper-plane-o"
    _channel_color = 0

    def _get(self, code):
        """Return the channel model of a code.

        :raise KeyError: no installed module brings this channel
        """
        return self.env[f"dunning.channel.{code}"]

    def _in_channel(self, records):
        """Return records that know by which channel they are being delivered: their
        texts are those of its reader, in its style."""
        return in_channel(records, self._get_code())

    def _get_code_under_way(self):
        """Return the code of the channel of the delivery under way, None where there is
        none."""
        return get_channel(self.env)

    def _get_style_under_way(self):
        """Return the style of the words of the delivery under way."""
        code = self._get_code_under_way()
        return self._get(code)._channel_style if code else self._channel_style

    def _get_codes(self):
        """Return the codes of the installed channels, in the order they are shown."""
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
        """Return as a selection the channels that a customer may prefer."""
        return [
            (code, label)
            for code, label in self._get_selection()
            if self._get(code)._channel_family in ("written", "spoken")
        ]

    def _get_looks(self):
        """Return how screens show the channels, in the order they are shown.

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
        """Return the codes of the channels by which people call customers."""
        return [code for code in self._get_codes() if self._get(code)._channel_is_call]

    def _get_step_fields(self, step):
        """Return the names of the fields of a step that this channel reads, besides
        those that all of them read: its form shows no others."""
        return ()

    def _get_nature(self, code):
        return self._get(code)._channel_nature

    def _get_label(self):
        """Return the name of the channel, in the language of the user."""
        raise NotImplementedError

    def _get_means(self):
        """Return "by …", as it follows the name of a step in a sentence."""
        return self._get_label()

    def _get_service(self, delivery):
        """Return the name of the service that takes a delivery over from Odoo, as it
        follows “by”; nothing where people make the contact."""
        return ""

    def _tell_contact(self, when):
        """Say that the customer was contacted, as the end of a sentence.

        :param when: "yesterday", "on 3 March 2026", in the user's language
        """
        return self.env._(
            "the customer was contacted %(when)s (%(channel)s)",
            when=when,
            channel=self._get_label(),
        )

    def _check_step(self, step):
        """Refuse a step that lacks what this channel needs.

        :raise ValidationError: with what is missing
        """

    def _reach(self, actions):
        """Return who is reached, and where, for each action that can be reached by a
        channel that its customer does not refuse.

        :return: {action: (contact, address)}
        """
        return self._get_addresses(actions - self._get_refused(actions))

    def _get_refused(self, actions):
        """Return the actions whose customer refuses this channel."""
        return actions.browse()

    def _tell_unreachable(self, actions):
        """Say in the user's words why customers are not reached by this channel.

        :return: {action: text}
        """
        refused = self._get_refused(actions)
        reasons = self._tell_lacking(actions - refused)
        unwanted = self.env._(
            "The customer does not want to be contacted this way (%(channel)s).",
            channel=self._get_label(),
        )
        return reasons | dict.fromkeys(refused, unwanted)

    def _tell_lacking(self, actions):
        """Say what actions lack for this channel that their customer does not refuse.

        :return: {action: text}
        """
        return self._get_unreachable_reasons(actions)

    def _get_code(self):
        return self._name.removeprefix("dunning.channel.")

    def _get_addresses(self, actions):
        """Return who is reached, and where, for each action that can be reached.

        :return: {action: (contact, address)}, without the actions whose customer has
            no address for this channel, or may not be contacted by it
        """
        raise NotImplementedError

    def _get_unreachable_reasons(self, actions):
        """Say of each customer what it lacks for this channel: {action: text}."""
        return {action: self._get_unreachable_reason(action) for action in actions}

    def _get_unreachable_reason(self, action):
        """Say in the user's words what a customer lacks for this channel."""
        raise NotImplementedError

    def _deliver(self, deliveries, now):
        """Put the deliveries, all of this channel and company, on their way.

        Everything is done for the batch; what leaves is only queued, in the caller's
        transaction.

        :param now: datetime (UTC) of the run
        """
        raise NotImplementedError

    def _compose_text(self, delivery):
        """Return one message as it would leave now, for a person to send.

        :return: dict: `subject` as text, `body_html` as markup, `attachment_ids`
        """
        raise NotImplementedError

    def _get_transit_days(self, delivery):
        """Return how many days after a delivery was performed the customer has it, as
        long as nothing is known of its arrival."""
        return 0

    def _withdraw(self, deliveries):
        """Call back what has not left yet."""

    def _refresh(self, deliveries):
        """Bring up to date what waits for a person: its figures have changed."""

    def _log_performed(self, deliveries, feedback):
        """Tell the chatters that contacts took place; the action's, with what was sent.

        :param feedback: what the person who made the contact noted, if anything
        """

    def _get_quantity(self, delivery):
        """Return how many times the channel's cost a delivery is worth."""
        return 1

    def _get_content(self, delivery):
        """Return what a delivery that this channel took brings the customer.

        Read at once by previews, which are then rolled back; what a channel lacks is
        left out.

        :return: dict: `recipients`, `sender`, `subject`, `reply_to` as text, `body` as
            markup, `document` (PDF as bytes), `attachments` ([(name, bytes)]),
            `mail_server_id`
        """
        raise NotImplementedError
