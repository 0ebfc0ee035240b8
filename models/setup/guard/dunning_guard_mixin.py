from odoo import api, models
from odoo.exceptions import UserError

from .guard import holds_journal, keep_own_defaults, open_journal

# Fields of the chatter and its activities, which have rights of their own.
CHATTER_FIELDS = frozenset(
    {"activity_ids", "message_follower_ids", "message_ids", "message_partner_ids"}
)


class DunningGuardMixin(models.AbstractModel):
    """Guard of fields that only methods write; each model lists those that forms may
    write.

    A model that keeps history lists in `_form_fields` the fields that forms may write
    on a saved record, and in `_new_fields` those allowed on a new one besides. A set-up
    model lists nothing: its forms may write every field, but a record of one company
    never becomes another's.

    Methods write through `_journal()` after checking the user's right: access rights
    and rules still hold. Superusers count as code.
    """

    _name = "dunning.guard.mixin"
    _description = "Record Protected From Manual Changes"

    # Names of fields; None: all of them.
    _form_fields = None
    _new_fields = frozenset()
    # Owner of the record: never changed once filled.
    _owner_fields = ("company_id",)
    # Whether the user who wrote a record must still be allowed to write it afterwards.
    _keeps_writers = True

    @api.model_create_multi
    def create(self, vals_list):
        """Accept only values that forms may write; states and days come from methods.

        :raise UserError: another field has a value
        """
        if self._holds_journal() or self._form_fields is None:
            return super().create(vals_list)
        self.check_access("create")  # a user without the right gets that message
        for vals in vals_list:
            self._check_dunning_bounds(vals)  # before values are left out
            self._check_dunning_named(vals)  # before a refusal shows their contents
        guarded = self.with_env(self.env(context=self._get_harmless_context()))
        vals_list = [guarded._get_writable_values(vals) for vals in vals_list]
        records = super(DunningGuardMixin, guarded).create(vals_list)
        return records.with_env(self.env)

    def write(self, vals):
        """Refuse values that forms may not write.

        :raise UserError: a field is written by methods only, or is the record's owner
        :raise AccessError: the record would be out of the user's reach
        """
        if not self or self._holds_journal():
            return super().write(vals)
        self._check_dunning_bounds(vals)  # before values are compared
        if self._form_fields is not None:
            self._check_dunning_named(vals)
        refused = {name for name in vals if not self._may_write(name)}
        refused = self._get_changed(refused, vals)
        if refused:
            self.check_access("write")  # a user without the right gets that message
            raise UserError(self._get_refusal(refused))
        result = super().write(vals)
        if self._keeps_writers:
            # The rules were checked on the old values; this checks the new ones.
            self.check_access("write")
        return result

    # ---- write access ----------------------------------------------------------------

    def _journal(self):
        """Return these records with write access to fields that only methods write."""
        return open_journal(self)

    def _holds_journal(self):
        return self.env.su or holds_journal(self)

    def _get_form_fields(self):
        """Return the names of the fields that the user may write on all these records,
        None for all fields."""
        return self._form_fields

    def _may_write(self, name):
        if name in self._owner_fields:
            # A shared set-up record may be given to the user's company.
            return self._form_fields is None and not any(
                record[name] for record in self
            )
        form_fields = self._get_form_fields()
        return form_fields is None or name in form_fields or name in CHATTER_FIELDS

    def _get_changed(self, names, vals):
        """Return the names of fields whose value would change: a form may send
        unchanged values."""
        return {
            name
            for name in names
            if any(not record._is_value(name, vals[name]) for record in self)
        }

    def _is_value(self, name, value):
        field = self._fields.get(name)
        if field is None or field.type in ("one2many", "many2many"):
            return False
        said = field.convert_to_record(field.convert_to_cache(value, self), self)
        return said == self[name]

    # ---- creation --------------------------------------------------------------------

    def _add_missing_default_values(self, values):
        """Ignore default values of the caller's context, and of the user, for fields
        that they may not write; for records created by code, for all fields."""
        result = super()._add_missing_default_values(values)
        if self._form_fields is None:
            return result
        names = self._fields.keys()
        if not self._holds_journal():
            names = names - self._form_fields - self._new_fields
        return keep_own_defaults(self, names, values, result)

    def _get_harmless_context(self):
        """Return the context without default values of fields that only methods
        write."""
        writable = self._form_fields | self._new_fields
        return {
            key: value
            for key, value in self.env.context.items()
            if not key.startswith("default_")
            or key.removeprefix("default_") not in self._fields.keys() - writable
        }

    def _get_writable_values(self, vals):
        """Return the values that forms may write, without those equal to the defaults.

        :raise UserError: a field that only methods write has a value
        """
        writable = self._form_fields | self._new_fields | CHATTER_FIELDS
        others = {name: vals[name] for name in vals if name not in writable}
        usual = self.default_get(list(others)) if others else {}
        blank = self.new({})
        refused = {
            name
            for name, value in others.items()
            if value and not (name in usual and blank._is_usual(name, value, usual))
        }
        if refused:
            raise UserError(self._get_refusal(refused))
        return {name: vals[name] for name in vals if name in writable}

    def _is_usual(self, name, value, usual):
        field = self._fields[name]
        convert = field.convert_to_cache
        return convert(value, self) == convert(usual[name], self)

    # ---- texts -----------------------------------------------------------------------

    def _get_refusal(self, names):
        """Return the message that refuses fields, with a remedy."""
        if names <= set(self._owner_fields):
            return self.env._(
                "%(record)s: a record cannot move from one company to another. Create "
                "a new one there instead.",
                record=self._description,
            )
        fields = (self._fields.get(name) for name in sorted(names))
        labels = [field._description_string(self.env) for field in fields if field]
        return self.env._(
            "%(record)s: “%(fields)s” cannot be entered by hand. Use the buttons of "
            "the form, which keep the history correct.",
            record=self._description,
            fields=", ".join(labels) or ", ".join(sorted(names)),
        )
