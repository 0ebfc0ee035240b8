from odoo import api, fields, models
from odoo.fields import Domain


class DunningDelivery(models.Model):
    """Deliveries through an intermediary: the salesperson passes the message on."""

    _inherit = "dunning.delivery"

    intermediary_id = fields.Many2one(
        comodel_name="res.users",
        index="btree_not_null",
        ondelete="set null",
        help="User who contacts the customer instead of the collector.",
    )

    def _grouped_by_handler(self):
        """Return {model that delivers: deliveries}: their channel, or the intermediary.
        A call is a task in either case: its channel assigns it to the right user."""
        Channel = self.env["dunning.channel"]
        codes = {
            delivery: "intermediary"
            if delivery.intermediary_id
            and Channel._get_nature(delivery.channel) != "human"
            else f"channel.{delivery.channel}"
            for delivery in self
        }
        return {
            self.env[f"dunning.{code}"]: deliveries
            for code, deliveries in self.grouped(lambda d: codes[d]).items()
        }

    @api.model
    def _get_to_print_domain(self):
        return super()._get_to_print_domain() & Domain("intermediary_id", "=", False)
