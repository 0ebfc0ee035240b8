from odoo import fields, models


class DunningActionLine(models.Model):
    """The day from which the steps after a performed one count, where that is not the
    day it was performed."""

    _inherit = "dunning.action.line"

    arrival_date = fields.Date(
        string="Arrived on",
        help="Day on which the customer had the letter, or should have had it: the "
        "steps that follow count from it.",
    )

    def write(self, vals):
        """What is performed anew, or no more, has not arrived yet."""
        if "performed_date" in vals:
            vals = {"arrival_date": False, **vals}
        return super().write(vals)
