"""Stored filters of users: parsing, trial and application, so that a broken one stops
its own record only.

A filter may become unusable long after it was saved: its field is deleted, a module
changes what can be searched, a new record has a value that cannot be compared.
"""

from ast import literal_eval

from psycopg2 import Error, errors

from odoo.fields import Domain
from odoo.tools import SQL

from ...setup.guard.guard import SEAL, is_sealed
from .filter_scope import FilterScope

LONGEST_FILTER = 20_000
# Time limits of a filter in seconds: on trial by a user, and when applied.
TRIAL_SECONDS = 5
SECONDS = 60
# Set while the filter of a step is applied.
FILTERING = "dunning_is_filtering"
# Errors passed to the caller, who starts the transaction again.
CONCURRENCY_ERRORS = (
    errors.DeadlockDetected,
    errors.LockNotAvailable,
    errors.SerializationFailure,
)


class FilterError(Exception):
    """Error of a filter that cannot be used, with the reason in the user's language."""


def read_filter(model, text):
    """Return the domain written in a text.

    :param model: recordset of the domain's model
    :raise FilterError: the text is no domain, or has unknown fields
    """
    env, text = model.env, text or "[]"
    if len(text) > LONGEST_FILTER:
        raise FilterError(env._("it is too long"))
    try:
        domain = Domain(literal_eval(text))
    except Exception as error:  # any error here is the author's
        raise FilterError(env._("it is not a valid filter")) from error
    try:
        domain.validate(model)
    except Exception as error:  # as above
        raise FilterError(_get_words(env, error)) from error
    return domain


def search_filter(model, text, within=Domain.TRUE, *, is_trial=False):
    """Return the ids of the records that match a filter.

    Any error is rolled back to a savepoint: the transaction and pending computations
    lose nothing.

    Whoever the user is, only records readable by a collection manager of the company
    are searched: see `FilterScope`.

    :param model: empty recordset of the filtered model, in the environment of the
        company
    :param within: domain of the records to search
    :param is_trial: search for one record only, within the shorter time limit
    :raise FilterError: gives the reason gives the reason why the filter cannot be used
    """
    env = model.env
    domain = read_filter(model, text)
    if domain.is_true():
        return [] if is_trial else model.search(within).ids
    model = model.with_context(allowed_company_ids=env.company.ids)
    # The rollback below must not undo pending writes.
    env.flush_all()
    seconds = TRIAL_SECONDS if is_trial else SECONDS
    try:
        with env.cr.savepoint(flush=False):
            env.cr.execute(SQL("SET LOCAL statement_timeout = %s", 1000 * seconds))
            limit = 1 if is_trial else None
            narrow = FilterScope(model.env).narrow(domain, model)
            query = model._search(narrow & within, limit=limit)
            ids = list(query.get_result_ids())
            env.cr.execute("SET LOCAL statement_timeout TO DEFAULT")
    except CONCURRENCY_ERRORS:
        raise
    except Exception as error:  # a filter may search fields of any module
        raise FilterError(_get_words(env, error)) from error
    return ids


def search_items(items, text, within, *, is_trial=False):
    """Return the ids of the journal items that match the filter of a step. The planner
    calls it, so the filter must not depend on the planner. See `search_filter`."""
    asked = items.with_context(**{FILTERING: SEAL})
    return search_filter(asked, text, within, is_trial=is_trial)


def try_filter(model, text, within=Domain.TRUE):
    """Refuse a filter that cannot be applied, or not with the user's rights, even if
    code copies it or reads it from a file.

    :raise FilterError: gives the reason gives the reason why the filter cannot be used
    """
    search = search_items if model._name == "account.move.line" else search_filter
    search(model.sudo(False), text, within, is_trial=True)


def check_not_filtering(env):
    """Refuse fields computed by the planner while the filter of a step is applied.

    :raise ValueError: a filter is being applied
    """
    if is_sealed(env, FILTERING):
        raise ValueError(
            env._("it uses values that the follow-up itself computes from the filters")
        )


def _get_words(env, error):
    if isinstance(error, errors.QueryCanceled):
        return env._("it takes too long")
    if isinstance(error, RecursionError | MemoryError):
        return env._("it is nested too deeply")
    if isinstance(error, Error):
        return error.diag.message_primary or str(error)
    words = " ".join(str(error).split())[:300]
    return words.rstrip(".") or type(error).__name__
