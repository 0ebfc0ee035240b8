"""Databases of this checkout: templates, copies, filestores."""

import shutil
import subprocess

from .base import (
    CACHE,
    CACHE_IS_OURS,
    DATA_DIR,
    KEY,
    StackError,
    link_or_copy_tree,
    publish,
    run,
)
from .debian import find_program

PREFIX = f"dunning_{KEY}_"
FILESTORES = DATA_DIR / "filestore"


def database(name):
    """Return the full name of a database of this checkout: `test`, `demo`, …"""
    return name if name.startswith(PREFIX) else PREFIX + name


def psql(query, db="postgres"):
    """Run one statement and return its rows, columns separated by `|`."""
    command = [find_program("psql"), "-w", "-X", "-q", "-v", "ON_ERROR_STOP=1"]
    problem = "PostgreSQL refused a statement:"
    return run([*command, "-d", db, "-Atc", query], problem).splitlines()


def databases():
    """Return the names of all databases of this checkout."""
    return [
        row for row in psql("SELECT datname FROM pg_database") if _is_of_checkout(row)
    ]


def exists(name):
    """Return whether a database of this checkout exists."""
    return database(name) in databases()


def create_database(name, template=None):
    """Create a database anew, empty or as a copy with the filestore of another.

    :return: its full name
    """
    target = database(name)
    drop_database(target)
    if template is None:
        psql(f"CREATE DATABASE \"{target}\" TEMPLATE template0 ENCODING 'UTF8'")
        return target
    source = database(template)
    _disconnect(source)
    psql(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
    if (FILESTORES / source).exists():
        link_or_copy_tree(FILESTORES / source, FILESTORES / target)
    checkpoint()
    return target


def dump_database(name, label):
    """Keep a database in the shared cache, if there is one."""
    if not CACHE_IS_OURS:
        return
    target = CACHE / "databases" / label
    draft = CACHE / "databases" / f"{label}.{KEY}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    run(
        [find_program("pg_dump"), "-w", "-Fc", "-Z1", "-f", draft / "dump", name],
        "The template database could not be put in the cache:",
    )
    link_or_copy_tree(FILESTORES / name, draft / "filestore")
    publish(draft, target)
    shutil.rmtree(draft)


def restore_database(name, label):
    """Make a database from the shared cache.

    :return: its full name, None if it is not in the cache
    """
    source = CACHE and CACHE / "databases" / label
    if not (source and source.exists()):
        return None
    target = create_database(name)
    command = [find_program("pg_restore"), "-w", "-j2", "--no-owner", "-d", target]
    run([*command, source / "dump"], "The cached template is of no use, delete it:")
    link_or_copy_tree(source / "filestore", FILESTORES / target)
    return target


def rename_database(name, new_name):
    """Rename a database and its filestore, replacing any of the new name."""
    source, target = database(name), database(new_name)
    drop_database(target)
    _disconnect(source)
    psql(f'ALTER DATABASE "{source}" RENAME TO "{target}"')
    if (FILESTORES / source).exists():
        (FILESTORES / source).rename(FILESTORES / target)
    return target


def drop_database(name):
    """Drop a database with its filestore, ending its connections."""
    target = database(name)
    psql(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
    shutil.rmtree(FILESTORES / target, ignore_errors=True)


def checkpoint():
    """Write all data to disk.

    Without it, a server killed soon after a copy came back with sequences behind their
    rows. It needs a right that a server of the machine may not give: it is skipped
    then.
    """
    command = [find_program("psql"), "-w", "-X", "-d", "postgres", "-c", "CHECKPOINT"]
    subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL)


def _disconnect(name):
    psql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        f" WHERE datname = '{name}' AND pid <> pg_backend_pid()"
    )


def _is_of_checkout(name):
    return name.startswith(PREFIX)


def require(name):
    """Return the full name of a database, which must exist."""
    if not exists(name):
        raise StackError(f"The database {database(name)} does not exist.")
    return database(name)
