from odoo import models


class DunningNonpayment(models.Model):
    """Extend the reason for not paying with the declaration that it comes from."""

    _name = "dunning.nonpayment"
    _inherit = ["dunning.nonpayment", "dunning.declared.mixin"]

    def _register_contact(self):
        """Record a declared reason as the outcome of its message, whatever it was
        before."""
        declared = self.filtered("declaration_id")
        declared._register_outcome("reply", "noted_date")
        return super(DunningNonpayment, self - declared)._register_contact()
