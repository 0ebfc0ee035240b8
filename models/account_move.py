from odoo import fields, models


class AccountMove(models.Model):
    """An entry may play a scenario of its own."""

    _inherit = "account.move"

    dunning_scenario_id = fields.Many2one(
        comodel_name="dunning.scenario",
        string="Own Scenario",
        check_company=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Replaces the scenario of the customer for this entry.",
    )

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        self.env["dunning.action.line"]._adopt_orphans(posted)
        return posted

    def button_draft(self):
        result = super().button_draft()
        self.line_ids._dunning_recheck()
        return result
