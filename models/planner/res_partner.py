from odoo import models


class ResPartner(models.Model):
    """Extend customers with the explanation of their open items."""

    _inherit = "res.partner"

    def action_explain_dunning(self):
        """Open the explanation of the customer's open items.

        :raise AccessError: the user is neither accountant nor collector
        """
        return self.dunning_open_item_ids.action_explain_dunning()
