from datetime import timedelta

from odoo import fields, models


class DunningStep(models.Model):
    """Number of calls to a customer who is not reached, and the time between them."""

    _inherit = "dunning.step"

    call_attempts = fields.Integer(
        string="Calls",
        default=3,
        help="Number of calls when nobody answers. After the last one, the fallback "
        "channel is used; without one, the action goes back to the review desk.",
    )
    call_retry_delay = fields.Integer(string="Call Again After", default=1)
    call_retry_unit = fields.Selection(
        selection=[("day", "Working days"), ("hour", "Hours")],
        default="day",
        required=True,
    )

    _calls_positive = models.Constraint(
        "CHECK (call_attempts BETWEEN 1 AND 100"
        " AND call_retry_delay BETWEEN 1 AND 365)",
        "Enter 1 to 100 calls, and 1 to 365 hours or days between two calls.",
    )

    def _get_retry(self, company):
        """Return the time of the next call to a customer who was not reached now.

        :return: (date of the company, datetime in UTC or False: at any hour)
        """
        today = company._dunning_today()
        if self.call_retry_unit == "hour":
            at = company._dunning_get_working_hour(
                fields.Datetime.now() + timedelta(hours=self.call_retry_delay)
            )
            if at:
                return company._dunning_today(at), at
            return company._dunning_add_working_days(today, 1), False
        return company._dunning_add_working_days(today, self.call_retry_delay), False
