from odoo import fields, models


class DunningStep(models.Model):
    """Extend steps with the start of the clock for the steps after them (S3-09)."""

    _inherit = "dunning.step"

    clock_start = fields.Selection(
        selection=[("sent", "Sent"), ("delivered", "Delivered")],
        string="Clock Starts When",
        default="sent",
        required=True,
        help="The steps that follow count their days from then. Delivered: the day on "
        "which the customer had the letter; until it is known, the day it was posted "
        "and the postal delay of the customer's country.",
    )
