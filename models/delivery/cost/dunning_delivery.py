from odoo import fields, models


class DunningDelivery(models.Model):
    """Cost of a contact, at the rates of its day (S3-12)."""

    _inherit = "dunning.delivery"

    currency_id = fields.Many2one(related="company_id.currency_id")
    cost = fields.Monetary(
        readonly=True, help="From the costs of channels on record that day."
    )

    def _record_cost(self, day):
        """Record the cost of these contacts on the company's `day`."""
        Cost, Channel = self.env["dunning.channel.cost"], self.env["dunning.channel"]
        for company, deliveries in self.grouped("company_id").items():
            costs = Cost._get_costs(company, day)
            for (code, quantity), group in deliveries.grouped(
                lambda d: (d.channel, Channel._get(d.channel)._get_quantity(d))
            ).items():
                if costs.get(code):
                    group.cost = costs[code] * quantity
