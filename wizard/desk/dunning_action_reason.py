from odoo import api, fields, models
from odoo.exceptions import UserError


class DunningActionReason(models.TransientModel):
    """Untick or skip some actions, with a reason."""

    _name = "dunning.action.reason"
    _description = "Reason for Leaving Actions Out"
    _inherit = ["dunning.wizard.mixin"]

    operation = fields.Selection(
        selection=[("untick", "Untick"), ("skip", "Skip")], required=True
    )
    action_ids = fields.Many2many(
        comodel_name="dunning.action",
        string="Actions",
        default=lambda self: self._default_action_ids(),
    )
    action_count = fields.Integer(
        string="Selected Actions", compute="_compute_action_count"
    )
    reason = fields.Char(help="Kept with the actions, for later reference.")

    @api.model
    def _default_action_ids(self):
        return self.env["dunning.action"].browse(self.env.context.get("active_ids"))

    @api.depends("action_ids")
    def _compute_action_count(self):
        for wizard in self:
            wizard.action_count = len(wizard.action_ids)

    def action_apply(self):
        """Untick or skip the actions.

        :raise UserError: nothing is selected, or the state does not allow it
        """
        self.ensure_one()
        if not self.action_ids:
            raise UserError(self.env._("Select the actions first."))
        if self.operation == "skip":
            return self.action_ids.action_skip(self.reason)
        return self.action_ids.action_untick(self.reason)
