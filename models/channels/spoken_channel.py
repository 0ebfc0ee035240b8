from odoo import models


class DunningSpokenChannel(models.AbstractModel):
    """Base of the channels by telephone: their tasks, and the number to dial."""

    # Not `dunning.channel.…`: it is no channel by itself.
    _name = "dunning.spoken.channel"
    _description = "Follow-Up Channel: By Telephone"
    _inherit = ["dunning.activity.channel"]

    _channel_family = "spoken"
    _channel_rings = True

    def _get_addresses(self, actions):
        return {
            action: (contacts[0], contacts[0].phone)
            for action, contacts in actions._get_contacts(
                lambda contact: contact.phone
            ).items()
        }

    def _get_unreachable_reason(self, action):
        return self.env._("The customer has no telephone number.")
