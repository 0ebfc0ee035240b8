from odoo import models

from .colleagues import check_colleagues

# Fields that record an author or a customer's user; written by methods.
RECORDED_FIELDS = frozenset(
    {
        "create_uid",
        "decided_by_id",
        "intermediary_id",
        "salesperson_id",
        "satisfaction_settled_by_id",
        "stand_in_for_id",
        "user_id",
        "write_uid",
    }
)


class DunningGuardMixin(models.AbstractModel):
    """Extend the guard with a check of the users in every field."""

    _inherit = "dunning.guard.mixin"

    # Fields that record a user without assigning work.
    _recorded_people = RECORDED_FIELDS

    def _validate_fields(self, field_names, excluded_names=()):
        """Check newly assigned users; those assigned before may have left since."""
        names = set(field_names)
        for name in filter(self._is_people_field, names):
            self._check_people(name)
        return super()._validate_fields(names, excluded_names)

    def _is_people_field(self, name):
        """Return whether a field holds users of its own, rather than a related
        record's."""
        field = self._fields.get(name)
        return bool(field) and field.comodel_name == "res.users" and not field.related

    def _check_people(self, name):
        """:raise ValidationError: a field holds a user who is no colleague"""
        is_code = self._holds_journal()
        is_recorded = name in self._recorded_people
        if is_recorded and is_code:
            return  # customers act as well, on their pages
        for record in self:
            # Methods check the user's presence themselves.
            is_free = is_recorded or is_code
            company = None if is_free else record._get_people_company()
            check_colleagues(record[name], company)

    def _get_people_company(self):
        """Return the company in which the assigned users must work; empty means any."""
        companies = self.env["res.company"]
        return self.company_id if "company_id" in self._fields else companies
