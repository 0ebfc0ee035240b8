from odoo import api, models
from odoo.exceptions import AccessError

from .bounds import check_one, check_values
from .guard.guard import keep_own_defaults
from .named_records import check_named, get_named_ids

OUR_MODELS = "dunning."
OUR_FIELDS = "dunning_"


class Base(models.AbstractModel):
    """Checks values written to our models, and to our fields of other models.

    The checks are on the base model because every form, import and external call passes
    through it; other models and fields are left as they are.
    """

    _inherit = "base"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_dunning_bounds(vals)
            self.browse()._check_dunning_lines(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_dunning_bounds(vals)
        self._check_dunning_lines(vals)
        return super().write(vals)

    def update_field_translations(self, field_name, translations, source_lang=""):
        """Refuse translations out of bounds, like other values."""
        if isinstance(translations, dict):
            for value in translations.values():
                # Long texts come as pairs of terms, old and new.
                terms = value.values() if isinstance(value, dict) else [value]
                for term in terms:
                    self._check_dunning_bounds({field_name: term})
        return super().update_field_translations(
            field_name, translations, source_lang=source_lang
        )

    def onchange(self, values, field_names, fields_spec):
        """Refuse values out of bounds, and unreadable records, before a form computes
        anything from them."""
        self._check_dunning_bounds(values)
        self._check_dunning_named(values)
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def default_get(self, fields):
        """Refuse default values that name records the user may not read."""
        values = super().default_get(fields)
        self.browse()._check_dunning_named(values)
        return values

    def _add_missing_default_values(self, values):
        """Use the model's own defaults for our records created as superuser, whatever
        the caller's context and the user's default values."""
        result = super()._add_missing_default_values(values)
        if not self.env.su or self._transient or not self._name.startswith(OUR_MODELS):
            return result
        return keep_own_defaults(self, self._fields.keys(), values, result)

    def ensure_one(self):
        """Raise a clear message when a button of our models gets none or several
        records."""
        if self._name.startswith(OUR_MODELS):
            check_one(self)
        return super().ensure_one()

    def _check_dunning_bounds(self, vals):
        """Refuse values of our fields that are out of bounds, see `bounds`.

        :raise UserError: names the field and what it may hold
        """
        if ours := self._get_dunning_values(vals):
            check_values(self, ours)

    def _check_dunning_named(self, vals):
        """Refuse values of our fields that name unreadable records, see
        `named_records`.

        :raise AccessError: the user may not read one of them
        """
        ours = self._get_dunning_values(vals)
        if not self._name.startswith(OUR_MODELS):
            ours = {
                name: value
                for name, value in ours.items()
                if self._is_dunning_reference(name)
            }
        if ours:
            check_named(self, ours)

    def _check_dunning_lines(self, vals):
        """Refuse commands on lines of other records: access is checked on the record
        that is opened, and covers only its own lines.

        :raise AccessError: a line belongs to another record
        """
        if self.env.su or self._transient:
            return
        for name, value in self._get_dunning_values(vals).items():
            field = self._fields.get(name)
            if field and field.type == "one2many" and field.inverse_name:
                self._check_dunning_line_owner(field, value)

    def _check_dunning_line_owner(self, field, value):
        ids = get_named_ids(value)
        # sudo: the owner of the lines is checked before anything about them is shown
        lines_sudo = self.env[field.comodel_name].sudo().browse(ids).exists()
        inverse = lines_sudo._fields.get(field.inverse_name)
        if not inverse or inverse.comodel_name != self._name:
            return
        if not all(line[inverse.name] in self for line in lines_sudo):
            raise AccessError(
                self.env._(
                    "%(field)s: these lines belong to another record. Change them "
                    "there.",
                    field=field._description_string(self.env),
                )
            )

    def _is_dunning_reference(self, name):
        """Return whether a field refers to our models; a related field, as in the
        settings, belongs to the record that it mirrors."""
        field = self._fields.get(name)
        comodel = field and field.comodel_name
        return bool(comodel) and comodel.startswith(OUR_MODELS) and not field.related

    def _get_dunning_values(self, vals):
        """Return the values of our fields: all of them on our models."""
        if self._name.startswith(OUR_MODELS):
            return vals
        return {name: vals[name] for name in vals if name.startswith(OUR_FIELDS)}
