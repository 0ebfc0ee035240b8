"""Runs the real jobs and buttons in processes of their own.

    python process_runner.py SETTINGS DATABASE

Loads Odoo once, then reads one order per line (JSON) from its input and answers each
with one line. An order to start forks this process, as Odoo's own server does for its
workers: real transactions, real commits, no test mode. A *trap* in the order stops or
kills the fork at a named place. See `process_common`, which gives the orders.
"""

import contextlib
import functools
import json
import os
import resource
import signal
import subprocess
import sys
import time
import traceback

import process_world

import odoo
from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry
from odoo.service.model import call_kw, retrying
from odoo.tools import config

PATIENCE = 120  # seconds that a fork may take


class Traps:
    """Places where a fork is hit by a signal.

    A trap is `{"at": place, "signal": name, "call": n, "after": bool}`: when the place
    is passed for the n-th time (the first by default), before its code runs or after.
    Places are `model.name.method` of the registry, `commit` (of any transaction) and
    `wkhtmltopdf` (waiting for the program that was just started).
    """

    def __init__(self, registry):
        self.registry = registry

    def set(self, at, signal, call=1, after=False):
        owner, name, counts = self._find(at)
        original = getattr(owner, name)
        passed = 0

        @functools.wraps(original)
        def trapped(this, *args, **kwargs):
            nonlocal passed
            passed += bool(counts(this))
            is_now = passed == call and counts(this)
            if is_now and not after:
                self._spring(signal)
            result = original(this, *args, **kwargs)
            if is_now and after:
                self._spring(signal)
            return result

        setattr(owner, name, trapped)

    def _find(self, at):
        if at == "commit":
            return sql_db.Cursor, "commit", lambda _cursor: True
        if at == "wkhtmltopdf":
            return subprocess.Popen, "communicate", self._prints
        model, method = at.rsplit(".", 1)
        return self.registry[model], method, lambda _records: True

    def _prints(self, process):
        program, *arguments = process.args
        return "wkhtmltopdf" in os.path.basename(program) and len(arguments) > 1

    def _spring(self, name):
        os.kill(os.getpid(), getattr(signal, name))


class Fork:
    """What a fork does: one task, in transactions of its own."""

    def __init__(self, db_name):
        self.registry = Registry(db_name)

    @contextlib.contextmanager
    def _transaction(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def job(self, xmlid):
        """Run a scheduled action as Odoo's cron worker does, if it is its turn."""
        with self._transaction() as env:
            job_id = env.ref(xmlid).id
        with sql_db.db_connect(self.registry.db_name).cursor() as cr:
            self.registry["ir.cron"]._process_jobs_loop(cr, job_ids=[job_id])

    def call(self, model, method, ids=(), args=(), context=None):
        """Call any method as the superuser, in one transaction, without retry."""
        with self._transaction() as env:
            records = env[model].with_context(**context or {}).browse(ids)
            result = getattr(records, method)(*args)
            return result.ids if isinstance(result, odoo.models.BaseModel) else None

    def press(self, login, model, method, ids):
        """Press a button as a user, the way the web client's request is served."""
        with self._transaction() as env:
            user = env["res.users"].search([("login", "=", login)])
            context = {"allowed_company_ids": user.company_ids.ids, "lang": "en_US"}
            records = env(user=user.id)[model]
            button = functools.partial(
                call_kw, records, method, [ids], {"context": context}
            )
            return bool(retrying(button, records.env))

    def pay(self, email, share):
        """Book a payment of a customer, see `process_world`."""
        with self._transaction() as env:
            process_world.pay(env, email, share)

    def declare(self, kind):
        """Declare something on a customer's page, the way a request is served."""
        with self._transaction() as env:
            declare = functools.partial(process_world.declare, env, kind)
            return retrying(declare, env)

    def build(self, **values):
        """Fill the database with the customers of the stories, see `process_world`."""
        with self._transaction() as env:
            return process_world.build(env, **values)

    def build_services(self, **values):
        """Add customers whose messages services take, see `process_world`."""
        with self._transaction() as env:
            process_world.build_services(env, **values)


class Runner:
    """Takes the orders."""

    def __init__(self, db_name):
        self.db_name = db_name
        Registry(db_name)
        self.results = {}

    def serve(self):
        # No connection may be shared with a fork.
        sql_db.close_all()
        self._answer({"ready": True})
        for line in sys.stdin:
            order = json.loads(line)
            self._answer(getattr(self, order.pop("order"))(**order))

    def _answer(self, values):
        sys.stdout.write(json.dumps(values) + "\n")
        sys.stdout.flush()

    def start(self, task, values, **disturbances):
        """Start a fork; return its process id.

        :param disturbances: see `_disturb`
        """
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(reading)
            self._work(writing, task, values, disturbances)
        os.close(writing)
        self.results[pid] = reading
        return {"pid": pid}

    def wait(self, pid):
        """Wait until a fork stops or ends; return how, and what it returned."""
        deadline = time.monotonic() + PATIENCE
        while True:
            found, status = os.waitpid(pid, os.WNOHANG | os.WUNTRACED)
            if found:
                break
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.01)
        if os.WIFSTOPPED(status):
            return {"stopped": True}
        with open(self.results.pop(pid)) as pipe:
            answer = json.loads(pipe.read() or "{}")
        killed = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        return {"killed": killed, **answer}

    def resume(self, pid):
        """Let a stopped fork go on."""
        os.kill(pid, signal.SIGCONT)
        return {}

    def _disturb(self, registry, trap=None, file_limit=None, attachment_limit=None):
        """Make a fork meet trouble.

        :param trap: see `Traps`
        :param file_limit: bytes that a file may have, as on a disk that is full
        :param attachment_limit: the same, for Odoo's attachments only
        """
        if trap:
            Traps(registry).set(**trap)
        if file_limit:
            _limit_files(file_limit)
        if attachment_limit:
            attachments = registry["ir.attachment"]
            write = attachments._file_write

            def write_limited(*args):
                _limit_files(attachment_limit)
                try:
                    return write(*args)
                finally:
                    _limit_files(resource.RLIM_INFINITY)

            attachments._file_write = write_limited

    def _work(self, writing, task, values, disturbances):
        """Do the task of a fork; never return."""
        odoo.addons.base.models.ir_mail_server.SMTP_TIMEOUT = process_world.SMTP_TIMEOUT
        try:
            fork = Fork(self.db_name)
            self._disturb(fork.registry, **disturbances)
            answer = {"result": getattr(fork, task)(**values)}
        except Exception as error:
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"}
        os.write(writing, json.dumps(answer).encode())
        os._exit(0)


def _limit_files(size):
    """Let the system refuse to write beyond a size, from now on."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def main(settings, db_name):
    config.parse_config(["-c", settings, "-d", db_name, "--no-http"])
    Runner(db_name).serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
