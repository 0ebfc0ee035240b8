import atexit
import contextlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from odoo import sql_db
from odoo.tests import BaseCase
from odoo.tests.common import get_db_name
from odoo.tools import SQL, config
from odoo.tools.misc import exec_pg_environ, find_pg_tool

from .process_post_office import PostOffice

RUNNER = Path(__file__).with_name("process_runner.py")
JOBS = {
    "plan": "account_dunning_scenario.ir_cron_plan_actions",
    "deliver": "account_dunning_scenario.ir_cron_deliver_actions",
    "post": "mail.ir_cron_mail_scheduler_action",
    "submit": "account_dunning_scenario.ir_cron_submit_messages",
    "poll": "account_dunning_scenario.ir_cron_poll_messages",
    "sms": "sms.ir_cron_sms_scheduler_action",
}
CUSTOMERS = 200
SETTINGS = (
    "addons_path data_dir db_host db_port db_user db_password db_sslmode pg_path"
).split()


def free_port():
    """Return a free TCP port outside of the range for outgoing connections."""
    while True:
        port = random.randrange(20_000, 32_000)  # below the system's range
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Database:
    """A database with its filestore, apart from the database under test."""

    def __init__(self, name):
        self.name = name
        self.files = Path(config.filestore(name))

    def copy_live(self, source):
        """Copy the committed data of a database in use."""
        self.drop()
        self._administer(SQL("CREATE DATABASE %s", SQL.identifier(self.name)))
        with tempfile.NamedTemporaryFile() as dump:
            self._run("pg_dump", "-Fc", "-Z0", "-f", dump.name, source)
            self._run("pg_restore", "-j2", "--no-owner", "-d", self.name, dump.name)
        self._copy_files(Path(config.filestore(source)))

    def clone(self, source):
        """Copy a database without connections."""
        self.drop()
        source.disconnect()
        self._administer(
            SQL(
                "CREATE DATABASE %s TEMPLATE %s",
                SQL.identifier(self.name),
                SQL.identifier(source.name),
            )
        )
        self._copy_files(source.files)

    def drop(self):
        self.disconnect()
        self._administer(
            SQL("DROP DATABASE IF EXISTS %s WITH (FORCE)", SQL.identifier(self.name))
        )
        shutil.rmtree(self.files, ignore_errors=True)

    def disconnect(self):
        sql_db.close_db(self.name)

    def execute(self, query, *args):
        """Run a statement in a separate transaction; return its rows as dicts."""
        with sql_db.db_connect(self.name).cursor() as cr:
            cr.execute(SQL(query, *args))
            return cr.dictfetchall() if cr.description else []

    def _administer(self, statement):
        with contextlib.closing(sql_db.db_connect("postgres").cursor()) as cr:
            cr._cnx.autocommit = True  # databases cannot be made in transactions
            cr.execute(statement)

    def _run(self, tool, *arguments):
        command = [find_pg_tool(tool), *arguments]
        subprocess.run(command, check=True, env=exec_pg_environ(), capture_output=True)

    def _copy_files(self, source):
        if source.exists():
            shutil.copytree(source, self.files, copy_function=os.link)


