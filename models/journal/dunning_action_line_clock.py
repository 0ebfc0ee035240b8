from odoo import fields, models


class DunningActionLine(models.Model):
    """Extend lines with the arrival date, from which later steps count where it is not
    the performed day."""

    _inherit = "dunning.action.line"

    arrival_date = fields.Date(
        string="Arrived on",
        help="Day on which the customer received the letter, or should have: the steps "
        "that follow count from it.",
    )

    def write(self, vals):
        """Clear the arrival date when the performed date changes."""
        if "performed_date" in vals:
            vals = {"arrival_date": False, **vals}
        return super().write(vals)
