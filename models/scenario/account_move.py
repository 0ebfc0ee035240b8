from odoo import api, fields, models


class AccountMove(models.Model):
    """Extend entries with a scenario of their own."""

    _inherit = "account.move"

    dunning_scenario_id = fields.Many2one(
        comodel_name="dunning.scenario",
        string="Own Scenario",
        check_company=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Replaces the scenario of the customer for this entry.",
        groups="base.group_user",
    )

    @api.model
    def _get_dunning_rechecked_fields(self):
        return super()._get_dunning_rechecked_fields() | {"dunning_scenario_id"}

    @api.model
    def _get_dunning_chosen_fields(self):
        return super()._get_dunning_chosen_fields() | {"dunning_scenario_id"}
