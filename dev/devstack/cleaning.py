"""Undo the set-up: processes, databases on a server, the folder .local."""

import os
import shutil
import signal

from . import postgres
from .base import LOCAL, StackError
from .database import databases, drop_database


def clean():
    """Stop processes, drop databases and remove .local."""
    for file in LOCAL.glob("*.pid"):
        _terminate(file)
    if postgres.CHOICE.exists():
        if postgres.is_private():
            postgres.stop()
        else:
            os.environ.update(postgres.environment())
            try:
                for name in databases():
                    drop_database(name)
            except StackError as error:
                raise StackError(
                    f"Start PostgreSQL first, its databases are to be dropped: {error}"
                ) from None
    shutil.rmtree(LOCAL, ignore_errors=True)
    if LOCAL.exists():
        raise StackError(f"{LOCAL} could not be removed: is it another user's?")


def _terminate(file):
    """Stop a process of ours, known by its file; leave any other alone."""
    pid, _newline, words = file.read_text().partition("\n")
    try:
        with open(f"/proc/{int(pid)}/cmdline", "rb") as handle:
            running = handle.read().replace(b"\0", b" ").decode(errors="replace")
    except (OSError, ValueError):
        return
    if words.strip() and words.strip() in running:
        os.kill(int(pid), signal.SIGTERM)
