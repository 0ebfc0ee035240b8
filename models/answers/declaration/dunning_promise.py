from odoo import fields, models


class DunningPromise(models.Model):
    """Extend the promise with the declaration that it comes from, and the customer's
    agreement to it."""

    _name = "dunning.promise"
    _inherit = ["dunning.promise", "dunning.declared.mixin"]

    agreed_date = fields.Date(
        string="Agreed On",
        readonly=True,
        copy=False,
        help="Day on which the customer confirmed the agreement on their page.",
    )
