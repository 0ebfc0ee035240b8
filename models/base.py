from odoo import api, models

from .bounds import check_one, check_values

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
        return super().onchange(values, field_names, fields_spec)

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
        if self._name.startswith(OUR_MODELS):
            check_values(self, vals)
        elif ours := [name for name in vals if name.startswith(OUR_FIELDS)]:
            check_values(self, {name: vals[name] for name in ours})
