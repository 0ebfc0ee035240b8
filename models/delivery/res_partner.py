from odoo import api, models


class ResPartner(models.Model):
    """Numbers that did not reach anybody: they are not used again until they are
    corrected, or a person tries again."""

    _inherit = "res.partner"

    @api.model
    def _get_dunning_failed_fields(self):
        """Return the names of the fields that keep such a number. Each channel adds
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
