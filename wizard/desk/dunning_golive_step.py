from odoo import api, fields, models


class DunningGoliveStep(models.TransientModel):
    """One step of the go-live."""

    _name = "dunning.golive.step"
    _description = "Step of the Go-Live"

    golive_id = fields.Many2one(
        comodel_name="dunning.golive",
        string="Go-Live",
        required=True,
        ondelete="cascade",
    )
    code = fields.Char(required=True)
    name = fields.Char(compute="_compute_state")
    state = fields.Selection(
        selection=[("done", "Done"), ("advice", "To check"), ("todo", "To do")],
        compute="_compute_state",
    )
    text = fields.Char(string="Details", compute="_compute_state")
    button_text = fields.Char(compute="_compute_state")

    @api.depends("golive_id", "code")
    @api.depends_context("lang")
    def _compute_state(self):
        for step in self:
            answer = step.golive_id._check(step.code)
            step.name = answer["name"]
            step.state = answer["state"]
            step.text = answer["text"]
            step.button_text = bool(answer.get("action")) and self.env._("Open")

    def action_open(self):
        """Open the screen on which the step is done."""
        self.ensure_one()
        return self.golive_id._get_step_action(self.code)
