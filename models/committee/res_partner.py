from odoo import api, models


class ResPartner(models.Model):
    """Extend the erasure with the committee's cases."""

    _inherit = "res.partner"

    @api.model
    def _get_dunning_erased(self):
        """Add the proposals and the reasons of decisions."""
        erased = super()._get_dunning_erased()
        erased["dunning.committee.case"].update({"decision_reason", "proposal"})
        return erased
