from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

from ...setup.bounds import MOST_YEARS, check_period, read_day

# Sample invoice: its term in days, and its least amount.
TERM = 30
LEAST_AMOUNT = 1000.0
# Days shown before the first and after the last event.
MARGIN_BEFORE = 3
MARGIN_AFTER = 9


class DunningScenario(models.Model):
    """Extend scenarios with the data of their drawing: a sample invoice."""

    _inherit = "dunning.scenario"

    def get_preview(self, due_date, paid_date=False):
        """Return the scenes of a sample invoice as the planner plays them, with the
        days off around them.

        :param due_date: due date of the invoice, as text (ISO)
        :param paid_date: day of full payment, as text; unpaid by default
        :raise UserError: a day is invalid, or the days are years apart
        :return: dict: `reason` (text if nothing can be shown), `scenes` (list of dicts:
            `date`, `day` and `distance` in words, `name`, `way`, `channel`),
            `first_date`, `last_date`, `due_date`, `paid_date`, `days_off`; days as text
        """
        self.ensure_one()
        self.check_access("read")
        company = self.company_id or self.env.company
        due_date = read_day(self.env, due_date)
        paid_date = read_day(self.env, paid_date)
        if not due_date:
            raise UserError(self.env._("Enter the due date of the invoice."))
        check_period(self.env, [due_date, paid_date or due_date], MOST_YEARS)
        invoice = self._new_sample_invoice(company, due_date, paid_date)
        try:
            scenes, reason = invoice._get_scenes(), False
        except UserError as error:
            scenes, reason = [], str(error)
        days = [scene["date"] for scene in scenes] + [due_date]
        days += [paid_date] if paid_date else []
        first = min(days) - timedelta(days=MARGIN_BEFORE)
        last = max(days) + timedelta(days=MARGIN_AFTER)
        return {
            "reason": reason,
            "scenes": [self._prepare_scene(scene) for scene in scenes],
            "first_date": first,
            "last_date": last,
            "due_date": due_date,
            "paid_date": paid_date,
            "days_off": company._dunning_days_off(first, last),
        }

    def _new_sample_invoice(self, company, due_date, paid_date):
        return self.env["dunning.scenario.preview"].new(
            {
                "scenario_id": self.id,
                "company_id": company.id,
                "invoice_date": due_date - timedelta(days=TERM),
                "due_date": due_date,
                "paid_date": paid_date,
                "amount": max(LEAST_AMOUNT, self.amount_minimum),
            }
        )

    @api.model
    def _prepare_scene(self, scene):
        step = scene["step"]
        return {
            "date": scene["date"],
            "day": scene["day"],
            "distance": scene["distance"],
            "name": step.name,
            "way": step.way,
            "channel": step.channel,
        }
