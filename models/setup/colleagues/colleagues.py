"""Check of users to whom work is assigned."""

from odoo.exceptions import ValidationError


def check_colleagues(people, company=None):
    """Refuse portal users and, where a company is given, users who have left or do not
    work in it.

    :param people: res.users to whom work is assigned
    :param company: res.company in which they are to work; empty means any
    :raise ValidationError: one of them is no colleague
    """
    # sudo: whether a user is a colleague does not depend on the current user
    for user_sudo in people.sudo():
        is_here = company is None or (
            user_sudo.active and (not company or company in user_sudo.company_ids)
        )
        if user_sudo.share or not is_here:
            raise ValidationError(
                people.env._(
                    "%(user)s is not a colleague: choose somebody from the company.",
                    user=user_sudo.name,
                )
            )
