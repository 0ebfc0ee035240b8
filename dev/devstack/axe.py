"""axe-core, which finds barriers for disabled readers: for the tests in the browser."""

import shutil

from .base import CACHE, CACHE_IS_OURS, LOCAL, link_or_copy_tree, publish, run, say
from .linters import npm
from .python import ensure_lint_venv

AXE = LOCAL / "axe"
PACKAGE = "axe-core@4.14.1"


def ensure_axe():
    """Install axe-core if it is missing."""
    stamp = AXE / ".complete"
    if stamp.exists() and stamp.read_text() == PACKAGE:
        return
    cached = CACHE and CACHE / "axe"
    if cached and (cached / ".complete").exists():
        if (cached / ".complete").read_text() == PACKAGE:
            link_or_copy_tree(cached, AXE)
            return
    say("installing axe-core")
    if not shutil.which("npm"):
        ensure_lint_venv()
    shutil.rmtree(AXE, ignore_errors=True)
    AXE.mkdir(parents=True)
    install = ["install", "--prefix", AXE, "--no-save", "--no-audit", "--no-fund"]
    run([*npm(), *install, PACKAGE], "axe-core could not be installed:", log="axe.log")
    stamp.write_text(PACKAGE)
    if CACHE_IS_OURS:
        shutil.rmtree(cached, ignore_errors=True)
        publish(AXE, cached)
