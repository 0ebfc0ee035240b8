"""Who work is given to: colleagues, never whoever signs in as a customer."""

from odoo.exceptions import ValidationError


def check_colleagues(people, company=None):
    """Refuse who is no colleague: whoever signs in as a customer, and, where a company
    is given, who has left or does not work in it.

    :param people: res.users that are named
    :param company: res.company in which they are to work, may be empty: any
    :raise ValidationError: one of them is none
    """
    # sudo: who is a colleague, and where, does not depend on who asks
    for user_sudo in people.sudo():
        is_here = company is None or (
            user_sudo.active and (not company or company in user_sudo.company_ids)
        )
        if user_sudo.share or not is_here:
            raise ValidationError(
                people.env._(
                    "%(user)s is no colleague: choose somebody of the company.",
                    user=user_sudo.name,
                )
            )
