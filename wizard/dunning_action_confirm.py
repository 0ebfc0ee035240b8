from odoo import api, fields, models
from odoo.exceptions import UserError


class DunningActionConfirm(models.TransientModel):
    """Say what is about to leave, before it does (S1-04, S1-45).

    Takes the actions selected on the desk; without a selection, all that wait there
    ticked in the companies the user works in.
    """

    _name = "dunning.action.confirm"
    _description = "Confirm Actions"

    action_ids = fields.Many2many(
        comodel_name="dunning.action",
        string="Actions",
        default=lambda self: self._default_action_ids(),
    )
    action_count = fields.Integer(compute="_compute_summary")
    summary = fields.Html(compute="_compute_summary", sanitize=False)

    @api.model
    def _default_action_ids(self):
        domain = [("state", "=", "to_confirm"), ("is_ticked", "=", True)]
        if selected := self.env.context.get("active_ids"):
            domain.append(("id", "in", selected))
        return self.env["dunning.action"].search(domain)

    @api.depends("action_ids")
    def _compute_summary(self):
        for wizard in self:
            wizard.action_count = len(wizard.action_ids)
            wizard.summary = self.env["ir.qweb"]._render(
                "account_dunning_scenario.dunning_action_confirm_summary",
                {"rows": wizard._get_summary_rows()},
            )

    def _get_summary_rows(self):
        """Return one row per channel and currency: how many actions, for how much."""
        labels = dict(self.env["dunning.channel"]._get_selection())
        groups = self.action_ids.grouped(lambda a: (a.channel, a.currency_id))
        return [
            {
                "channel": labels[channel],
                "count": len(actions),
                "amount": sum(actions.mapped("amount_total")),
                "currency": currency,
            }
            for (channel, currency), actions in groups.items()
        ]

    def action_confirm(self):
        self.ensure_one()
        if not self.action_ids:
            raise UserError(
                self.env._("Nothing is ticked. Tick the actions to confirm first.")
            )
        return self.action_ids.action_confirm_ticked()
