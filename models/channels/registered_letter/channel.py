from odoo import models
from odoo.tools import format_date

from ...setup.guard.guard import SEAL
from .postal_number import format_number


class DunningChannelRegisteredLetter(models.AbstractModel):
    """Registered letters with acknowledgement of receipt (S1-12): printed as letters
    are, with a deposit form for the post office; performed when they are deposited."""

    _name = "dunning.channel.registered_letter"
    _description = "Follow-Up Channel: Registered Letter"
    _inherit = ["dunning.posted.channel"]

    _channel_sequence = 45
    _channel_family = "formal"
    _channel_icon = "fa-certificate"
    _channel_color = 9

    def _get_label(self):
        return self.env._("Registered letter")

    def _get_means(self):
        return self.env._("by registered letter")

    def _tell_contact(self, when):
        return self.env._(
            "the customer was sent a registered letter %(when)s", when=when
        )

    def _get_press(self):
        return super()._get_press().with_context(dunning_registered=SEAL)

    def _format_file_name(self, day, customer):
        return self.env._(
            "Registered letter %(day)s %(customer)s.pdf", day=day, customer=customer
        )

    def _get_batch_name(self, deliveries, part=None):
        return self.env._(
            "Registered letters %(day)s (%(count)s).pdf",
            day=deliveries[0].action_id._get_message_day(),
            count=self._get_batch_count(deliveries, part),
        )

    def _log_performed(self, deliveries, feedback):
        """Record the letters as deposited on the day that they were performed."""
        fresh = deliveries.filtered(lambda delivery: not delivery.postal_state)
        for day, deposited in fresh.grouped("performed_date").items():
            deposited.write({"postal_state": "deposited", "postal_date": day})
        return super()._log_performed(deliveries, feedback)

    def _get_posted_note(self, delivery):
        values = {
            "day": format_date(self.env, delivery.performed_date),
            "contact": delivery.contact_id.display_name,
            "address": delivery.address,
        }
        if not delivery.tracking_number:
            return self.env._(
                "Registered letter deposited on %(day)s to %(contact)s, %(address)s",
                **values,
            )
        return self.env._(
            "Registered letter %(number)s deposited on %(day)s to %(contact)s, "
            "%(address)s",
            number=format_number(delivery.tracking_number),
            **values,
        )
