from odoo import api, models


class ResPartner(models.Model):
    """Numbers that failed: not used again until they are corrected or a person
    retries."""

    _inherit = "res.partner"

    @api.model
    def _get_dunning_failed_fields(self):
        """Return the names of the fields that hold a failed number. Each channel adds
        its own."""
        return frozenset()

    @api.model
    def _get_dunning_method_fields(self):
        own = self._get_dunning_failed_fields()
        return super()._get_dunning_method_fields() | own

    @api.model
    def _get_dunning_erased(self):
        erased = super()._get_dunning_erased()
        erased["res.partner"].update(self._get_dunning_failed_fields())
        return erased
