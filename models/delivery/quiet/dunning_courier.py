from odoo import models


class DunningCourier(models.AbstractModel):
    """What rings at the customer's waits until their quiet hours end."""

    _inherit = "dunning.courier"

    def _put_off_quiet(self, actions, addresses, now):
        """Let the actions wait that would ring now, all their ways together; what goes
        through somebody rings nowhere.

        :param addresses: see `_get_addresses`
        :return: the actions that leave now
        """
        Channel = self.env["dunning.channel"]
        through = actions._get_intermediaries()
        ringing = actions.filtered(
            lambda action: (
                action not in through
                and any(
                    Channel._get(code)._channel_rings
                    for _role, code in self._get_route(action, addresses)
                    if action in addresses[code]
                )
            )
        )
        if not ringing:
            return actions
        ends = self.env.company._dunning_get_quiet_ends(now, ringing.partner_id)
        quiet = ringing.filtered(lambda action: ends[action.partner_id] > now)
        for at, group in quiet.grouped(lambda a: ends[a.partner_id]).items():
            group.scheduled_at = at
            group._wake_delivery(at)
        return actions - quiet
