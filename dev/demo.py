"""Make a demo database, run today's scheduled actions, report the results, and serve
the web client."""

import argparse
import datetime
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request

import stack
from demo_report import Report
from demo_rows import add_actions
from demo_sink import Sink
from devstack.base import LOCAL, LOGS, PYTHON, lock, say
from devstack.demodb import ensure_demo_database
from devstack.odoo import NOWHERE, write_config

MAILS = LOCAL / "mail"
LETTERS = LOCAL / "letters"
SENDER = "accounting@dunning.example"
TO_CONFIRM = [("state", "=", "to_confirm")]
SCHEDULED = [("state", "=", "scheduled")]
OUTGOING = [("state", "=", "outgoing")]


def main():
    """Run the demo from set-up to the end of the web client."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", type=int, default=1, help="0: stop after printing")
    parser.add_argument("--rows", type=int, default=0, help="actions wanted for today")
    parser.add_argument(
        "--desk", action="store_true", help="leave what is to be confirmed on the desk"
    )
    options = parser.parse_args()
    stack.ensure(with_template=False)
    db = ensure_demo()
    port = stack.free_port()
    with Sink(MAILS) as sink:
        settings = server_settings(port, sink.port)
        # wkhtmltopdf fetches the style sheets from the server.
        with Server(db, port, {**settings, "max_cron_threads": 0}):
            report = play(db, port, settings, options)
        print(report.text(), flush=True)
        if not report.is_complete():
            sys.exit("error: some messages did not arrive, see above.")
        if options.serve:
            serve(db, port, settings)


def ensure_demo():
    """Make a fresh demo database and empty folders for mails and letters.

    :return: name of the database
    """
    with lock():
        db = ensure_demo_database()
    for folder in (MAILS, LETTERS):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    return db


def server_settings(port, smtp_port):
    """Return settings under which nothing can leave the machine."""
    return {
        "http_port": port,
        "smtp_server": "127.0.0.1",
        "smtp_port": smtp_port,
        "email_from": SENDER,
        "dbfilter": f"^{stack.database('demo')}$",
        "publisher_warranty_url": NOWHERE,
        "workers": 0,
        "log_level": "warn",
    }


def play(db, port, settings, options):
    """Plan, confirm what is ticked, deliver and send, by the real scheduled actions.

    :param options: `rows`: actions wanted for today; `desk`: confirm nothing
    :return: the report on the results
    """
    settings = {**settings, "max_cron_threads": 0, "http_enable": False}
    with stack.odoo_env(db, **settings) as env:
        parameters = env["ir.config_parameter"]
        for key in ("web.base.url", "report.url"):
            parameters.set_param(key, f"http://127.0.0.1:{port}")
        parameters.set_param("web.base.url.freeze", "True")
        # Letters have no scripts to wait for.
        parameters.set_param("report.print_delay", "50")
        known = env["dunning.delivery"].search([])
        history = env["dunning.action"].search([])
        say("planning today")
        run_cron(env, "ir_cron_plan_actions")
        if options.rows:
            add_actions(env, options.rows, history)
            run_cron(env, "ir_cron_plan_actions")
        actions = env["dunning.action"]
        if not options.desk:
            actions.search([*TO_CONFIRM, ("is_ticked", "=", True)]).action_confirm()
        # The demo does not wait for the hour of the steps.
        actions.search(SCHEDULED).scheduled_at = now()
        say("delivering")
        run_cron(env, "ir_cron_deliver_actions", actions, SCHEDULED)
        run_cron(env, "ir_cron_submit_messages")
        mails = env["mail.mail"]
        run_cron(env, "mail.ir_cron_mail_scheduler_action", mails, OUTGOING)
        # The next run processes the results of the mail server.
        run_cron(env, "ir_cron_deliver_actions")
        return Report(env, known, MAILS, LETTERS)


def run_cron(env, xmlid, model=None, domain=None):
    """Run a scheduled action like its own button does, until its queue is empty."""
    cron = env.ref(xmlid if "." in xmlid else f"account_dunning_scenario.{xmlid}")
    left = None
    while True:
        env.flush_all()
        env.cr.commit()
        cron.method_direct_trigger()
        env.cr.commit()
        env.invalidate_all()
        if cron.failure_count:
            raise stack.StackError(f"The scheduled action “{cron.name}” failed.")
        before, left = left, model.search_count(domain) if domain else 0
        if not left or left == before:
            return


def now():
    """Return the present time as Odoo stores it."""
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None, microsecond=0)


def serve(db, port, settings):
    """Serve the web client until the user interrupts."""
    with Server(db, port, settings) as server:
        print(
            f"\nWeb client: http://127.0.0.1:{port}/odoo  user: admin  password: admin"
            "\n(a user with few rights: demo / demo)  Stop with Ctrl-C.",
            flush=True,
        )
        server.wait()


class Server:
    """Odoo server in a separate process, from its first answer to its end."""

    def __init__(self, db, port, settings):
        self.port = port
        self.config = write_config("demo", db, **settings)

    def __enter__(self):
        LOGS.mkdir(exist_ok=True)
        # A second barrier: all HTTP requests to the outside go to a closed port. In
        # capitals only: wkhtmltopdf reads the lower-case names, and knows no
        # exceptions.
        fence = {"HTTP_PROXY": NOWHERE, "HTTPS_PROXY": NOWHERE, "NO_PROXY": "127.0.0.1"}
        with open(LOGS / "demo.log", "a") as log:
            self.process = subprocess.Popen(
                [PYTHON, "-m", "odoo", "-c", self.config],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env={**os.environ, **fence},
                cwd=LOCAL,
            )
        (LOCAL / "demo.pid").write_text(f"{self.process.pid}\n{self.config}")
        try:
            self._await()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_details):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        (LOCAL / "demo.pid").unlink(missing_ok=True)

    def wait(self):
        """Wait until the server ends by itself or the user interrupts."""
        try:
            self.process.wait()
        except KeyboardInterrupt:
            print()

    def _await(self):
        address = f"http://127.0.0.1:{self.port}/web/login"
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        for _attempt in range(240):
            if self.process.poll() is not None:
                break
            try:
                opener.open(address, timeout=60).close()
                return
            except OSError:
                time.sleep(0.5)
        raise stack.StackError("The web server did not start, see .local/log/demo.log.")


if __name__ == "__main__":
    # The process ends alike by a script or by Ctrl-C: nothing keeps running.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        main()
    except stack.StackError as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
