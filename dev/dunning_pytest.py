"""pytest plugin: makes plain `pytest` work at the repository root.

Loaded with `-p` by pytest.ini, before Odoo: a conftest.py is impossible, since pytest
would import it as a part of the module before Odoo is configured.
"""

import os
from pathlib import Path

import _pytest.pathlib
import freezegun
import pytest
from devstack import odoo as stack_odoo
from devstack import postgres
from devstack.base import ADDONS, LOCAL, MODULE, ROOT, StackError
from devstack.database import exists
from dunning_workers import get_database

_resolve = _pytest.pathlib.resolve_pkg_root_and_module_name


def _resolve_in_module(path, *, consider_namespace_packages=False):
    """Name the files below the root after the module, not after its folder.

    Without this a test imports `<folder>.models`, a second copy of what Odoo loaded.
    """
    path = Path(path).resolve()
    if path.is_relative_to(ROOT) and not path.is_relative_to(LOCAL):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if parts and parts[0] not in ("dev", "setup"):
            names = parts[:-1] if parts[-1] == "__init__" else parts
            return ADDONS, ".".join(["odoo.addons", MODULE, *names])
    return _resolve(path, consider_namespace_packages=consider_namespace_packages)


_pytest.pathlib.resolve_pkg_root_and_module_name = _resolve_in_module
# Otherwise a class that stops the clock would seem to last for years (--durations).
freezegun.configure(extend_ignore_list=["_pytest.timing"])


def pytest_load_initial_conftests(early_config):
    """Point Odoo to the database under test."""
    try:
        stack_odoo.link_module()
        postgres.ensure_postgres()
        name = get_database()
        if not exists(name):
            raise StackError(f"The database {name} is missing: run `make test` once.")
    except StackError as error:
        raise pytest.UsageError(str(error)) from None
    config = stack_odoo.write_config(f"test-{name}", name)
    os.environ["ODOO_RC"] = str(config)


def _skipped(config):
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return reporter.stats.get("skipped", []) if reporter else []


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    """Fail a session with skipped tests, which prove nothing."""
    if exitstatus == pytest.ExitCode.OK and _skipped(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    """Name the skipped tests, as their count alone looks like a success."""
    if skipped := _skipped(terminalreporter.config):
        terminalreporter.section("skipped tests fail the session", red=True)
        for report in skipped:
            terminalreporter.write_line(report.nodeid)
