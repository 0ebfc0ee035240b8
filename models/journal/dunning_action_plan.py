from odoo import api, models
from odoo.tools import SQL


class DunningAction(models.Model):
    """What the planner asks of rooms that it does not know, and leaves to them."""

    _inherit = "dunning.action"

    def _choose_channel(self):
        """Return the code of the channel by which an action of its step leaves: the
        hook for wishes of customers."""
        self.ensure_one()
        return self.channel

    def _with_preference(self):
        """Return those of the actions to which `_choose_channel` may give another
        channel than the step's."""
        return self.browse()

    @api.model
    def _get_customer_tables(self):
        """Return the names of the tables with rows by customer (`partner_id`) that the
        planner reads, besides those that it reads for holds."""
        return {self._table}

    @api.model
    def _get_handover_query(self, company_ids, date):
        """Return who is followed up by somebody else, as a query of three columns:
        customer, company and day since when.

        :param company_ids: companies whose customers are looked at
        :param date: day of the company
        """
        return SQL(
            """SELECT NULL::int AS partner_id, NULL::int AS company_id,
                      NULL::date AS date WHERE FALSE"""
        )