class Workshop:
    """The databases shared by the tests, and the runner on one of them.

    Made for the first test that needs it, from a copy of the database under test;
    removed at the end of the tests, or by the next run if they were killed. The runner
    lives as long as a test class: Odoo ends the child processes of a class itself.
    """

    _instance = None

    @classmethod
    def get(cls):
        if not cls._instance:
            cls._instance = cls()
            atexit.register(cls._instance.remove)
        return cls._instance

    def __init__(self):
        source = get_db_name()
        self.source = source
        self.story = Database(f"{source}_story")
        self.snapshots = {}
        self.folder = Path(tempfile.mkdtemp(prefix="dunning_processes_"))
        self.log = self.folder / "runner.log"
        self.port = free_port()
        self.runner = None

    def open(self):
        """Start the runner; the first time, make the customers of the tests."""
        if self.snapshots:
            self._start_runner()
        else:
            self.story.copy_live(self.source)
            self._start_runner()
            self.run("build", port=self.port, customers=CUSTOMERS)
            self.keep("late")

    def close(self):
        """Stop the runner and its processes."""
        if self.runner:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.runner.pid, signal.SIGKILL)
            self.runner.communicate()
            self.runner = None

    def remove(self):
        self.close()
        for database in (self.story, *self.snapshots.values()):
            database.drop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def keep(self, name):
        """Keep the test's database as a snapshot to start others from."""
        snapshot = Database(f"{self.story.name}_{name}")
        snapshot.clone(self.story)
        self.snapshots[name] = snapshot

    # ---- runner ----------------------------------------------------------------------

    def order(self, order, **values):
        """Send an order to the runner and return its answer."""
        self.runner.stdin.write(json.dumps({"order": order, **values}) + "\n")
        self.runner.stdin.flush()
        return self._read()

    def run(self, task, **values):
        """Run a task in a fork to its end and return its result."""
        pid = self.order("start", task=task, values=values)["pid"]
        answer = self.order("wait", pid=pid)
        if "result" not in answer:
            raise RuntimeError(f"{task}: {answer}\n{self._get_last_lines()}")
        return answer["result"]

    def neutralize(self):
        """Neutralize the test's database from the command line, like an
        administrator."""
        command = [sys.executable, "-m", "odoo", "neutralize", "-d", self.story.name]
        command += ["-c", str(self.folder / "odoo.conf")]
        subprocess.run(command, check=True, env=self._environ(), capture_output=True)

    def _environ(self):
        paths = os.pathsep.join(path for path in sys.path if path)
        return {**os.environ, "PYTHONPATH": paths, "TMPDIR": str(self.folder / "tmp")}

    def _start_runner(self):
        settings = self.folder / "odoo.conf"
        settings.touch(mode=0o600)
        settings.write_text("\n".join(["[options]", *self._get_settings(), ""]))
        (self.folder / "tmp").mkdir(exist_ok=True)
        with self.log.open("w") as log:
            self.runner = subprocess.Popen(
                [sys.executable, RUNNER, settings, self.story.name],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                # Killed processes leave files and programs behind: here they are found.
                start_new_session=True,
                env=self._environ(),
            )
        self._read()

    def _get_settings(self):
        for name in SETTINGS:
            value = config[name]
            if value:
                text = ",".join(value) if isinstance(value, list) else value
                yield f"{name} = {text}"

    def _read(self):
        line = self.runner.stdout.readline()
        if not line:
            raise RuntimeError(f"The runner died:\n{self._get_last_lines()}")
        return json.loads(line)

    def _get_last_lines(self, count=40):
        return "\n".join(self.log.read_text().splitlines()[-count:])


