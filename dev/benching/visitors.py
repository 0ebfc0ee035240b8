"""Visitors of a real server: how fast it shows a page, and twenty of them at once."""

import contextlib
import re
import statistics
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import requests
from devstack.base import LOCAL, LOGS, PYTHON, StackError, free_port
from devstack.odoo import write_config

VISITORS = 20
RUNS = 15
WARM_UP = 4  # of two workers, each with its own caches
SECONDS = 60
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
TOKEN = re.compile(r'name="(token|csrf_token)"[^>]*value="([^"]*)"')


@contextlib.contextmanager
def serve(db):
    """Run a server with two workers on a database, and yield its address."""
    port = free_port()
    config = write_config(
        "bench", db, http_port=port, gevent_port=free_port(), workers=2
    )
    command = [PYTHON, "-m", "odoo", "-c", config, "--max-cron-threads=0"]
    with open(LOGS / "bench.log", "a") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=LOCAL)
    address = f"http://127.0.0.1:{port}"
    try:
        _await(server, address)
        yield address
    finally:
        server.terminate()
        server.wait(SECONDS)


def compare(address, path, login):
    """Return the median seconds of a customer's page and of Odoo's own list of their
    invoices, asked for in turn.

    :param path: of the page
    :param login: name and password of the customer's portal user
    """
    portal = _log_in(address, login)
    visitor = requests.Session()
    times, floor_times = [], []
    for number in range(WARM_UP + RUNS):
        seconds = _time(visitor, address + path)
        floor_seconds = _time(portal, f"{address}/my/invoices")
        if number >= WARM_UP:
            times.append(seconds)
            floor_times.append(floor_seconds)
    return statistics.median(times), statistics.median(floor_times)


def visit_together(address, path):
    """Have visitors open a page at once, then send the same form at once; return the
    number of different pages that their answers lead to.

    :raise StackError: one of them met an error
    """
    with ThreadPoolExecutor(VISITORS) as crowd:
        pages = [*crowd.map(lambda _number: _get(address + path), range(VISITORS))]
        form = {
            "token": _read_token(pages[0].text, "token"),
            "kind": "question",
            "question_text": "May I pay in two parts?",
        }
        sent = crowd.map(
            lambda _number: requests.post(
                f"{address}{path}/answer", data=form, headers=BROWSER, timeout=SECONDS
            ),
            range(VISITORS),
        )
        return len({_check(answer).url for answer in sent})


def _log_in(address, login):
    """Return a session of the customer's portal user."""
    session = requests.Session()
    page = session.get(f"{address}/web/login", timeout=SECONDS)
    data = {
        "csrf_token": _read_token(page.text, "csrf_token"),
        "login": login,
        "password": login,
    }
    _check(session.post(f"{address}/web/login", data=data, timeout=SECONDS))
    return session


def _read_token(text, name):
    return dict(TOKEN.findall(text))[name]


def _time(session, url):
    start = time.perf_counter()
    _check(session.get(url, headers=BROWSER, timeout=SECONDS))
    return time.perf_counter() - start


def _get(url):
    return _check(requests.get(url, headers=BROWSER, timeout=SECONDS))


def _check(answer):
    if answer.status_code != requests.codes.ok:
        raise StackError(f"{answer.url} answers {answer.status_code}.")
    return answer


def _await(server, address):
    """Wait until a server answers."""
    for _attempt in range(2 * SECONDS):
        if server.poll() is not None:
            break
        try:
            requests.get(f"{address}/web/login", timeout=SECONDS)
        except requests.ConnectionError:
            time.sleep(0.5)
        else:
            return
    raise StackError("The server did not start, see .local/log/bench.log.")
