"""Python environments: one for Odoo and the tests, one for the linters."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .base import (
    CACHE,
    LOCAL,
    PYTHON,
    ROOT,
    VENV,
    StackError,
    link_or_copy_tree,
    publish,
    run,
    say,
)
from .source import packages_folder

LOCK = ROOT / "dev" / "requirements.txt"
LINT_LOCK = ROOT / "dev" / "requirements-lint.txt"
LINT_VENV = LOCAL / "lint"


def interpreter():
    """Return a Python for the environments; the lock file is for 3.11."""
    # The distribution's own first: other builds are often not optimised.
    for name in ("/usr/bin/python3.11", "python3.11", "python3.12", "python3"):
        path = shutil.which(name)
        if not path:
            continue
        probe = "import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))"
        done = subprocess.run([path, "-c", probe], capture_output=True)
        if not done.returncode:
            return path
    raise StackError(
        "Python 3.11 or newer with its venv module is missing: install python3-venv."
    )


def ensure_venv():
    """Make the environment that runs Odoo, with its source on the path."""
    _ensure(VENV, LOCK)
    folder = next(VENV.glob("lib/python3.*/site-packages"))
    # After the installed packages, so that it cannot hide any of them.
    (folder / "dunning_stack.pth").write_text(f"{packages_folder()}\n{ROOT / 'dev'}\n")


def ensure_lint_venv():
    """Make the environment that runs ruff and pylint."""
    _ensure(LINT_VENV, LINT_LOCK)


def _ensure(venv, lock):
    """Make an environment from a lock file, once per content of that file."""
    python = interpreter()
    tag = subprocess.run([python, "-V"], capture_output=True, text=True).stdout
    key = hashlib.sha1(f"{tag}{lock.read_text()}".encode()).hexdigest()[:12]
    stamp = venv / f".{key}"
    if stamp.exists():
        return
    cached = CACHE and CACHE / f"{venv.name}-{key}"
    problem = "The Python packages could not be installed:"
    shutil.rmtree(venv, ignore_errors=True)
    if cached and cached.exists():
        run([python, "-m", "venv", "--without-pip", venv], problem)
        _take_packages(cached, venv)
    else:
        say(f"installing the Python packages of dev/{lock.name}")
        run([python, "-m", "venv", venv], problem)
        pip = [venv / "bin" / "python", "-m", "pip", "install", "-q", "--no-deps"]
        run([*pip, "-r", lock], problem, log=f"pip-{venv.name}.log")
        if cached:
            publish(venv, cached)
    stamp.touch()


def _take_packages(cached, venv):
    """Take over the packages of a cached environment, and its programs.

    Programs name the interpreter of their own environment; they are written anew, in a
    form that allows blanks in a path.
    """
    folder = next(cached.glob("lib/python3.*/site-packages"))
    link_or_copy_tree(folder, venv / folder.relative_to(cached))
    head = f"#!/bin/sh\n'''exec' \"{venv}/bin/python\" \"$0\" \"$@\"\n' '''\n"
    for program in (cached / "bin").iterdir():
        target = venv / "bin" / program.name
        if program.is_symlink() or program.is_dir() or target.exists():
            continue
        text = program.read_bytes()
        if text.startswith(b"#!"):
            lines = text.splitlines(keepends=True)
            body = lines[3:] if lines[0] == b"#!/bin/sh\n" else lines[1:]
            target.write_bytes(head.encode() + b"".join(body))
        else:
            target.write_bytes(text)
        target.chmod(0o755)


def reexec():
    """Restart this script in the environment of Odoo, unless it runs there already."""
    if Path(sys.prefix) != VENV and Path(sys.argv[0]).is_file():
        sys.stdout.flush()
        os.execv(PYTHON, [str(PYTHON), *sys.argv])
