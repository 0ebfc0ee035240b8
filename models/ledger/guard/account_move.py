from odoo import api, models
from odoo.exceptions import AccessError

from ...setup.guard.guard import keep_own_defaults
from ...setup.roles import COLLECTOR


class AccountMove(models.Model):
    """Guard of the follow-up fields of entries: writing invoices is not enough to
    change them."""

    _inherit = "account.move"

    @api.model
    def _get_dunning_chosen_fields(self):
        """Return the names of the fields with a collector's choice for an entry."""
        return frozenset()

    @api.model
    def _get_dunning_collector_fields(self):
        """Return the names of the fields that only collectors write."""
        return self._get_dunning_chosen_fields()

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse collectors' choices by other users.

        :raise AccessError: the user is no collector and sets one of their fields
        """
        chosen = self._get_dunning_chosen_fields()
        if any(vals.get(name) for vals in vals_list for name in chosen):
            self._check_dunning_collector()
        return super().create(vals_list)

    def write(self, vals):
        """Refuse collectors' fields from other users.

        :raise AccessError: the user is no collector and writes one of their fields
        """
        if not vals.keys().isdisjoint(self._get_dunning_collector_fields()):
            self._check_dunning_collector()
        return super().write(vals)

    @api.model
    def _add_missing_default_values(self, values):
        """Ignore the user's default values of fields that they may not write."""
        result = super()._add_missing_default_values(values)
        if not self.env.su and self.env.user.has_group(COLLECTOR):
            return result
        names = self._get_dunning_collector_fields()
        return keep_own_defaults(self, names, values, result)

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self.env.user.has_group(COLLECTOR))

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Make the collector's choices read-only for other users."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if not self.env.user.has_group(COLLECTOR):
            for name in self._get_dunning_chosen_fields():
                for node in arch.iterfind(f".//field[@name='{name}']"):
                    node.set("readonly", "1")
        return arch, view

    @api.model
    def _check_dunning_collector(self):
        if not (self.env.su or self.env.user.has_group(COLLECTOR)):
            raise AccessError(
                self.env._("Only a collector decides how an invoice is followed up.")
            )
