from odoo import fields, models


class DunningStep(models.Model):
    """Extend steps with the start of the clock for the steps after them (S3-09)."""

    _inherit = "dunning.step"

    clock_start = fields.Selection(
        selection=[("sent", "Sent"), ("delivered", "Delivered")],
        string="Following Steps Count From",
        default="sent",
        required=True,
        help="Starting point of the steps that follow. Delivered: the day on which the "
        "customer received the letter; until it is known, the day it was posted "
        "plus the postal delay of the customer's country.",
    )
