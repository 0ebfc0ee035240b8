"""Errors caused by a concurrent transaction: the same work succeeds later."""

from psycopg2 import errors

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY


def get_causes(error):
    """Yield an error and its causes, however deep it is wrapped."""
    while error:
        yield error
        error = error.__cause__ or error.__context__


def is_concurrency_error(error):
    """Return whether a concurrent transaction caused an error, so that a retry
    succeeds."""
    return any(
        isinstance(cause, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY)
        for cause in get_causes(error)
    )


def is_lost_race(error):
    """Return whether a concurrent transaction did the same first, or caused the
    error."""
    return is_concurrency_error(error) or any(
        isinstance(cause, errors.UniqueViolation) for cause in get_causes(error)
    )
