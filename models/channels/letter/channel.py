from odoo import models
from odoo.tools import format_date


class DunningChannelLetter(models.AbstractModel):
    """Letters: printed as PDF, then posted by a person."""

    _name = "dunning.channel.letter"
    _description = "Follow-Up Channel: Letter"
    _inherit = ["dunning.posted.channel"]

    _channel_sequence = 40
    _channel_icon = "fa-file-text-o"
    _channel_color = 5

    def _get_label(self):
        return self.env._("Letter")

    def _get_means(self):
        return self.env._("by letter")

    def _tell_contact(self, when):
        return self.env._("the customer was sent a letter %(when)s", when=when)

    def _format_file_name(self, day, customer):
        return self.env._("Letter %(day)s %(customer)s.pdf", day=day, customer=customer)

    def _get_batch_name(self, deliveries, part=None):
        return self.env._(
            "Letters %(day)s (%(count)s).pdf",
            day=deliveries[0].action_id._get_message_day(),
            count=self._get_batch_count(deliveries, part),
        )

    def _get_posted_note(self, delivery):
        return self.env._(
            "Letter posted on %(day)s to %(contact)s, %(address)s",
            day=format_date(self.env, delivery.performed_date),
            contact=delivery.contact_id.display_name,
            address=delivery.address,
        )
