"""Common parts: paths, commands, errors."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

MODULE = "account_dunning_scenario"
ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
VENV = LOCAL / "venv"
PYTHON = VENV / "bin" / "python"
DATA_DIR = LOCAL / "data"
ADDONS = LOCAL / "addons"
LOGS = LOCAL / "log"
# Checkouts side by side share a machine: things outside of .local (databases on a
# server of the machine, socket folders) have this mark in their names.
KEY = hashlib.sha1(str(ROOT).encode()).hexdigest()[:8]
# Shared between checkouts on request; a cache of another user is only read.
CACHE = Path(os.environ["DUNNING_CACHE"]) if os.environ.get("DUNNING_CACHE") else None
CACHE_IS_OURS = bool(CACHE) and (not CACHE.exists() or os.access(CACHE, os.W_OK))

_started = time.monotonic()


class StackError(Exception):
    """Reason why the set-up stopped, in one sentence for the user."""


def say(text):
    """Print progress on stderr, as stdout is for results."""
    print(f"[{time.monotonic() - _started:5.0f}s] {text}", file=sys.stderr, flush=True)


def run(command, problem, *, log=None, **options):
    """Run a command to its end and return its output.

    :param problem: the sentence shown when it fails, before its last line of output
    :param log: name of a file in .local/log that keeps the whole output
    """
    command = [str(part) for part in command]
    options.setdefault("stdin", subprocess.DEVNULL)
    try:
        done = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            **options,
        )
    except OSError as error:
        raise StackError(f"{problem} {command[0]}: {error.strerror}.") from None
    if log:
        LOGS.mkdir(parents=True, exist_ok=True)
        (LOGS / log).write_text(done.stdout)
    if done.returncode:
        lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
        detail = lines[-1] if lines else f"{command[0]} ended with {done.returncode}"
        where = f" (whole output: .local/log/{log})" if log else ""
        raise StackError(f"{problem} {detail}{where}")
    return done.stdout


def which(*names):
    """Return the first of these programs, looking in our own .local/bin first."""
    folders = [str(LOCAL / "bin"), os.environ.get("PATH", os.defpath)]
    # Not in every user's PATH; runuser and other tools of root are there.
    path = os.pathsep.join([*folders, "/usr/sbin", "/sbin"])
    for name in names:
        if found := shutil.which(name, path=path):
            return found
    return None


def link_or_copy_tree(source, target):
    """Copy a folder by hard links, or by content on another file system."""
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copytree(source, target, symlinks=True, copy_function=os.link)
    except (OSError, shutil.Error):
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target, symlinks=True)


def publish(source, cached):
    """Put a finished folder in the shared cache; the first process wins."""
    if cached.exists() or not CACHE_IS_OURS:
        return
    cached.parent.mkdir(parents=True, exist_ok=True)
    draft = cached.with_name(f"{cached.name}.{KEY}.{os.getpid()}")
    link_or_copy_tree(source, draft)
    try:
        draft.rename(cached)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)


def free_port():
    """Return a free TCP port of the loopback interface."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def lock(name="setup"):
    """Let only one process at a time set up this checkout."""
    LOCAL.mkdir(exist_ok=True)
    with open(LOCAL / f"{name}.lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
