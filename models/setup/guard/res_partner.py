from odoo import api, models
from odoo.exceptions import AccessError

from ..roles import COLLECTOR
from .guard import holds_journal, keep_own_defaults, open_journal

# Follow-up settings of a customer, on the tab “Follow-Up”.
COLLECTOR_FIELDS = frozenset(
    {
        "dunning_collector_id",
        "dunning_insolvent_since",
        "dunning_is_stopped",
        "dunning_legal_status",
        "dunning_size",
        "dunning_stop_reason",
        "dunning_stop_until",
    }
)
# Fields that only methods write.
METHOD_FIELDS = frozenset({"dunning_bounced_email"})
# Fields that anybody may set on a new contact.
NEW_FIELDS = frozenset({"dunning_legal_status", "dunning_size"})


class ResPartner(models.Model):
    """Guard of the follow-up fields of contacts: editing contacts is not enough to
    change them."""

    _inherit = "res.partner"

    @api.model
    def _get_dunning_collector_fields(self):
        """Return the names of the follow-up fields that a collector writes. Each room
        adds its own."""
        return COLLECTOR_FIELDS

    @api.model
    def _get_dunning_method_fields(self):
        """Return the names of the fields that only methods write. Each room adds its
        own."""
        return METHOD_FIELDS

    @api.model
    def _get_dunning_guarded_fields(self):
        return self._get_dunning_collector_fields() | self._get_dunning_method_fields()

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse follow-up fields that the user may not write.

        :raise AccessError: see `_check_dunning_fields`
        """
        guarded = self._get_dunning_guarded_fields()
        for vals in vals_list:
            if names := guarded.intersection(vals):
                said = {name for name in names if vals[name]}
                self._check_dunning_fields(said - NEW_FIELDS)
        return super().create(vals_list)

    def write(self, vals):
        """Refuse follow-up fields that the user may not write.

        :raise AccessError: see `_check_dunning_fields`
        """
        if names := self._get_dunning_guarded_fields().intersection(vals):
            self._check_dunning_fields(names)
        return super().write(vals)

    def copy(self, default=None):
        """Copy the follow-up settings with the contact."""
        guarded = self._get_dunning_guarded_fields()
        said = guarded.intersection(default or {})
        self._check_dunning_fields(said)
        copies = super().copy(default)
        names = [name for name in guarded - said if self._fields[name].copy]
        for customer, copied in zip(self, copies, strict=True):
            kept = {name: customer[name] for name in names}
            copied._dunning_journal().write(customer._convert_to_write(kept))
        return copies

    def copy_data(self, default=None):
        """Leave out the guarded fields that `copy` sets afterwards; values given by the
        caller stay, and are checked."""
        left_out = self._get_dunning_guarded_fields().difference(default or {})
        return [
            {name: value for name, value in vals.items() if name not in left_out}
            for vals in super().copy_data(default)
        ]

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self.env.user.has_group(COLLECTOR))

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Make collectors' fields read-only for other users."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if not self.env.user.has_group(COLLECTOR):
            names = self._get_dunning_collector_fields()
            for node in arch.iter("field"):
                if node.get("name") in names:
                    node.set("readonly", "1")
        return arch, view

    @api.model
    def _check_dunning_fields(self, names):
        """Refuse follow-up fields that the user may not write.

        :param names: names of follow-up fields
        :raise AccessError: only collectors, or only methods, write one of them
        """
        if not names or self.env.su or holds_journal(self):
            return
        is_collector = self.env.user.has_group(COLLECTOR)
        refused = {name for name in names if not self._dunning_may_write(name)}
        if not refused:
            return
        labels = ", ".join(
            self._fields[name]._description_string(self.env) for name in sorted(refused)
        )
        if is_collector:
            raise AccessError(
                self.env._(
                    "“%(fields)s” of a customer cannot be entered by hand: use the "
                    "buttons.",
                    fields=labels,
                )
            )
        raise AccessError(
            self.env._(
                "“%(fields)s” determines how a customer is followed up: ask a "
                "collector.",
                fields=labels,
            )
        )

    @api.model
    def _dunning_may_write(self, name):
        """Return whether the user may write a field, guarded or not."""
        if name in self._get_dunning_method_fields():
            return False
        is_collectors = name in self._get_dunning_collector_fields()
        return not is_collectors or self.env.user.has_group(COLLECTOR)

    @api.model
    def _add_missing_default_values(self, values):
        """Ignore the user's default values of fields that they may not write."""
        result = super()._add_missing_default_values(values)
        is_collector = not self.env.su and self.env.user.has_group(COLLECTOR)
        names = self._get_dunning_method_fields()
        if not is_collector:
            names = self._get_dunning_guarded_fields() - NEW_FIELDS
        return keep_own_defaults(self, names, values, result)

    @api.model
    def _check_dunning_collector(self):
        """Refuse users who are no collectors.

        :raise AccessError: the user is no collector
        """
        self._check_dunning_fields(self._get_dunning_collector_fields())

    def _dunning_journal(self):
        """Return these customers with write access to fields that only methods
        write."""
        return open_journal(self)
