from odoo import api, models
from odoo.exceptions import AccessError

from ...setup.guard.guard import keep_own_defaults
from ...setup.roles import MANAGER

# What methods write: whoever starts the film afresh has noted why.
METHOD_FIELDS = frozenset(
    {"dunning_counted_from", "dunning_cycle", "dunning_limitation_warned"}
)
# What the go-live writes, for collection managers.
MANAGER_FIELDS = frozenset({"dunning_is_taken_in"})
GUARDED_FIELDS = METHOD_FIELDS | MANAGER_FIELDS


class AccountMoveLine(models.Model):
    """Who books entries does not decide where their follow-up stands."""

    _inherit = "account.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        """:raise AccessError: see `_check_dunning_fields`"""
        for vals in vals_list:
            if names := GUARDED_FIELDS.intersection(vals):
                self._check_dunning_fields({name for name in names if vals[name]})
        return super().create(vals_list)

    def write(self, vals):
        """:raise AccessError: see `_check_dunning_fields`"""
        if names := GUARDED_FIELDS.intersection(vals):
            self._check_dunning_fields(names)
        return super().write(vals)

    @api.model
    def _add_missing_default_values(self, values):
        """Nor do they by default values of theirs."""
        result = super()._add_missing_default_values(values)
        return keep_own_defaults(self, GUARDED_FIELDS, values, result)

    @api.model
    def _check_dunning_fields(self, names):
        """:raise AccessError: they are written by methods, or by a manager's dialog"""
        if not names or self.env.su:
            return
        if names & METHOD_FIELDS or not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._(
                    "Where the follow-up of an item stands is not written by hand: "
                    "note an answer, or take the item in from the go-live."
                )
            )
