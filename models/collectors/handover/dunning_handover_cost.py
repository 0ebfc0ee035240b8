from odoo import fields, models


class DunningHandoverCost(models.Model):
    """Cost of a handover on a day: fee, expense or commission."""

    _name = "dunning.handover.cost"
    _description = "Handover Cost"
    _inherit = ["dunning.guard.mixin"]
    _form_fields = frozenset({"amount", "date", "name"})
    _new_fields = frozenset({"handover_id"})
    _order = "date, id"

    handover_id = fields.Many2one(
        comodel_name="dunning.handover", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="handover_id.company_id", store=True)
    currency_id = fields.Many2one(related="handover_id.currency_id")
    date = fields.Date(
        required=True, default=lambda self: self.env.company._dunning_today()
    )
    name = fields.Char(string="Purpose", required=True)
    amount = fields.Monetary(required=True)
