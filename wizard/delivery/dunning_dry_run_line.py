from odoo import fields, models

from ...models.scenario.dunning_step import KINDS


class DunningDryRunLine(models.TransientModel):
    """One contact of a dry run."""

    _name = "dunning.dry.run.line"
    _description = "Contact of a Dry Run"
    _inherit = ["dunning.wizard.mixin"]
    _order = "date, channel, id"

    run_id = fields.Many2one(
        comodel_name="dunning.dry.run",
        required=True,
        index=True,
        readonly=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="run_id.currency_id")
    date = fields.Date(string="Day", required=True, readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    collector_id = fields.Many2one(comodel_name="res.users", readonly=True)
    step_id = fields.Many2one(comodel_name="dunning.step", readonly=True)
    kind = fields.Selection(
        selection=KINDS,
        readonly=True,
    )
    channel = fields.Selection(
        selection=lambda self: self.env["dunning.channel"]._get_selection(),
        readonly=True,
    )
    is_leaving = fields.Boolean(
        string="Would Leave",
        readonly=True,
        help="Not ticked: it would wait on the review desk; see the remark.",
    )
    remark = fields.Char(readonly=True)
    item_count = fields.Integer(string="Open Items", readonly=True)
    amount = fields.Monetary(readonly=True)
    cost = fields.Monetary(readonly=True)
