from odoo import models


class DunningStep(models.Model):
    """Extend steps with a filter: a step whose filter is broken is neither played nor
    passed over."""

    _name = "dunning.step"
    _inherit = ["dunning.step", "dunning.filter.mixin"]

    def _get_filter_path(self):
        return "scenario_id"

    def _tell_filter_problem(self):
        self.ensure_one()
        return self.env._(
            "“%(step)s” of the scenario “%(scenario)s” is not played: its filter on "
            "invoices cannot be used (%(problem)s). Customers who reach it wait there. "
            "Choose the fields and values of the filter again.",
            step=self.name,
            scenario=self.scenario_id.name,
            problem=self.filter_problem,
        )
