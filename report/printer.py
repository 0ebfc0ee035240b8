"""wkhtmltopdf at work: several programs at a time, each with a part of a batch."""

import logging
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from math import ceil
from pathlib import Path

from odoo.addons.base.models.ir_actions_report import _run_wkhtmltopdf

_logger = logging.getLogger(__name__)

# The other cores of a server are for its users.
MOST_PROGRAMS = 2
# Starting a program takes as long as printing this many documents.
FEWEST_DOCUMENTS = 20


class PrintError(Exception):
    """The program did not print."""


def share_out(documents):
    """Cut a list of documents into one part for each program that is worth starting."""
    cores = len(os.sched_getaffinity(0))
    count = min(MOST_PROGRAMS, cores, len(documents) // FEWEST_DOCUMENTS)
    if count < 2:
        return [documents]
    size = ceil(len(documents) / count)
    return [documents[n : n + size] for n in range(0, len(documents), size)]


def print_parts(pages, arguments):
    """Print HTML pages, all at the same time.

    :param pages: list of HTML as text
    :param arguments: of wkhtmltopdf
    :return: list of PDF as bytes
    :raise PrintError: one of them was not printed
    """
    with tempfile.TemporaryDirectory(prefix="dunning_print_") as folder:
        jobs = []
        for number, page in enumerate(pages):
            source = Path(folder, f"{number}.html")
            source.write_text(page, encoding="utf-8")
            jobs.append([*arguments, str(source), str(source.with_suffix(".pdf"))])
        with ThreadPoolExecutor(len(jobs)) as pool:
            return list(pool.map(_print, jobs))


def _print(job):
    process, target = _run_wkhtmltopdf(job), Path(job[-1])
    # 1: something in the page is missing, the rest is printed
    if process.returncode not in (0, 1) or not target.exists():
        raise PrintError(process.stderr[-1000:])
    if process.returncode:
        _logger.warning("wkhtmltopdf: %s", process.stderr)
    return target.read_bytes()
