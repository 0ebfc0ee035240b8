from odoo import models


class DunningDeclaration(models.Model):
    """Extend the declaration with the e-mail that confirms its receipt."""

    _inherit = "dunning.declaration"

    def _confirm_receipt(self):
        """Write to the customer what was noted, and what happens next."""
        self._write_to_customers("mail_template_declaration_received")
