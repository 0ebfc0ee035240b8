from odoo import models


class DunningProvidedChannel(models.AbstractModel):
    """Base of the channels whose messages a provider may take to the customer: each is
    a service of `dunning.provider`.

    A channel implements `_get_service_label`, hands its messages over by `_hand_over`,
    and adds values for the provider by `_prepare_submission_values`. Where the receipt
    counts, it implements `_record_handover` and `_record_outcome` too.
    """

    # Not `dunning.channel.…`: it is no channel by itself.
    _name = "dunning.provided.channel"
    _description = "Follow-Up Channel: By a Provider"
    _inherit = ["dunning.channel"]

    # Position in the list of services.
    _service_sequence = 10
    # Whether each message has a document: without it, the message does not leave.
    _service_has_document = False
    # Days to accept a message, after the notice; 0: nothing is to be accepted.
    _service_claim_days = 0

    # ---- service ---------------------------------------------------------------------

    def _get_service_label(self):
        """Return the label of the provider's service, in the user's language."""
        raise NotImplementedError

    def _check_provider(self, provider):
        """Refuse a provider that cannot take the messages of this channel.

        :raise ValidationError: with the right choice
        """

    def _find_provider(self, company):
        """Return the provider of a company, an empty record if there is none."""
        return self.env["dunning.provider"]._find(company, self._get_code())

    def _get_service(self, delivery):
        # sudo: only the name of the provider is read
        providers_sudo = delivery.sudo().submission_ids.provider_id
        return providers_sudo[:1].name or super()._get_service(delivery)

    # ---- handing over ----------------------------------------------------------------

    def _hand_over(self, deliveries, provider, texts=None):
        """Queue these messages for a provider, see `dunning.submission`, `_queue`."""
        self.env["dunning.submission"]._queue(deliveries, provider, texts)

    def _prepare_submission_values(self, submission):
        """Return the values for a provider besides those of any message, under our
        names (see `dunning.submission`, `_prepare_values`)."""
        return {}

    def _withdraw(self, deliveries):
        deliveries.submission_ids._withdraw()
        return super()._withdraw(deliveries)

    # ---- results ---------------------------------------------------------------------

    def _record_handover(self, deliveries, day):
        """Record that the provider has these messages.

        :param day: the company's day on which it took them
        """

    def _record_outcome(self, delivery, outcome, day):
        """Record the addressee's response to a message.

        :param outcome: `accepted`, `refused` or `unclaimed`
        :param day: the company's day of it
        :raise UserError: the day is impossible
        """
