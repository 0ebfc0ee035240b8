from odoo import fields, models


class DunningDeclarationTerm(models.Model):
    """One amount that the customer announces by one day."""

    _name = "dunning.declaration.term"
    _description = "Announced Payment"
    _inherit = ["dunning.guard.mixin"]
    _form_fields = frozenset()
    _order = "date, id"

    declaration_id = fields.Many2one(
        comodel_name="dunning.declaration",
        required=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="declaration_id.currency_id")
    date = fields.Date(string="Pay By", required=True)
    amount = fields.Monetary(required=True)

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "Enter an announced amount above zero."
    )
