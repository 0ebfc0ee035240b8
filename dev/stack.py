"""Development stack of the module: set-up from nothing, databases, environment.

`python3 dev/stack.py setup` prepares this checkout; scripts beside it import this
module and call `ensure()` first. Everything fetched or made lives in `.local`.
"""

import argparse
import os
import re
import subprocess
import sys

from devstack import cleaning, debian, odoo, postgres, python, source
from devstack.axe import ensure_axe
from devstack.base import PYTHON, ROOT, StackError, free_port, lock
from devstack.database import create_database, database, drop_database, exists
from devstack.odoo import ensure_template as template
from devstack.odoo import install_module, odoo_env
from devstack.testdb import ensure_test_database

# Words that keep enough of the suite to share it out to workers.
WHOLE_SUITE = re.compile(r"--(fast|shuffle|cov|durations)\b")

__all__ = [
    "StackError",
    "create_database",
    "database",
    "drop_database",
    "ensure",
    "exists",
    "free_port",
    "install_module",
    "odoo_env",
    "template",
]


def ensure(with_template=True):
    """Set up what is missing and name the PostgreSQL server in the environment.

    Cheap if there is nothing to do; safe to call from several processes. A script
    started by another Python continues in the environment of Odoo.
    """
    with lock():
        debian.ensure_system()
        source.ensure_odoo()
        python.ensure_venv()
        odoo.link_module()
        postgres.ensure_postgres()
        if with_template:
            template()
    python.reexec()


def setup(words):
    """Set up what is missing; `bare` leaves out the template of the test database."""
    ensure(with_template="bare" not in words)


def test(words):
    """Run the suite with a worker per core, or as the words tell pytest."""
    ensure()
    with lock():
        ensure_axe()
        ensure_test_database()
    workers = ["-n", "auto"] if all(map(WHOLE_SUITE.match, words)) else []
    command = [PYTHON, "-m", "pytest", *workers, *words]
    return subprocess.call(command, cwd=ROOT)


def shell(words):
    """Open an Odoo shell on the named database, else on demo, else on test."""
    ensure()
    name = words[0] if words else "demo" if exists("demo") else "test"
    if name == "test":
        with lock():
            ensure_test_database()
    elif not exists(name):
        raise StackError(f"The database {database(name)} does not exist.")
    config = odoo.write_config("shell", database(name))
    command = ["-m", "odoo", "shell", "-c", str(config), "--no-http"]
    os.execv(PYTHON, [str(PYTHON), *command])


def clean(_words):
    """Stop processes, drop databases and remove .local."""
    cleaning.clean()


def main(arguments):
    """Run one command of the stack."""
    commands = {"setup": setup, "test": test, "shell": shell, "clean": clean}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=commands)
    options, words = parser.parse_known_args(arguments)
    return commands[options.command](words)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (StackError, OSError) as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
