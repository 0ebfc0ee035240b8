from odoo import models
from odoo.tools import format_date

# Days to accept, from the day after the notice (CPCE L100).
CLAIM_DAYS = 15
POSTAL_STATES = {
    "accepted": "delivered",
    "refused": "refused",
    "unclaimed": "unclaimed",
}


class DunningChannelElectronicRegisteredLetter(models.AbstractModel):
    """Electronic registered letters (S3-44): printed as letters are, taken to the
    customer's e-mail address by a qualified provider, performed once the provider has
    them.

    A customer who is no professional must have agreed to them (CPCE L100).
    """

    _name = "dunning.channel.electronic_registered_letter"
    _description = "Follow-Up Channel: Electronic Registered Letter"
    _inherit = ["dunning.provided.channel", "dunning.paper.channel"]

    _channel_sequence = 50
    _channel_nature = "deposited"
    _channel_family = "formal"
    _channel_icon = "fa-shield"
    _channel_color = 8
    _service_has_document = True
    _service_claim_days = CLAIM_DAYS

    def _get_label(self):
        return self.env._("Electronic registered letter")

    def _get_means(self):
        return self.env._("by electronic registered letter")

    def _tell_contact(self, when):
        return self.env._(
            "the customer was sent an electronic registered letter %(when)s", when=when
        )

    # ---- recipients ------------------------------------------------------------------

    def _get_addresses(self, actions):
        allowed = actions.filtered(self._is_allowed)
        envelope = self.env["dunning.envelope"]
        own = envelope._get_own_addresses()
        return {
            action: (contacts[0], contacts[0]._dunning_get_emails(own)[0])
            for action, contacts in envelope._get_readers(allowed).items()
        }

    def _is_allowed(self, action):
        customer = action.partner_id
        if customer.dunning_legal_status != "consumer":
            return True
        agreed = customer.dunning_lre_consent_date
        return bool(agreed) and agreed <= action._get_message_day()

    def _get_unreachable_reason(self, action):
        if not self._is_allowed(action):
            return self.env._(
                "The customer is not a professional and has not agreed to electronic "
                "registered letters: note the agreement on the customer, or send a "
                "registered letter."
            )
        return self.env["dunning.envelope"]._get_unreachable_text()

    def _get_transit_days(self, delivery):
        return CLAIM_DAYS

    # ---- provider --------------------------------------------------------------------

    def _get_service_label(self):
        return self.env._("Electronic registered letters")

    def _prepare_submission_values(self, submission):
        return {
            "recipient_email": submission.delivery_id.address,
            "document": f"{submission.key}.pdf",
        }

    def _record_handover(self, deliveries, day):
        deliveries.write({"postal_state": "deposited", "postal_date": day})

    def _record_outcome(self, delivery, outcome, day):
        """Record the result; by law it dates the receipt, whatever the response."""
        delivery._register_results(POSTAL_STATES[outcome], day)

    # ---- sending ---------------------------------------------------------------------

    def _deliver(self, deliveries, now):
        """Print the letters, and queue them for the provider."""
        company = deliveries.company_id
        provider = self._find_provider(company)
        if not provider:
            deliveries._fail(
                self.env._(
                    "%(company)s has no provider for electronic registered letters: "
                    "add one in Set-Up, Providers.",
                    company=company.name,
                )
            )
            return
        super()._deliver(deliveries, now)
        ready = deliveries.filtered(lambda delivery: delivery.state == "waiting")
        self._hand_over(ready, provider)

    def _format_file_name(self, day, customer):
        return self.env._(
            "Electronic registered letter %(day)s %(customer)s.pdf",
            day=day,
            customer=customer,
        )

    def _withdraw(self, deliveries):
        """Withdraw the letters that no provider has; the others are delivered."""
        waiting = deliveries.filtered(
            lambda delivery: "queued" in delivery.submission_ids.mapped("state")
        )
        return super()._withdraw(waiting)

    def _refresh(self, deliveries):
        """Renew the letters that no provider has yet: their figures have changed."""
        waiting = deliveries.submission_ids._requeue().delivery_id
        waiting.attachment_id.unlink()

    def _log_performed(self, deliveries, feedback):
        self._log_letters(deliveries)

    def _get_posted_note(self, delivery):
        return self.env._(
            "Electronic registered letter handed over on %(day)s to %(provider)s for "
            "%(contact)s, %(address)s",
            day=format_date(self.env, delivery.performed_date),
            provider=delivery.submission_ids.provider_id.name,
            contact=delivery.contact_id.display_name,
            address=delivery.address,
        )
