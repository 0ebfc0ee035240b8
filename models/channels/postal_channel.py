from odoo import models


class DunningPostalChannel(models.AbstractModel):
    """Base of the channels to the customer's postal address: letters and visits."""

    # Not `dunning.channel.…`: it is no channel by itself.
    _name = "dunning.postal.channel"
    _description = "Follow-Up Channel: To a Postal Address"
    _inherit = ["dunning.channel"]

    def _get_addresses(self, actions):
        addresses = {}
        for action, contacts in actions._get_contacts(self._has_address).items():
            lines = contacts[0]._display_address(without_company=True).splitlines()
            address = ", ".join(" ".join(line.split()) for line in lines if line)
            addresses[action] = (contacts[0], address)
        return addresses

    def _has_address(self, contact):
        return contact._has_dunning_address()

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

    def _get_unreachable_reason(self, action):
        return self._get_unreachable_reasons(action)[action]
