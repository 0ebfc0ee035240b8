"""Run wkhtmltopdf: several programs at a time, each with a part of a batch.

The program fetches nothing: its pages need nothing, and its options forbid it.
"""

import logging
import os
import signal
import subprocess
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from math import ceil
from pathlib import Path

from odoo.addons.base.models.ir_actions_report import _wkhtml

from .self_contained import make_self_contained

_logger = logging.getLogger(__name__)

# The other cores of a server are left to its users.
MOST_PROGRAMS = 2
# Starting a program takes as long as printing this number of documents.
FEWEST_DOCUMENTS = 20
# Time limit of a program in seconds, and the addition per 100 KB of its page: many
# times what a busy server needs, a tenth of a second per letter.
TIME_LIMIT = 60
TIME_PER_SIZE = 5
# No server answers there, should a page fetch something after all.
NOWHERE = "http://127.0.0.1:9"
CLOSED = ("--disable-local-file-access", "--disable-javascript", "--proxy", NOWHERE)


class PrintError(Exception):
    """Error: the program did not print."""


class PrintTimeout(PrintError):
    """Error: the program took too long."""


def share_out(documents):
    """Split a list of documents into one part for each program worth starting."""
    cores = len(os.sched_getaffinity(0))
    count = min(MOST_PROGRAMS, cores, len(documents) // FEWEST_DOCUMENTS)
    if count < 2:
        return [documents]
    size = ceil(len(documents) / count)
    return [documents[n : n + size] for n in range(0, len(documents), size)]


def print_parts(pages, arguments, style=""):
    """Print HTML pages, all at the same time, without fetching anything.

    :param pages: list of HTML as text
    :param arguments: of wkhtmltopdf
    :param style: CSS for all of them
    :return: list of PDF as bytes
    :raise PrintError: a page was not printed
    """
    with tempfile.TemporaryDirectory(prefix="dunning_print_") as folder:
        jobs = []
        for number, page in enumerate(pages):
            source = Path(folder, f"{number}.html")
            source.write_text(make_self_contained(page, style), encoding="utf-8")
            target = source.with_suffix(".pdf")
            jobs.append([*arguments, *_get_closing(), str(source), str(target)])
        with ThreadPoolExecutor(len(jobs)) as pool:
            return list(pool.map(_print, jobs))


def _get_closing():
    """Return the arguments that forbid fetching."""
    # Option of the patched Qt only: without the patches there are no links to disable.
    links = ("--disable-external-links",) if _wkhtml().is_patched_qt else ()
    return CLOSED + links


def _print(job):
    process, target = _run_wkhtmltopdf(job), Path(job[-1])
    # 1: a part of the page is missing, the rest is printed
    if process.returncode not in (0, 1) or not target.exists():
        raise PrintError(process.stderr[-1000:])
    if process.returncode:
        _logger.warning("wkhtmltopdf: %s", process.stderr)
    return target.read_bytes()


def _run_wkhtmltopdf(job):
    """Run the program, and make sure that none of its processes stays.

    Odoo's own function has no time limit.

    :raise PrintTimeout: the program took too long
    """
    limit = TIME_LIMIT + TIME_PER_SIZE * Path(job[-2]).stat().st_size / 100_000
    process = subprocess.Popen(
        [_wkhtml().bin, *job],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    is_late = threading.Event()
    alarm = threading.Timer(limit, _stop_late, (process, is_late))
    alarm.start()
    try:
        _output, errors = process.communicate()
    finally:
        alarm.cancel()
        _end(process)
    if is_late.is_set():
        raise PrintTimeout(f"not printed within {limit:.0f} s")
    return subprocess.CompletedProcess(job, process.returncode, "", errors)


def _stop_late(process, is_late):
    is_late.set()
    _kill(process)


def _end(process):
    """Stop a program and its child processes, and wait for its end."""
    _kill(process)
    process.wait()
    process.stderr.close()


def _kill(process):
    with suppress(ProcessLookupError):  # all processes have ended
        os.killpg(process.pid, signal.SIGKILL)