class ProcessCase(BaseCase):
    """Tests with real processes on a separate database, see `process_world`.

    A test starts `from_` a state of that world, made by the real jobs: `late` (nothing
    planned yet), `planned` (scheduled), `queued` (e-mails in Odoo's queue).
    """

    from_ = "planned"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.workshop = Workshop.get()
        cls.addClassCleanup(cls.workshop.close)
        cls.workshop.open()
        cls.story = cls.workshop.story

    def setUp(self):
        super().setUp()
        self._prepare(self.from_)
        self.post_office = PostOffice(self.workshop.port).open()
        self.addCleanup(self.post_office.close)

    def _prepare(self, state):
        """Bring the test's database into a state, by its snapshot or by the jobs."""
        if state not in self.workshop.snapshots:
            before, job = {
                "planned": ("late", "plan"),
                "queued": ("planned", "deliver"),
            }[state]
            self._prepare(before)
            self._do_job(job)
            self.workshop.keep(state)
        else:
            self.story.clone(self.workshop.snapshots[state])

    # ---- processes -----------------------------------------------------------------

    def _start(
        self, task, *, trap=None, file_limit=None, attachment_limit=None, **values
    ):
        """Start a process, see `process_runner`; return its id. It is ended with the
        test."""
        pid = self.workshop.order(
            "start",
            task=task,
            values=values,
            trap=trap,
            file_limit=file_limit,
            attachment_limit=attachment_limit,
        )["pid"]
        self.addCleanup(self._end, pid)
        return pid

    def _end(self, pid):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self._wait(pid)

    def _wait(self, pid):
        return self.workshop.order("wait", pid=pid)

    def _resume(self, pid):
        self.workshop.order("resume", pid=pid)

    def _do_job(self, job, **options):
        """Run the scheduled action to its end or into the trap."""
        return self._wait(self._start_job(job, **options))

    def _start_job(self, job, **options):
        self.story.execute(
            "UPDATE ir_cron SET nextcall = now() AT TIME ZONE 'UTC' - interval '1 min'"
            " WHERE id = (SELECT res_id FROM ir_model_data"
            "              WHERE module || '.' || name = %s)",
            JOBS[job],
        )
        return self._start("job", xmlid=JOBS[job], **options)

    def _post_again(self):
        """Advance the clock until the deferred mails are due, and run the queue."""
        self.story.execute(
            "UPDATE mail_mail SET scheduled_date = now() AT TIME ZONE 'UTC'"
            " WHERE state = 'outgoing'"
        )
        self._do_job("post")

    def _kill(self, job, at, call=1, after=False):
        """Kill a scheduled action at a certain point (see `process_runner.Traps`)."""
        trap = {"at": at, "signal": "SIGKILL", "call": call, "after": after}
        answer = self._do_job(job, trap=trap)
        self.assertEqual(answer, {"killed": signal.SIGKILL}, "it was not killed there")

    def _stop(self, task, at, call=1, after=False, **values):
        """Start a task that halts at a certain point; return its process id."""
        trap = {"at": at, "signal": "SIGSTOP", "call": call, "after": after}
        start = self._start_job if task in JOBS else self._start
        pid = start(task, trap=trap, **values)
        self.assertEqual(self._wait(pid), {"stopped": True}, "it was not stopped there")
        return pid

    # ---- results ---------------------------------------------------------------------

    def _get_states(self, channel):
        """Return the number of actions of a channel by state."""
        rows = self.story.execute(
            "SELECT state, COUNT(*) AS count FROM dunning_action WHERE channel = %s"
            " GROUP BY state",
            channel,
        )
        return {row["state"]: row["count"] for row in rows}

    def assertPerformedOnce(self, channel, count):
        """Assert that each customer of a channel was contacted once, with one trace."""
        self.assertEqual(self._get_states(channel), {"done": count})
        rows = self.story.execute(
            """SELECT action.partner_id,
                      (SELECT COUNT(*) FROM dunning_action_line line
                        WHERE line.action_id = action.id AND line.state = 'done'
                      ) AS lines,
                      COUNT(delivery.id) AS deliveries,
                      (SELECT COUNT(*) FROM mail_message message
                        WHERE message.model = 'dunning.action'
                          AND message.res_id = action.id
                          AND message.id = ANY(ARRAY_AGG(delivery.mail_message_id))
                      ) AS traces
                 FROM dunning_action action
            LEFT JOIN dunning_delivery delivery ON delivery.action_id = action.id
                WHERE action.channel = %s
             GROUP BY action.id""",
            channel,
        )
        self.assertEqual(len({row["partner_id"] for row in rows}), count)
        for row in rows:
            self.assertEqual(
                (row["lines"], row["deliveries"], row["traces"]), (1, 1, 1)
            )

    def assertPlannedOnce(self, channel, count):
        """Assert that each claim of a channel waits in one action."""
        self.assertEqual(self._get_states(channel), {"scheduled": count})
        rows = self.story.execute(
            "SELECT DISTINCT line.move_line_id FROM dunning_action_line line"
            " JOIN dunning_action action ON action.id = line.action_id"
            " WHERE action.channel = %s AND line.state = 'open'",
            channel,
        )
        self.assertEqual(len(rows), count)

    def assertQueuedOnce(self, count):
        """Assert that the queue holds one mail for each customer, under one id each."""
        mails = self.story.execute(
            "SELECT message.res_id, message.message_id FROM mail_mail mail"
            " JOIN mail_message message ON message.id = mail.mail_message_id"
            " WHERE mail.state = 'outgoing'"
        )
        self.assertEqual(len(mails), count)
        self.assertEqual(len({mail["res_id"] for mail in mails}), count)
        self.assertEqual(len({mail["message_id"] for mail in mails}), count)

    def assertReceivedOnce(self, count):
        """Assert that the mail server took one message for each customer."""
        counts = self.post_office.get_counts()
        self.assertEqual(len(counts), count)
        self.assertFalse([to for to, number in counts.items() if number > 1])
