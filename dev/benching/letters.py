"""Measure letters against the floor: a bare wkhtmltopdf call for the same letters.

The floor prints the HTML of the real delivery as one document, and does nothing else:
no rendering of texts and statements, no splitting into letters, no attachments, no
journal.
"""

import statistics
import subprocess
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from . import ledger

COUNT = 200
CLAIMS_PER_CUSTOMER = 10
DAY = date(2026, 3, 4)
RUNS = 3
IBAN = "FR7630006000011234567890189"


def measure(env):
    """Deliver 200 letters of ten open items each, and print the same HTML directly.

    :param env: of a database with the module, that may be filled
    :return: dict: `seconds` and `floor_seconds` (medians), `ratio`, `count`
    """
    actions = _prepare(env)
    html = _compose(env, actions)
    times, floor_times = [], []
    for _run in range(RUNS):
        floor_times.append(_timed(env, lambda: _print(html)))
        times.append(_timed(env, lambda: _deliver(env, actions)))
    seconds, floor_seconds = statistics.median(times), statistics.median(floor_times)
    return {
        "seconds": round(seconds, 3),
        "floor_seconds": round(floor_seconds, 3),
        "ratio": round(seconds / floor_seconds, 2),
        "count": len(actions),
    }


def _prepare(env):
    """Plan and confirm a letter to each customer of a new ledger, then commit.

    The company is paid in euros to an IBAN: each letter has a payment code.
    """
    company = env.company
    company.currency_id = env.ref("base.EUR")
    account = {
        "acc_number": IBAN,
        "partner_id": company.partner_id.id,
        "allow_out_payment": True,
    }
    env["res.partner.bank"].create(account)
    # Only some of the customers of the ledger are due for a step.
    ledger.fill(env, 4 * COUNT * CLAIMS_PER_CUSTOMER, DAY)
    actions = env["dunning.planner"]._plan(env.company, DAY)
    channel = env["dunning.channel.letter"]
    letters = actions.filtered(
        lambda action: action.kind == "reminder" and channel._get_template(action)
    )[:COUNT]
    if len(letters) < COUNT:
        raise SystemExit(f"error: {len(letters)} letters are due, not {COUNT}")
    letters.write({"channel": "letter"})
    letters.write({"state": "scheduled", "scheduled_at": _get_now() - timedelta(1)})
    env.cr.commit()
    env.cr.execute("ANALYZE")  # as in a database in use
    env.cr.commit()
    return letters


def _get_now():
    return datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=UTC).replace(tzinfo=None)


def _compose(env, actions):
    letters = env["dunning.channel.letter"]._compose(
        actions.with_context(dunning_day=DAY)
    )
    return env["dunning.press"]._get_html(letters.values())


def _print(html):
    """Run the program without our options; it waits 0.2 seconds for scripts."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "letters.html"), Path(folder, "letters.pdf")
        source.write_text(html)
        subprocess.run(
            ["wkhtmltopdf", "--quiet", "--page-size", "A4", source, target],
            check=True,
            capture_output=True,
        )


def _deliver(env, actions):
    actions._deliver(_get_now())
    env.flush_all()
    printed = actions.delivery_ids.attachment_id
    if len(printed) != len(actions):
        raise SystemExit(f"error: {len(printed)} letters printed, not {len(actions)}")


def _timed(env, run):
    """Return the seconds of one run, which is rolled back."""
    env.invalidate_all()
    start = time.perf_counter()
    run()
    seconds = time.perf_counter() - start
    env.cr.rollback()
    return seconds
