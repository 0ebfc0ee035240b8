from odoo import models

from .colleagues import check_colleagues

# They say who did something, or whose customer it is; methods write them.
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
    """Work is given to colleagues, whichever field names them."""

    _inherit = "dunning.guard.mixin"

    # Fields that name somebody without giving them work.
    _recorded_people = RECORDED_FIELDS

    def _validate_fields(self, field_names, excluded_names=()):
        """Look at who is newly named; who was named before may have left since."""
        names = set(field_names)
        for name in filter(self._is_people_field, names):
            self._check_people(name)
        return super()._validate_fields(names, excluded_names)

    def _is_people_field(self, name):
        """Tell whether a field names users, as it is said, not as it follows."""
        field = self._fields.get(name)
        return bool(field) and field.comodel_name == "res.users" and not field.related

    def _check_people(self, name):
        """:raise ValidationError: a field names somebody who is no colleague"""
        is_code = self._holds_journal()
        is_recorded = name in self._recorded_people
        if is_recorded and is_code:
            return  # a customer does things, too: on the pages
        for record in self:
            # Methods look for themselves who is there.
            is_free = is_recorded or is_code
            company = None if is_free else record._get_people_company()
            check_colleagues(record[name], company)

    def _get_people_company(self):
        """Return the company that those named here work in; empty: any."""
        companies = self.env["res.company"]
        return self.company_id if "company_id" in self._fields else companies
