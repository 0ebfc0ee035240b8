"""Errors that another transaction causes: the work is whole, its moment was not."""

from psycopg2 import errors

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY


def get_causes(error):
    """Return an error and those it was raised from, however deep it is wrapped."""
    while error:
        yield error
        error = error.__cause__ or error.__context__


def is_concurrency_error(error):
    """Tell whether another transaction is the cause of an error: what failed succeeds
    when it is done again."""
    return any(
        isinstance(cause, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY)
        for cause in get_causes(error)
    )


def is_lost_race(error):
    """Tell whether another transaction did the same first, or is the cause."""
    return is_concurrency_error(error) or any(
        isinstance(cause, errors.UniqueViolation) for cause in get_causes(error)
    )
