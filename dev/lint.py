"""Run all style checks to their end; the exit status tells if one failed."""

import subprocess
import sys

from devstack.base import ROOT, StackError, lock, say
from devstack.linters import NPM, ensure_linters, node
from devstack.python import LINT_VENV

PYTHON = LINT_VENV / "bin" / "python"


def files(*patterns):
    """Return the files of the repository, uncommitted ones included."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "--", *patterns]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    names = dict.fromkeys(done.stdout.splitlines())
    return [name for name in names if (ROOT / name).is_file()]


def checks():
    """Return the checks: name and command."""
    modules = NPM / "node_modules"
    prettier = [node(), modules / "prettier" / "bin" / "prettier.cjs"]
    eslint = [node(), modules / "eslint" / "bin" / "eslint.js"]
    rows = [
        ("ruff", [LINT_VENV / "bin" / "ruff", "check", "."]),
        ("ruff format", [LINT_VENV / "bin" / "ruff", "format", "--check", "."]),
    ]
    if files("__manifest__.py"):
        # missing-readme asks for RST, but ours is Markdown.
        pylint = [PYTHON, "-m", "pylint", "--rcfile=.pylintrc"]
        # Texts of tests are not for users; pylint-odoo knows this only of tests/
        # itself.
        code = ["--disable=missing-readme", "--ignore=.local,dev,.git,tests", "."]
        stories = ["--disable=missing-readme,translation-required", "tests"]
        rows.append(("pylint-odoo", [*pylint, *code]))
        rows.append(("pylint-odoo: stories", [*pylint, *stories]))
    if names := files("*.xml", "*.js", "*.scss", "*.css", "*.md", "*.cjs", "*.yml"):
        words = ["--check", "--log-level=warn", "--ignore-unknown"]
        rows.append(("prettier", [*prettier, *words, *names]))
    if names := files("static/*.js"):
        rows.append(("eslint", [*eslint, "-c", "eslint.config.cjs", *names]))
    if names := files("*.po", "*.pot"):
        rows.append(("terms", [PYTHON, "dev/check_terms.py", *names]))
    rows.append(("house rules", [PYTHON, "dev/check_house.py", *files()]))
    rows.append(("rooms", [PYTHON, "dev/check_rooms.py", *files("*.py", "*.xml")]))
    rows.append(("cited rules", [PYTHON, "dev/check_rules.py", *files()]))
    rows.append(("pages", [PYTHON, "dev/check_pages.py", *files()]))
    return rows


def main():
    """Run every check and name the failed ones."""
    with lock():
        ensure_linters()
    failed = []
    for name, command in checks():
        say(name)
        if subprocess.call([str(word) for word in command], cwd=ROOT):
            failed.append(name)
    if failed:
        sys.exit(f"error: make lint failed: {', '.join(failed)}.")
    say("all checks passed")


if __name__ == "__main__":
    try:
        main()
    except (StackError, OSError) as error:
        sys.exit(f"error: {error}")
