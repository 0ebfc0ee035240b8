from odoo import models


class ResPartner(models.Model):
    """Tells why each open item of a customer is followed up, or is not."""

    _inherit = "res.partner"

    def action_explain_dunning(self):
        """Show why each open item of the customer is followed up, or is not.

        :raise AccessError: the user is neither accountant nor collector
        """
        return self.dunning_open_item_ids.action_explain_dunning()
