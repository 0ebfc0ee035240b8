from odoo import models


class DunningScenario(models.Model):
    """Extend scenarios with their actions."""

    _inherit = "dunning.scenario"

    def action_view_actions(self):
        """Open the actions of this scenario, past ones included."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_scenario.dunning_action_action_all"
        )
        return {**action, "domain": [("scenario_id", "=", self.id)], "context": {}}

    def _get_uses(self):
        return (
            *super()._get_uses(),
            ("dunning.action", "scenario_id"),
            ("dunning.action.line", "scenario_id"),
        )
