from odoo import api, models


class ResPartner(models.Model):
    """What the committee said of a customer is erased with the rest."""

    _inherit = "res.partner"

    @api.model
    def _get_dunning_erased(self):
        """Add what was proposed and why it was decided."""
        erased = super()._get_dunning_erased()
        erased["dunning.committee.case"].update({"decision_reason", "proposal"})
        return erased
