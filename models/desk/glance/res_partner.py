from odoo import api, models

from ...setup.bounds import check_one


class ResPartner(models.Model):
    """Extend the customer with the glance."""

    _inherit = "res.partner"

    @api.readonly
    def get_dunning_glance(self):
        """Return all data of the customer at a glance, in one call.

        It covers the commercial partner, in the user's company and the companies of its
        tree that are switched on. The number of queries does not depend on the number
        of records. Dates are text (ISO); amounts are in the currency named beside them,
        else in the company's.

        :return: dict, see `dunning.glance`
        :raise AccessError: the user may not see how this customer is followed up
        """
        check_one(self)
        return self.env["dunning.glance"]._get(self)

    def _open_dunning_customer(self):
        """Open the customer at a glance."""
        customer = self.commercial_partner_id
        customer._dunning_check_readable(self.env.company)
        return {
            "type": "ir.actions.client",
            "tag": "dunning_glance",
            "name": customer.display_name,
            "params": {"partner_id": customer.id},
        }
