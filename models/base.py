from odoo import api, models

from .bounds import check_one, check_values
from .named_records import check_named

OUR_MODELS = "dunning."
OUR_FIELDS = "dunning_"


class Base(models.AbstractModel):
    """Tells in words what cannot be kept, in our models and in our fields of others.

    It stands here, once, since every screen, import and call from outside comes by
    here; other models and fields are left as they are.
    """

    _inherit = "base"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_dunning_bounds(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_dunning_bounds(vals)
        return super().write(vals)

    def onchange(self, values, field_names, fields_spec):
        """Look at what a form holds before anything is computed of it."""
        self._check_dunning_bounds(values)
        self._check_dunning_named(values)
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def default_get(self, fields):
        """Start from nothing that the user may not see: the caller names records."""
        values = super().default_get(fields)
        self.browse()._check_dunning_named(values)
        return values

    def ensure_one(self):
        """Say in words that a button of ours is for one record."""
        if self._name.startswith(OUR_MODELS):
            check_one(self)
        return super().ensure_one()

    @api.model
    def _check_dunning_bounds(self, vals):
        """Refuse values of ours that are out of bounds, see `bounds`.

        :raise UserError: which field, and what it may hold
        """
        if ours := self._get_dunning_values(vals):
            check_values(self, ours)

    def _check_dunning_named(self, vals):
        """Refuse values of ours that name records of others, see `named_records`.

        :raise AccessError: the user may not read one of them
        """
        ours = self._get_dunning_values(vals)
        if not self._name.startswith(OUR_MODELS):
            ours = {
                name: value
                for name, value in ours.items()
                if self._dunning_names_ours(name)
            }
        if ours:
            check_named(self, ours)

    @api.model
    def _dunning_names_ours(self, name):
        """Tell whether a field names records of ours; what mirrors another record, as
        the settings do, is that one's."""
        field = self._fields.get(name)
        comodel = field and field.comodel_name
        return bool(comodel) and comodel.startswith(OUR_MODELS) and not field.related

    @api.model
    def _get_dunning_values(self, vals):
        """Return what is ours of these values: all of a model of ours."""
        if self._name.startswith(OUR_MODELS):
            return vals
        return {name: vals[name] for name in vals if name.startswith(OUR_FIELDS)}
