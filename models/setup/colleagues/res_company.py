from odoo import models

from .colleagues import check_colleagues

COMPANY_FIELDS = frozenset(
    {
        "dunning_accountant_id",
        "dunning_collector_id",
        "dunning_committee_member_ids",
    }
)


class ResCompany(models.Model):
    """The follow-up of a company is its people's work."""

    _inherit = "res.company"

    def _validate_fields(self, field_names, excluded_names=()):
        """:raise ValidationError: somebody is newly named who is no colleague"""
        names = set(field_names)
        for name in sorted(names & COMPANY_FIELDS):
            # sudo: the fields are of colleagues, companies are written by others too
            for company_sudo in self.sudo():
                # Nobody works yet in a company that is being made.
                is_new = not company_sudo.user_ids
                place = self.browse() if is_new else company_sudo
                check_colleagues(company_sudo[name], place)
        return super()._validate_fields(names, excluded_names)
