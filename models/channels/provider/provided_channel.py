from odoo import models


class DunningProvidedChannel(models.AbstractModel):
    """Base of the channels whose messages a provider may take to the customer: each is
    a service that a `dunning.provider` may be chosen for.

    A channel gives its `_get_service_label`, hands over by `_hand_over` what it has
    made, and says by `_prepare_submission_values` what its provider is told. Where the
    receipt counts, it implements `_note_taken` and `_note_outcome` too.
    """

    # Not `dunning.channel.…`: it is no channel by itself.
    _name = "dunning.provided.channel"
    _description = "Dunning Channel: By a Provider"
    _inherit = ["dunning.channel"]

    # Place among the services that a provider may be chosen for.
    _service_sequence = 10
    # Whether a document goes with each message: what was not printed does not leave.
    _service_has_document = False
    # Days that the addressee has to accept a message, after the notice; 0: nobody does.
    _service_claim_days = 0

    # ---- service ---------------------------------------------------------------------

    def _get_service_label(self):
        """Return what a provider of this channel takes, in the user's language."""
        raise NotImplementedError

    def _check_provider(self, provider):
        """Refuse a provider that cannot take what this channel hands over.

        :raise ValidationError: with what to choose
        """

    def _find_provider(self, company):
        """Return who takes the messages of a company, an empty record: nobody."""
        return self.env["dunning.provider"]._find(company, self._get_code())

    def _get_service(self, delivery):
        # sudo: the name alone, of whom the message was handed to
        providers_sudo = delivery.sudo().submission_ids.provider_id
        return providers_sudo[:1].name or super()._get_service(delivery)

    # ---- handing over ----------------------------------------------------------------

    def _hand_over(self, deliveries, provider, texts=None):
        """Write down that a provider is to get these messages, see
        `dunning.submission`, `_queue`."""
        self.env["dunning.submission"]._queue(deliveries, provider, texts)

    def _prepare_submission_values(self, submission):
        """Return what a provider is told besides what it is told of any message, under
        our names (see `dunning.submission`, `_prepare_values`)."""
        return {}

    def _withdraw(self, deliveries):
        deliveries.submission_ids._withdraw()
        return super()._withdraw(deliveries)

    # ---- what became of it -----------------------------------------------------------

    def _note_taken(self, deliveries, day):
        """Note that the provider has these messages.

        :param day: the company's day on which it took them
        """

    def _note_outcome(self, delivery, outcome, day):
        """Note what the addressee made of a message.

        :param outcome: `accepted`, `refused` or `unclaimed`
        :param day: the company's day of it
        :raise UserError: the day is impossible
        """
