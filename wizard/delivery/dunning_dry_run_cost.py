from odoo import fields, models


class DunningDryRunCost(models.TransientModel):
    """Cost of one contact by a channel, in a dry run."""

    _name = "dunning.dry.run.cost"
    _description = "Channel Cost"
    _inherit = ["dunning.wizard.mixin"]

    run_id = fields.Many2one(
        comodel_name="dunning.dry.run", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="run_id.currency_id")
    channel = fields.Selection(
        selection=lambda self: self.env["dunning.channel"]._get_selection(),
        required=True,
        readonly=True,
    )
    amount = fields.Monetary(string="Cost per Contact")
