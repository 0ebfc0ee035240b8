from odoo import api, models
from odoo.tools import SQL


class DunningAction(models.Model):
    """Extend actions with hooks of the planner for rooms that it does not know."""

    _inherit = "dunning.action"

    def _choose_channel(self):
        """Return the code of the channel for an action of its step: hook for customers'
        preferences."""
        self.ensure_one()
        return self.channel

    def _with_preference(self):
        """Return the actions for which `_choose_channel` may choose another channel
        than the step's."""
        return self.browse()

    @api.model
    def _get_customer_tables(self):
        """Return the names of the tables with rows per customer (`partner_id`) that the
        planner reads, besides those read for holds."""
        return {self._table}

    @api.model
    def _get_handover_query(self, company_ids, date):
        """Return the query of the customers handed over to somebody else, with three
        columns: customer, company and start day.

        :param company_ids: ids of the customers' companies
        :param date: day of the company
        """
        return SQL(
            """SELECT NULL::int AS partner_id, NULL::int AS company_id,
                      NULL::date AS date WHERE FALSE"""
        )
