"""Measure e-mails and calls against the time that Odoo itself takes.

Both floors do the unavoidable work for the same actions: Odoo renders the same text and
queues the mails, Odoo creates the activities. The rest is the module's: checking the
claims again, choosing recipients, the journal of deliveries, layout, links and figures.
"""

import statistics
import time
from datetime import date, datetime

from odoo.addons.account_dunning_scenario.models.setup.guard.guard import SEAL

from . import ledger

COUNT = 500
RUNS = 5
DAY = date(2026, 3, 4)
NOW = datetime(2026, 3, 4, 12)
STEP = "account_dunning_scenario.dunning_step_standard_reminder_1"
CALL = "account_dunning_scenario.mail_activity_type_call"


def measure_emails(env):
    """Deliver by e-mail; the floor is `send_mail_batch` of the same template."""
    actions = _prepare(env, "email")
    template = actions.step_id.mail_template_id.with_context(dunning_day=DAY)
    return _compare(env, actions, lambda: template.send_mail_batch(actions.ids))


def measure_calls(env):
    """Deliver by phone; the floor is `activity_schedule` of activities with the note of
    the first call, without the mail to the user."""
    actions = _prepare(env, "phone")
    deliver(actions)
    call = actions[:1].activity_ids
    values = {
        "date_deadline": DAY,
        "summary": call.summary,
        "note": call.note,
        "user_id": call.user_id.id,
    }
    env.cr.rollback()
    floor = actions.with_context(mail_activity_quick_update=True)
    return _compare(env, actions, lambda: floor.activity_schedule(CALL, **values))


def _prepare(env, channel):
    """Return COUNT scheduled actions of customers with ten open invoices each."""
    ledger.fill(env, COUNT * 10, DAY)
    actions = env["dunning.planner"]._plan(env.company, DAY)
    if len(actions) < COUNT:
        raise SystemExit(f"error: {len(actions)} actions are planned, not {COUNT}")
    actions = actions[:COUNT]
    schedule(env, actions, channel)
    return actions


def schedule(env, actions, channel):
    """Make actions due by a channel, then commit."""
    step = env.ref(STEP)
    actions.write(
        {
            "channel": channel,
            "collector_id": env.ref("base.user_admin").id,
            "scheduled_at": NOW,
            "state": "scheduled",
            "step_id": step.id,
        }
    )
    step.with_context(dunning_in_place=SEAL).channel = channel
    env.cr.commit()


def _compare(env, actions, run_floor):
    """Run floor and delivery in turn, each rolled back; return the medians."""
    floor_times, times = [], []
    for _run in range(RUNS):
        floor_times.append(_timed(env, run_floor))
        times.append(_timed(env, lambda: deliver(actions)))
    seconds, floor_seconds = statistics.median(times), statistics.median(floor_times)
    return {
        "count": len(actions),
        "seconds": round(seconds, 3),
        "floor_seconds": round(floor_seconds, 3),
        "ratio": round(seconds / floor_seconds, 2),
    }


def deliver(actions):
    """Deliver actions, all of them."""
    taken = actions._deliver(NOW)
    done = taken.filtered(lambda a: a.state in ("done", "in_progress"))
    if len(done) != len(actions):
        raise SystemExit(f"error: {len(done)} of {len(actions)} actions were delivered")


def _timed(env, run):
    env.invalidate_all()
    start = time.perf_counter()
    run()
    env.flush_all()
    seconds = time.perf_counter() - start
    env.cr.rollback()
    return seconds
