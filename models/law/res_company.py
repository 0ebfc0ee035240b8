from datetime import timedelta

from odoo import fields, models


class ResCompany(models.Model):
    """Extend the company with its settings of interest and limitation."""

    _inherit = "res.company"

    dunning_interest_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account of Interest",
        domain="[('account_type', 'in', ('income', 'income_other'))]",
        check_company=True,
        help="Where interest on late payment is booked when it is invoiced; outside "
        "the scope of VAT.",
        groups="base.group_user",
    )
    dunning_indemnity_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account of Indemnities",
        domain="[('account_type', 'in', ('income', 'income_other'))]",
        check_company=True,
        help="Where recovery indemnities are booked when they are invoiced.",
        groups="base.group_user",
    )
    dunning_limitation_days = fields.Integer(
        string="Warn Before Limitation",
        default=180,
        help="Days before a claim is time-barred from which its collector is warned. "
        "0: on the last day.",
        groups="base.group_user",
    )

    _dunning_limitation_days_positive = models.Constraint(
        "CHECK (dunning_limitation_days BETWEEN 0 AND 3650)",
        "The days of warning before limitation lie between 0 and 3650.",
    )

    def _dunning_limitation_horizon(self):
        """Return the last limitation date that the company is warned of today."""
        self.ensure_one()
        days = self._dunning_setup_company().dunning_limitation_days
        return self._dunning_today() + timedelta(days=days)
