"""Filters that people store as text: read, tried and applied, so that one that cannot
be used harms nobody but whom it belongs to.

A filter may become unusable long after it was saved: its field is deleted, a module
changes what can be searched, a new row has a value that it cannot be compared with.
"""

from ast import literal_eval

from psycopg2 import Error, errors

from odoo.fields import Domain
from odoo.tools import SQL

from ...setup.guard.guard import SEAL, is_sealed
from .filter_scope import FilterScope

LONGEST_FILTER = 20_000
# A filter that takes longer, in seconds, is of no use: tried by a person, or applied.
TRIAL_SECONDS = 5
SECONDS = 60
# Set while the filter of a step is applied.
FILTERING = "dunning_is_filtering"
# What the caller has to hear of: the transaction starts again.
CONCURRENCY_ERRORS = (
    errors.DeadlockDetected,
    errors.LockNotAvailable,
    errors.SerializationFailure,
)


class FilterError(Exception):
    """Why a filter cannot be used, in the user's words."""


def read_filter(model, text):
    """Return the domain that a text says.

    :param model: recordset of the model whose fields it names
    :raise FilterError: it says none, or its fields are not there
    """
    env, text = model.env, text or "[]"
    if len(text) > LONGEST_FILTER:
        raise FilterError(env._("it is too long"))
    try:
        domain = Domain(literal_eval(text))
    except Exception as error:  # whatever is written there is somebody's mistake
        raise FilterError(env._("it is not written as a filter is")) from error
    try:
        domain.validate(model)
    except Exception as error:  # as above
        raise FilterError(_get_words(env, error)) from error
    return domain


def search_filter(model, text, within=Domain.TRUE, *, is_trial=False):
    """Return the ids of the records that a filter finds.

    Whatever goes wrong is undone and stays here: nothing of the transaction is lost,
    nor of what is being computed.

    Whoever asks, it looks at what a collection manager of the company may read: see
    `FilterScope`.

    :param model: empty recordset of those who are filtered, of the company that counts
    :param within: domain of those who are asked for
    :param is_trial: find one, in a short time
    :raise FilterError: why the filter cannot be used
    """
    env = model.env
    domain = read_filter(model, text)
    if domain.is_true():
        return [] if is_trial else model.search(within).ids
    model = model.with_context(allowed_company_ids=env.company.ids)
    # What is rolled back below must not take along what waits to be written.
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
    except Exception as error:  # fields of any module are asked, in any way
        raise FilterError(_get_words(env, error)) from error
    return ids


def search_items(items, text, within, *, is_trial=False):
    """Return the ids of the journal items that the filter of a step finds: the planner
    asks it, so that it cannot ask the planner. See `search_filter`."""
    asked = items.with_context(**{FILTERING: SEAL})
    return search_filter(asked, text, within, is_trial=is_trial)


def try_filter(model, text, within=Domain.TRUE):
    """Refuse a filter that cannot be applied, or not by whoever writes it: a step that
    code copies or reads from a file is theirs all the same.

    :raise FilterError: why the filter cannot be used
    """
    search = search_items if model._name == "account.move.line" else search_filter
    search(model.sudo(False), text, within, is_trial=True)


def check_not_filtering(env):
    """Refuse to answer the filter of a step about what the planner itself works out.

    :raise ValueError: one is being applied
    """
    if is_sealed(env, FILTERING):
        raise ValueError(
            env._("it asks for what the follow-up itself works out from the filters")
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
