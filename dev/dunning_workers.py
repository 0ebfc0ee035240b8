"""pytest plugin: tests in several processes (`-n`), each with its own database.

pytest-odoo copies the database for each worker, too, but lets all of them share one
filestore; the tests of `tests/processes` make and remove databases with files.
"""

import contextlib
import os

import pytest
from devstack.base import lock
from devstack.database import create_database, database, databases, drop_database
from xdist.scheduler import LoadScopeScheduling

MOST_WORKERS = 4
PROCESSES = "tests/processes/test_processes_"

_session = contextlib.ExitStack()


def get_database():
    """Return the name of the database under test in this process.

    It is DUNNING_DB, else the one of `make test`; a worker uses its copy. The worker's
    variable is removed from the environment, where pytest-odoo and the processes of
    tests would use it.
    """
    worker = os.environ.pop("PYTEST_XDIST_WORKER", "")
    return _get_copy(worker) if worker else _get_source()


def _get_source():
    return database(os.environ.get("DUNNING_DB", "test"))


def _get_copy(worker):
    return f"{_get_source()}_{worker}"


def _drop_copies():
    for name in databases():
        if name.startswith(_get_copy("gw")):
            drop_database(name)


@pytest.hookimpl(tryfirst=True, optionalhook=True)
def pytest_xdist_auto_num_workers():
    """Return the number of workers for `-n auto`: one per core."""
    return min(MOST_WORKERS, len(os.sched_getaffinity(0)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes():
    """Remove the copies left by a killed session, and register the removal of new
    ones."""
    _session.enter_context(lock("workers"))
    _drop_copies()
    _session.callback(_drop_copies)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """Make the database of a worker before its start."""
    create_database(_get_copy(node.gateway.id), template=_get_source())


def pytest_unconfigure():
    """Drop the databases of the finished workers."""
    _session.close()


@pytest.hookimpl(tryfirst=True, optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Hand out whole classes, in the order of `pytest_collection_modifyitems`."""
    config.option.loadscopereorder = False
    return Scheduling(config, log)


def pytest_collection_modifyitems(items):
    """Start the longest tests first, so that no worker is left alone with them."""
    items.sort(key=lambda item: not item.nodeid.startswith(PROCESSES))


class Scheduling(LoadScopeScheduling):
    """Distribute whole classes to workers, as the tests of a class share its set-up.

    The tests played by processes share databases: one worker runs all of them.
    """

    def _split_scope(self, nodeid):
        if nodeid.startswith(PROCESSES):
            return PROCESSES
        return super()._split_scope(nodeid)
