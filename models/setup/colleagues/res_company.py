from odoo import api, models

from .colleagues import check_colleagues


class ResCompany(models.Model):
    """The follow-up of a company is its people's work."""

    _inherit = "res.company"

    @api.model
    def _get_dunning_people_fields(self):
        """Return the names of the fields that give somebody work. Each room adds its
        own."""
        return frozenset({"dunning_collector_id"})

    def _validate_fields(self, field_names, excluded_names=()):
        """:raise ValidationError: somebody is newly named who is no colleague"""
        names = set(field_names)
        for name in sorted(names & self._get_dunning_people_fields()):
            # sudo: the fields are of colleagues, companies are written by others too
            for company_sudo in self.sudo():
                # Nobody works yet in a company that is being made.
                is_new = not company_sudo.user_ids
                place = self.browse() if is_new else company_sudo
                check_colleagues(company_sudo[name], place)
        return super()._validate_fields(names, excluded_names)
