import logging
from contextlib import contextmanager

from psycopg2 import OperationalError

from .concurrency import is_concurrency_error

_logger = logging.getLogger(__name__)


class Attempt:
    """What became of something that was tried behind the guard.

    `error`: what went wrong, None if nothing did.
    """

    error = None


@contextmanager
def guarded(env, subject):
    """Keep what goes wrong in the follow-up out of the transaction that caused it.

    What was written inside is taken back, the failure is logged with its traceback, and
    the caller's transaction goes on. What was written before is flushed first: if that
    fails, it is the caller's own. Concurrent changes and a lost database pass through:
    Odoo begins the whole transaction again.

    :param env: Environment of the transaction
    :param subject: what is tried, for the log
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
    """Keep what goes wrong while something is only read out of who reads it.

    :param subject: what is tried, for the log
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
