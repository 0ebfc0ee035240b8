from odoo import api, models
from odoo.exceptions import UserError

from .guard import holds_journal, keep_own_defaults, open_journal

# Of the chatter and its tasks, which have rights of their own.
CHATTER_FIELDS = frozenset(
    {"activity_ids", "message_follower_ids", "message_ids", "message_partner_ids"}
)


class DunningGuardMixin(models.AbstractModel):
    """What people may write by hand, model by model; all else is written by methods.

    A model that keeps history lists in `_form_fields` what a form may change once the
    record is saved, and in `_new_fields` what it may say besides when it is made. A
    model of the set-up lists nothing: its forms may write every field, but a record of
    one company never becomes another's.

    Methods write through `_journal()`, once they have checked who may do what: access
    rights and rules still hold. Superusers are code, too.
    """

    _name = "dunning.guard.mixin"
    _description = "Record That Is Not Changed by Hand"

    # Names of fields; None: all of them.
    _form_fields = None
    _new_fields = frozenset()
    # Fields that say whose the record is: they never change once they are filled.
    _owner_fields = ("company_id",)
    # Whether who wrote a record has to be among those who may write it afterwards.
    _keeps_writers = True

    @api.model_create_multi
    def create(self, vals_list):
        """Take from people what a form may say; states and days come from methods.

        :raise UserError: something else is said
        """
        if self._holds_journal() or self._form_fields is None:
            return super().create(vals_list)
        self.check_access("create")  # who may not make any is told that
        for vals in vals_list:
            self._check_dunning_bounds(vals)  # before anything is left out of them
            self._check_dunning_named(vals)  # before a refusal tells what they hold
        guarded = self.with_env(self.env(context=self._get_harmless_context()))
        vals_list = [guarded._get_sayable(vals) for vals in vals_list]
        records = super(DunningGuardMixin, guarded).create(vals_list)
        return records.with_env(self.env)

    def write(self, vals):
        """Refuse people what is not theirs to write.

        :raise UserError: it is written by methods only, or says whose the record is
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
            self.check_access("write")  # who may not write at all is told that
            raise UserError(self._get_refusal(refused))
        result = super().write(vals)
        if self._keeps_writers:
            # The rules are checked on what was there before; this is what is there now.
            self.check_access("write")
        return result

    # ---- who may write what ----------------------------------------------------------

    def _journal(self):
        """Return these records for writing what only methods write."""
        return open_journal(self)

    def _holds_journal(self):
        return self.env.su or holds_journal(self)

    def _get_form_fields(self):
        """Return the names of the fields that the user may write on all these records;
        None: all."""
        return self._form_fields

    def _may_write(self, name):
        if name in self._owner_fields:
            # Of the set-up, what is shared may be given to a company of one's own.
            return self._form_fields is None and not any(
                record[name] for record in self
            )
        form_fields = self._get_form_fields()
        return form_fields is None or name in form_fields or name in CHATTER_FIELDS

    def _get_changed(self, names, vals):
        """Return those of the fields that would really change: a form may send what
        stands there already."""
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

    # ---- making ----------------------------------------------------------------------

    def _add_missing_default_values(self, values):
        """What is not for the caller to say starts as the model has it, whatever their
        context and their own default values say; of what code makes, all of it."""
        result = super()._add_missing_default_values(values)
        if self._form_fields is None:
            return result
        names = self._fields.keys()
        if not self._holds_journal():
            names = names - self._form_fields - self._new_fields
        return keep_own_defaults(self, names, values, result)

    def _get_harmless_context(self):
        """Return the context without defaults for what methods write."""
        sayable = self._form_fields | self._new_fields
        return {
            key: value
            for key, value in self.env.context.items()
            if not key.startswith("default_")
            or key.removeprefix("default_") not in self._fields.keys() - sayable
        }

    def _get_sayable(self, vals):
        """Return the values without what a new record has anyhow.

        :raise UserError: something is said that only methods write
        """
        sayable = self._form_fields | self._new_fields | CHATTER_FIELDS
        others = {name: vals[name] for name in vals if name not in sayable}
        usual = self.default_get(list(others)) if others else {}
        blank = self.new({})
        refused = {
            name
            for name, value in others.items()
            if value and not (name in usual and blank._is_usual(name, value, usual))
        }
        if refused:
            raise UserError(self._get_refusal(refused))
        return {name: vals[name] for name in vals if name in sayable}

    def _is_usual(self, name, value, usual):
        field = self._fields[name]
        convert = field.convert_to_cache
        return convert(value, self) == convert(usual[name], self)

    # ---- words -----------------------------------------------------------------------

    def _get_refusal(self, names):
        """Say what cannot be written by hand, and what to do instead."""
        if names <= set(self._owner_fields):
            return self.env._(
                "%(record)s: what belongs to one company never becomes another's. Make "
                "a new one there instead.",
                record=self._description,
            )
        fields = (self._fields.get(name) for name in sorted(names))
        labels = [field._description_string(self.env) for field in fields if field]
        return self.env._(
            "%(record)s: “%(fields)s” cannot be written by hand. Use the buttons of "
            "the form, which keep the history right.",
            record=self._description,
            fields=", ".join(labels) or ", ".join(sorted(names)),
        )
