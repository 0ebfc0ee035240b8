from odoo import api, models
from odoo.exceptions import AccessError

from ...setup.guard.guard import keep_own_defaults
from ...setup.roles import MANAGER

# Fields that only methods write: a restart of the film records its reason.
METHOD_FIELDS = frozenset(
    {
        "dunning_collection_failed_date",
        "dunning_counted_from",
        "dunning_cycle",
        "dunning_unmatched_receipt_id",
    }
)
# Fields that the go-live writes, for collection managers.
MANAGER_FIELDS = frozenset({"dunning_is_taken_in"})


class AccountMoveLine(models.Model):
    """Guard of the follow-up fields of items: writing entries is not enough to change
    them."""

    _inherit = "account.move.line"

    @api.model
    def _get_dunning_method_fields(self):
        """Return the names of the fields that only methods write."""
        return METHOD_FIELDS

    @api.model
    def _get_dunning_guarded_fields(self):
        return self._get_dunning_method_fields() | MANAGER_FIELDS

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse follow-up fields that the user may not write.

        :raise AccessError: see `_check_dunning_fields`
        """
        guarded = self._get_dunning_guarded_fields()
        for vals in vals_list:
            if names := guarded.intersection(vals):
                self._check_dunning_fields({name for name in names if vals[name]})
        return super().create(vals_list)

    def write(self, vals):
        """Refuse follow-up fields that the user may not write.

        :raise AccessError: see `_check_dunning_fields`
        """
        if names := self._get_dunning_guarded_fields().intersection(vals):
            self._check_dunning_fields(names)
        return super().write(vals)

    @api.model
    def _add_missing_default_values(self, values):
        """Ignore the user's default values of guarded fields."""
        result = super()._add_missing_default_values(values)
        names = self._get_dunning_guarded_fields()
        return keep_own_defaults(self, names, values, result)

    @api.model
    def _check_dunning_fields(self, names):
        """Refuse follow-up fields that the user may not write.

        :raise AccessError: only methods, or a manager's dialog, write them
        """
        if not names or self.env.su:
            return
        is_method = names & self._get_dunning_method_fields()
        if is_method or not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._(
                    "The follow-up position of an item cannot be entered by hand: note "
                    "an answer, or take the item in from the go-live."
                )
            )
