from odoo import models


class ResCompany(models.Model):
    """Times at which customers may be rung; recall of messages of a company switched
    off."""

    _inherit = "res.company"

    def _dunning_switched_off(self):
        result = super()._dunning_switched_off()
        self.env["dunning.delivery"]._hold_mails(self)
        return result

    def _dunning_get_ring_times(self, now, customers):
        """Return the earliest time at which each customer may be rung: now.

        :param now: datetime (UTC, naive)
        :param customers: res.partner
        :return: {customer: datetime (UTC, naive)}
        """
        return dict.fromkeys(customers, now)
