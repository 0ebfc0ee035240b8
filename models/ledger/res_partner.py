from odoo import models


class ResPartner(models.Model):
    """What follows when customers are arranged anew; the rooms above do it."""

    _inherit = "res.partner"

    def _dunning_follow_customer(self):
        """Let what belongs to partners that became contacts belong to the customer."""

    def _dunning_join_actions(self):
        """Let what waits for customers that were merged leave as one."""

    def _dunning_move_actions(self, before=()):
        """Give what is open about these customers to their new collectors.

        :param before: ids of customer, company and collector before the change
        """
