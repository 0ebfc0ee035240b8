from odoo import api, models


class DunningPlanner(models.AbstractModel):
    """Ledger to actions."""

    _name = "dunning.planner"
    _description = "Dunning Planner"

    @api.model
    def _plan(self, company, date):
        return self.env["dunning.action"]

    @api.model
    def _explain(self, move_lines, date):
        return []

    @api.model
    def _drop_obsolete(self, company, date, lines):
        return

    @api.model
    def _cron_plan(self):
        return
