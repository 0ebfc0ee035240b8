from datetime import timedelta

from odoo import fields, models


class ResCompany(models.Model):
    """Extend the company with its settings of interest and limitation."""

    _inherit = "res.company"

    dunning_interest_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Interest Account",
        domain="[('account_type', 'in', ('income', 'income_other'))]",
        check_company=True,
        help="Account to which interest on late payment is posted when it is invoiced; "
        "outside the scope of VAT.",
        groups="base.group_user",
    )
    dunning_indemnity_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Indemnity Account",
        domain="[('account_type', 'in', ('income', 'income_other'))]",
        check_company=True,
        help="Account to which recovery indemnities are posted when they are invoiced.",
        groups="base.group_user",
    )
    dunning_limitation_days = fields.Integer(
        string="Warn Before Limitation",
        default=180,
        help="Number of days before limitation at which the collector is warned. 0: on "
        "the last day.",
        groups="base.group_user",
    )

    _dunning_limitation_days_positive = models.Constraint(
        "CHECK (dunning_limitation_days BETWEEN 0 AND 3650)",
        "Enter 0 to 3650 days of warning before limitation.",
    )

    def _dunning_limitation_horizon(self):
        """Return the last limitation date that the company is warned of today."""
        self.ensure_one()
        days = self._dunning_setup_company().dunning_limitation_days
        return self._dunning_today() + timedelta(days=days)
