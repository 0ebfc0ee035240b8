from odoo import api, models

from .colleagues import check_colleagues


class ResCompany(models.Model):
    """Extend companies with a check of the users assigned to their follow-up."""

    _inherit = "res.company"

    @api.model
    def _get_dunning_people_fields(self):
        """Return the names of the fields that assign work to users. Each room adds its
        own."""
        return frozenset({"dunning_collector_id"})

    def _validate_fields(self, field_names, excluded_names=()):
        """:raise ValidationError: a newly assigned user is no colleague"""
        names = set(field_names)
        for name in sorted(names & self._get_dunning_people_fields()):
            # sudo: these fields are for colleagues only, but other users write
            # companies too
            for company_sudo in self.sudo():
                # A company being created has no users yet.
                is_new = not company_sudo.user_ids
                place = self.browse() if is_new else company_sudo
                check_colleagues(company_sudo[name], place)
        return super()._validate_fields(names, excluded_names)
