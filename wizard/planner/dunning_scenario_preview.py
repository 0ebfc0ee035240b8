from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...models.setup.bounds import MOST_YEARS, check_period
from ...models.setup.labels import get_labels


class DunningScenarioPreview(models.TransientModel):
    """Preview of a scenario for an invoice: each step with its day."""

    _name = "dunning.scenario.preview"
    _description = "Preview of a Scenario"
    _inherit = ["dunning.wizard.mixin"]

    scenario_id = fields.Many2one(comodel_name="dunning.scenario", required=True)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    invoice_date = fields.Date(
        required=True, default=lambda self: self.env.company._dunning_today()
    )
    due_date = fields.Date(
        required=True,
        default=lambda self: self.env.company._dunning_today() + timedelta(days=30),
    )
    amount = fields.Monetary(required=True, default=1000.0)
    paid_date = fields.Date(
        string="Paid On", help="Empty: the customer does not pay, the scenario goes on."
    )
    body = fields.Html(compute="_compute_body", sanitize=False)

    @api.depends(
        "scenario_id", "company_id", "invoice_date", "due_date", "amount", "paid_date"
    )
    def _compute_body(self):
        for preview in self:
            try:
                values = {"scenes": preview._get_scenes(), "reason": False}
            except UserError as error:
                values = {"scenes": [], "reason": str(error)}
            preview.body = self.env["ir.qweb"]._render(
                "account_dunning_scenario.dunning_scenario_scenes", values
            )

    def _get_scenes(self):
        """Return the rows of the table.

        :raise UserError: with what has to be corrected first
        """
        self.ensure_one()
        self._check_invoice()
        scenes = self.env["dunning.screening"]._show(
            self.scenario_id._origin,
            self.company_id,
            {
                "invoice_date": self.invoice_date,
                "due_date": self.due_date,
                "amount": self.amount,
            },
            self.paid_date or None,
        )
        modes = get_labels(self.env["dunning.step"], "mode")
        return [
            {
                "date": day,
                "day": format_date(self.env, day, date_format="EEEE d MMMM y"),
                "distance": self._get_distance(day, step),
                "step": step,
                "mode": modes[step.mode],
            }
            for day, step in scenes
        ]

    def _check_invoice(self):
        if not (self.scenario_id and self.invoice_date and self.due_date):
            raise UserError(
                self.env._("Enter the date and the due date of the invoice.")
            )
        days = [self.invoice_date, self.due_date, self.paid_date or self.due_date]
        check_period(self.env, days, MOST_YEARS)
        if self.due_date < self.invoice_date:
            raise UserError(
                self.env._("The due date cannot be before the date of the invoice.")
            )
        if self.company_id.currency_id.compare_amounts(self.amount, 0) <= 0:
            raise UserError(self.env._("Choose an amount above zero."))
        if self.paid_date and self.paid_date < self.invoice_date:
            raise UserError(
                self.env._("The payment cannot be before the date of the invoice.")
            )

    def _get_distance(self, day, step):
        """Return the days from the due date to a step (for thanks, from the payment),
        in words."""
        is_thanks = step.kind == "thanks"
        days = (day - (self.paid_date if is_thanks else self.due_date)).days
        if is_thanks:
            return self.env._("%(days)s days after the payment", days=days)
        if days < 0:
            return self.env._("%(days)s days before the due date", days=-days)
        if days:
            return self.env._("%(days)s days after the due date", days=days)
        return self.env._("On the due date")
