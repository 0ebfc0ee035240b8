"""Odoo: settings, module installation, templates, an environment."""

import ast
import contextlib
import datetime
import hashlib
import os
import re

from .base import (
    ADDONS,
    DATA_DIR,
    LOCAL,
    LOGS,
    MODULE,
    PYTHON,
    ROOT,
    StackError,
    free_port,
    run,
    say,
)
from .database import (
    create_database,
    database,
    databases,
    drop_database,
    dump_database,
    exists,
    psql,
    rename_database,
    restore_database,
)
from .source import addons_paths, version

# Installed in templates until there is a manifest to read.
DEPENDS = ["account", "account_payment", "mail", "portal", "resource"]
# The first one becomes the default of users and customers.
LANGUAGES = "en_US,fr_FR"
# A port without a listener: requests that must not leave the machine go there.
NOWHERE = "http://127.0.0.1:9"
LEVELS = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ")
# Log lines of the stack, not of the module, which count as clean.
KNOWN = re.compile(
    "|".join(
        [
            # The system runs as the developer's user.
            r"Running as user 'root' is a security risk",
            # Odoo asks for a patched wkhtmltopdf; the letters suit both kinds.
            r"wkhtmltopdf|Wkhtmltopdf",
        ]
    )
)


def link_module():
    """Make the repository available under the module's name, whatever its folder's
    name.

    The module is a folder of links to the repository's files. A link to the root would
    lead to itself: programs that follow links through all files of a module, such as
    Odoo's export of terms, would loop in `.local` for ever.
    """
    folder = ADDONS / MODULE
    if folder.is_symlink():
        folder.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    names = {path.name for path in ROOT.iterdir() if _is_of_module(path)}
    links = {path.name for path in folder.iterdir() if path.is_symlink()}
    for name in links - names:
        (folder / name).unlink(missing_ok=True)
    for name in names - links:
        # Another process may do the same.
        with contextlib.suppress(FileExistsError):
            (folder / name).symlink_to(f"../../../{name}")


def _is_of_module(path):
    return path.name[0] != "." and path.name != "__pycache__"


def manifest():
    """Return the module's manifest, empty if there is none yet."""
    path = ROOT / "__manifest__.py"
    return ast.literal_eval(path.read_text()) if path.exists() else {}


def depends():
    """Return the modules that the module needs."""
    return manifest().get("depends") or DEPENDS


def write_config(name, db, **settings):
    """Write settings for Odoo into .local and return the file.

    Server and role are left out: Odoo reads the PG* variables.
    """
    settings = {
        "db_name": db,
        "addons_path": ",".join(map(str, [ADDONS, *addons_paths()])),
        "data_dir": DATA_DIR,
        "http_interface": "127.0.0.1",
        "list_db": False,
        "without_demo": True,
        **settings,
    }
    path = LOCAL / f"odoo-{name}.conf"
    lines = [f"{key} = {value}" for key, value in settings.items()]
    path.write_text("\n".join(["[options]", *lines, ""]))
    return path


def run_odoo(db, *arguments, log="odoo.log", problem="Odoo failed:"):
    """Run Odoo's command line on a database to its end; return its log."""
    config = write_config("cli", db)
    # The port is stored in web.base.url, from which wkhtmltopdf fetches style sheets.
    words = ["-c", config, "-d", db, "--stop-after-init", "--no-http"]
    words += ["--max-cron-threads=0", f"--http-port={free_port()}", *arguments]
    return run([PYTHON, "-m", "odoo", *words], problem, log=log, cwd=LOCAL)


def complaints(log):
    """Return the warnings and errors of an Odoo log, except for the stack's own."""
    return [
        line
        for line in log.splitlines()
        if LEVELS.match(line) and not KNOWN.search(line)
    ]


def ensure_template(demo=False):
    """Make the template database, unless it exists.

    It contains the module's dependencies, not the module itself.
    :return: its full name
    """
    contents = f"{sorted(depends())} {version()} {LANGUAGES}"
    key = hashlib.sha1(contents.encode()).hexdigest()[:8]
    name = f"{'demo_' if demo else ''}template_{key}"
    if exists(name):
        return database(name)
    # Demo data is dated relative to the day on which it is loaded.
    dump = f"{name}-{datetime.date.today()}" if demo else name
    draft = restore_database("draft", dump) or _install_template(demo)
    for old in databases():
        # Templates of other dependencies or of another Odoo.
        if "template_" in old and ("demo_" in old) == demo:
            drop_database(old)
    full_name = rename_database(draft, name)
    dump_database(full_name, dump)
    return full_name


def _install_template(demo):
    say(f"preparing a template database with {', '.join(depends())}")
    draft = create_database("draft")
    arguments = ["-i", ",".join(depends()), "--skip-auto-install"]
    arguments += [f"--load-language={LANGUAGES}"]
    if demo:
        arguments.append("--with-demo")
    run_odoo(draft, *arguments, log="template.log", problem="Odoo was not installed:")
    isolate(draft)
    return draft


def isolate(db):
    """Point all HTTP requests of Odoo to a closed port."""
    keys = (
        "iap.endpoint",
        "sms.endpoint",
        "snailmail.endpoint",
        "partner_autocomplete.endpoint",
    )
    values = ", ".join(f"('{key}', '{NOWHERE}')" for key in keys)
    psql(
        f"INSERT INTO ir_config_parameter (key, value) VALUES {values}"
        " ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
        db,
    )


def install_module(db, *arguments, update=False, also=(), log="install.log"):
    """Install or update the module and refuse a log with warnings.

    :param also: names of modules to install with it
    :return: the log
    """
    verb = "-u" if update else "-i"
    problem = f"{MODULE} could not be {'updated' if update else 'installed'}:"
    names = ",".join([MODULE, *also])
    text = run_odoo(db, verb, names, *arguments, log=log, problem=problem)
    if lines := complaints(text):
        shown = "\n".join(lines)
        raise StackError(
            f"The log of the installation is not clean (.local/log/{log}):\n{shown}"
        )
    return text


def pregenerate_assets(db, tests=True):
    """Build the asset bundles once, so that tests and letters need not."""
    bundles = "1" if tests else ""
    _run_script("assets", db, "The asset bundles could not be built:", bundles)


def prepare_world(db):
    """Make the accounting data that tests share, so that no class need make it."""
    _run_script("world", db, "The data that tests share could not be made:")


def _run_script(name, db, problem, bundles=""):
    script = ROOT / "dev" / "devstack" / f"{name}.py"
    config = write_config("cli", db)
    words = [PYTHON, "-m", "odoo", "shell", "-c", config, "-d", db, "--no-http"]
    log = f"{name}.log"
    with open(script) as code:
        env = {**os.environ, "DUNNING_TEST_BUNDLES": bundles}
        run(words, problem, stdin=code, env=env, log=log, cwd=LOCAL)
    if f"{name} made" not in (LOGS / log).read_text():
        raise StackError(f"{problem} .local/log/{log}")


@contextlib.contextmanager
def odoo_env(db, commit=True, **settings):
    """Boot Odoo in this process and yield an environment of the superuser.

    The transaction is committed at the end (`commit`), rolled back on an error. The
    process must run in the environment of the stack (see `python.reexec`).
    """
    import odoo.tools
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry

    settings = {"http_enable": False, "max_cron_threads": 0, **settings}
    odoo.tools.config.parse_config(["-c", str(write_config("env", db, **settings))])
    with Registry(db).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        yield env
        env.flush_all()
        if commit:
            cr.commit()
        else:
            cr.rollback()
