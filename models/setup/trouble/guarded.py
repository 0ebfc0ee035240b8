import logging
from contextlib import contextmanager

from psycopg2 import OperationalError

from .concurrency import is_concurrency_error

_logger = logging.getLogger(__name__)


class Attempt:
    """Result of guarded work.

    `error`: the exception, None on success.
    """

    error = None


@contextmanager
def guarded(env, subject):
    """Keep an error of the follow-up out of the transaction that caused it.

    The writes inside are rolled back, the error is logged with its traceback, and the
    caller's transaction goes on. Earlier writes are flushed first: their errors are the
    caller's own. Concurrency errors and a lost database pass through: Odoo retries the
    whole transaction.

    :param env: Environment of the transaction
    :param subject: description of the work, for the log
    :return: an `Attempt`, as a context manager
    """
    attempt = Attempt()
    env.cr.flush()
    try:
        with env.cr.savepoint():
            yield attempt
    except OperationalError:
        raise
    except Exception as error:
        if is_concurrency_error(error):
            raise
        attempt.error = error
        _logger.exception("Follow-up failed to %s", subject)


@contextmanager
def guarded_reading(subject):
    """Keep an error of a read-only task from its caller.

    :param subject: description of the work, for the log
    :return: an `Attempt`, as a context manager
    """
    attempt = Attempt()
    try:
        yield attempt
    except OperationalError:
        raise
    except Exception as error:
        attempt.error = error
        _logger.exception("Follow-up failed to %s", subject)
