from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

from ...setup.bounds import MOST_YEARS, check_period, read_day

# The invoice that is followed for show: its term, and what it amounts to at least.
TERM = 30
LEAST_AMOUNT = 1000.0
# Room around the days on which something happens.
MARGIN_BEFORE = 3
MARGIN_AFTER = 9


class DunningScenario(models.Model):
    """How an invoice would be followed, for the drawing of a scenario."""

    _inherit = "dunning.scenario"

    def get_preview(self, due_date, paid_date=False):
        """Return how the planner would follow an invoice, with the days off around it.

        :param due_date: day on which the invoice is due, as text (ISO)
        :param paid_date: day on which it is paid in full, as text; never by default
        :raise UserError: there is no such day, or they are years apart
        :return: dict: `reason` (why nothing can be shown), `scenes` (list of dicts:
            `date`, `day` and `distance` in words, `name`, `way`, `channel`),
            `first_date`, `last_date`, `due_date`, `paid_date`, `days_off`; days as text
        """
        self.ensure_one()
        self.check_access("read")
        company = self.company_id or self.env.company
        due_date = read_day(self.env, due_date)
        paid_date = read_day(self.env, paid_date)
        if not due_date:
            raise UserError(self.env._("Say when the invoice is due."))
        check_period(self.env, [due_date, paid_date or due_date], MOST_YEARS)
        invoice = self._make_up_invoice(company, due_date, paid_date)
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

    def _make_up_invoice(self, company, due_date, paid_date):
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
