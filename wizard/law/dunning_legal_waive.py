from odoo import api, fields, models


class DunningLegalWaive(models.TransientModel):
    """Waive interest or indemnities, with a reason."""

    _name = "dunning.legal.waive"
    _description = "Waive Interest"
    _inherit = ["dunning.wizard.mixin"]

    move_ids = fields.Many2many(
        comodel_name="account.move",
        string="Invoices",
        required=True,
        default=lambda self: self._default_move_ids(),
    )
    is_interest_waived = fields.Boolean(string="Interest", default=True)
    is_indemnity_waived = fields.Boolean(string="Indemnity", default=True)
    reason = fields.Char(required=True)

    @api.model
    def _default_move_ids(self):
        """Return the invoices selected, or those of the selected actions."""
        active = self.env.context.get("active_model")
        ids = self.env.context.get("active_ids", [])
        if active == "dunning.action":
            return self.env[active].browse(ids).message_line_ids.move_id
        return self.env["account.move"].browse(ids if active == "account.move" else [])

    def action_waive(self):
        """Record the waiver on each invoice."""
        self.ensure_one()
        self.env["dunning.legal.waiver"].create(
            [
                {
                    "move_id": move.id,
                    "is_interest_waived": self.is_interest_waived,
                    "is_indemnity_waived": self.is_indemnity_waived,
                    "reason": self.reason,
                }
                for move in self.move_ids
            ]
        )
        return {"type": "ir.actions.act_window_close"}
