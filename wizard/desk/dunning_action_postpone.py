from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class DunningActionPostpone(models.TransientModel):
    """Postpone the items of some actions until a day."""

    _name = "dunning.action.postpone"
    _description = "Postpone Actions"
    _inherit = ["dunning.wizard.mixin"]

    action_ids = fields.Many2many(
        comodel_name="dunning.action",
        string="Actions",
        required=True,
        default=lambda self: self._default_action_ids(),
    )
    action_count = fields.Integer(
        string="Selected Actions", compute="_compute_action_count"
    )
    until = fields.Date(
        required=True,
        default=lambda self: self._default_until(),
        help="From this day on, their items are planned again.",
    )

    @api.model
    def _default_action_ids(self):
        return self.env["dunning.action"].browse(self.env.context.get("active_ids"))

    @api.model
    def _default_until(self):
        company = self._default_action_ids().company_id[:1] or self.env.company
        return company._dunning_today() + timedelta(days=7)

    @api.depends("action_ids")
    def _compute_action_count(self):
        for wizard in self:
            wizard.action_count = len(wizard.action_ids)

    def action_postpone(self):
        self.ensure_one()
        if not self.action_ids:
            raise UserError(self.env._("Choose the actions to postpone first."))
        return self.action_ids.action_postpone(self.until)
