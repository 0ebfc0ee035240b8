from odoo import models


class ResCompany(models.Model):
    """When what rings may leave; switched off, a company sends nothing more."""

    _inherit = "res.company"

    def _dunning_switched_off(self):
        result = super()._dunning_switched_off()
        self.env["dunning.delivery"]._hold_mails(self)
        return result

    def _dunning_get_ring_times(self, now, customers):
        """Return from when on something may ring at each customer's: now.

        :param now: datetime (UTC, naive)
        :param customers: res.partner
        :return: {customer: datetime (UTC, naive)}
        """
        return dict.fromkeys(customers, now)
