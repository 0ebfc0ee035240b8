"""PostgreSQL: a usable server of the machine, or a private one under .local."""

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from .base import KEY, LOCAL, LOGS, MODULE, StackError, run, say, which
from .debian import find_program

CHOICE = LOCAL / "postgres.json"
# The server is private, and all its data can be made again.
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{sockets}'
fsync = off
synchronous_commit = off
full_page_writes = off
max_wal_size = 4GB
shared_buffers = 256MB
"""
# Limit for the path of a Unix socket (107 bytes with the file's name).
LONGEST_SOCKET_FOLDER = 90


def ensure_postgres():
    """Start a server if needed, and name it in this process's environment."""
    choice = _read_choice()
    if choice and not choice.get("data") and _usable(choice["env"]):
        return _use(choice)
    if choice and choice.get("data") and Path(choice["data"]).exists():
        _start(choice)
        return _use(choice)
    if _usable({}):
        names = ("PGHOST", "PGPORT", "PGUSER")
        choice = {
            "env": {name: os.environ[name] for name in names if name in os.environ}
        }
    else:
        choice = _create_cluster()
    CHOICE.write_text(json.dumps(choice, indent=2))
    return _use(choice)


def environment():
    """Return the variables for the chosen server, PATH included."""
    choice = _read_choice() or {"env": {}}
    bindir = os.path.dirname(find_program("psql") or "")
    path = os.pathsep.join([str(LOCAL / "bin"), os.environ.get("PATH", os.defpath)])
    if bindir and bindir not in path.split(os.pathsep):
        path = os.pathsep.join([path, bindir])
    return {**choice["env"], "PATH": path}


def is_private():
    """Return whether the chosen server was made by this checkout."""
    choice = _read_choice()
    return bool(choice and choice.get("data"))


def stop():
    """Stop and drop the private server, if there is one."""
    choice = _read_choice()
    data = choice and choice.get("data")
    if not data:
        return
    postmaster = Path(data) / "postmaster.pid"
    if postmaster.exists():
        pid = int(postmaster.read_text().split()[0])
        try:
            # "Fast" shutdown: sessions are ended, the server leaves properly.
            os.kill(pid, signal.SIGINT)
        except ProcessLookupError:
            pass
        for _attempt in range(100):
            if not postmaster.exists():
                break
            time.sleep(0.1)
    for folder in {str(Path(data).parent), choice["env"]["PGHOST"]}:
        shutil.rmtree(folder, ignore_errors=True)


def _read_choice():
    return json.loads(CHOICE.read_text()) if CHOICE.exists() else None


def _use(choice):
    os.environ.update(environment())
    return choice["env"]


def _usable(variables):
    """Return whether a server answers, with a role that may create databases."""
    psql = find_program("psql")
    if not psql:
        return False
    query = (
        "SELECT (rolcreatedb OR rolsuper) AND rolname <> 'postgres'"
        " AND current_setting('server_version_num')::int >= 130000"
        " FROM pg_roles WHERE rolname = current_user"
    )
    # Odoo refuses to run as the role "postgres".
    done = subprocess.run(
        [psql, "-w", "-X", "-d", "postgres", "-Atc", query],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PGCONNECT_TIMEOUT": "5", **variables},
    )
    return done.stdout.strip() == "t"


def _as_owner(*command):
    """Return the command run as the user who may own a server: never root."""
    if os.geteuid() == 0:
        runuser = which("runuser")
        if not runuser:
            raise StackError("PostgreSQL cannot run as root, and runuser is missing.")
        return [runuser, "-u", "postgres", "--", *map(str, command)]
    return [str(part) for part in command]


def _create_cluster():
    say("creating a private PostgreSQL server")
    initdb = find_program("initdb")
    if not initdb:
        raise StackError("PostgreSQL is missing: its program initdb is not there.")
    home = _cluster_home()
    data = home / "data"
    sockets = home
    if len(str(sockets)) > LONGEST_SOCKET_FOLDER:
        sockets = Path("/tmp") / f"{MODULE}-{KEY}"
        _make_folder(sockets)
    options = "-U odoo -A trust -E UTF8 --locale=C.UTF-8 --no-sync".split()
    run(
        _as_owner(initdb, "-D", data, *options),
        "PostgreSQL could not be set up:",
        cwd="/",
        log="initdb.log",
    )
    with open(data / "postgresql.conf", "a") as conf:
        conf.write(SETTINGS.format(sockets=sockets))
    choice = {
        "env": {"PGHOST": str(sockets), "PGUSER": "odoo", "PGPORT": "5432"},
        "data": str(data),
    }
    _start(choice)
    return choice


def _cluster_home():
    """Return a folder that the server's user can reach; its mode guards `trust`."""
    home = LOCAL / "pg"
    _make_folder(home)
    if os.geteuid() == 0:
        probe = subprocess.run(_as_owner("test", "-w", home), cwd="/")
        if probe.returncode:
            shutil.rmtree(home)
            home = Path("/var/tmp") / f"{MODULE}-{KEY}"
            _make_folder(home)
    return home


def _make_folder(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    if os.geteuid() == 0:
        try:
            shutil.chown(folder, "postgres")
        except LookupError:
            raise StackError(
                "PostgreSQL cannot run as root, and the user 'postgres' is missing."
            ) from None


def _start(choice):
    if _usable(choice["env"]):
        return
    LOGS.mkdir(parents=True, exist_ok=True)
    data = Path(choice["data"])
    # The server's own folder: its user may have no right to write beside ours.
    log = data.parent / "server.log"
    sockets = Path(choice["env"]["PGHOST"])
    if not sockets.exists():
        _make_folder(sockets)
    run(
        _as_owner(find_program("pg_ctl"), "-D", data, "-w", "-l", log, "start"),
        f"PostgreSQL could not be started (its log: {log}):",
        cwd="/",
    )
