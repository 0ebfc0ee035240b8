"""Measure a few claims in ledgers of any size: checks, e-mails, payments.

The sizes are measured in turn, in separate databases, and the least of several runs is
kept: the load of the machine affects all of them alike.
"""

import time
from unittest.mock import patch

from . import deliveries, ledger

BATCH = 50
BATCHES = 4
CHECK_RUNS = 15
MAIL_RUNS = 6
PAYMENT_RUNS = 8


def measure_checks(envs):
    """Return {size: least ms of checking fifty waiting lines again}.

    :param envs: {number of open claims: environment}, filled by `prepare`
    """
    return _measure(envs, CHECK_RUNS, _check)


def measure_mails(envs):
    """Return {size: least ms per mail of e-mails that leave in batches of fifty}."""
    return _measure(envs, MAIL_RUNS, _mail)


def measure_payments(envs):
    """Return {size: least seconds of registering the payment of an item in an action,
    divided by the least seconds without the follow-up's part}."""
    with_ours, without = {}, {}
    for size, env in envs.items():
        # In turn, so that neither profits from a quieter machine.
        seconds = [_pay_both(env) for _run in range(PAYMENT_RUNS + 1)][1:]
        with_ours[size], without[size] = map(min, zip(*seconds, strict=True))
    return {size: round(with_ours[size] / without[size], 2) for size in envs}


def prepare(env, claims):
    """Fill the ledger, and schedule all due actions to leave by e-mail."""
    ledger.fill(env, claims, deliveries.DAY)
    actions = env["dunning.planner"]._plan(env.company, deliveries.DAY)
    deliveries.schedule(env, actions, "email")


def _measure(envs, runs, run):
    least = dict.fromkeys(envs, float("inf"))
    # The first round fills caches.
    for number in range(runs + 1):
        for size, env in envs.items():
            seconds = _timed(env, run)
            if number:
                least[size] = min(least[size], seconds)
    return {size: round(seconds * 1000, 2) for size, seconds in least.items()}


def _timed(env, run):
    env.invalidate_all()
    seconds = run(env)
    env.cr.rollback()
    return seconds


def _check(env):
    domain = [("state", "=", "open")]
    lines = env["dunning.action.line"].search(domain, order="id", limit=BATCH)
    lines.fetch(["company_id", "partner_id", "move_line_id"])
    start = time.perf_counter()
    env["dunning.planner"]._drop_obsolete(env.company, deliveries.DAY, lines)
    env.flush_all()
    return time.perf_counter() - start


def _mail(env):
    """Return the seconds per mail."""
    domain = [("state", "=", "scheduled")]
    ids = env["dunning.action"].search(domain, order="id", limit=BATCH * BATCHES).ids
    start = time.perf_counter()
    for first in range(0, len(ids), BATCH):
        deliveries.deliver(env["dunning.action"].browse(ids[first : first + BATCH]))
        env.flush_all()
    return (time.perf_counter() - start) / len(ids)


def _pay_both(env):
    """Return the seconds of a payment with and without the follow-up's part."""
    seconds = _timed(env, _pay)
    checks = env.registry["dunning.pending.check"]
    with patch.object(checks, "_put_off", lambda *_args: None):
        return seconds, _timed(env, _pay)


def _pay(env):
    domain = [("state", "=", "open")]
    line = env["dunning.action.line"].search(domain, order="id", limit=1)
    wizard = (
        env["account.payment.register"]
        .with_context(active_model="account.move", active_ids=line.move_id.ids)
        .create({"payment_date": deliveries.DAY})
    )
    journal = wizard.journal_id
    methods = journal.inbound_payment_method_line_ids
    methods.payment_account_id = journal.default_account_id
    env.cr.flush()
    start = time.perf_counter()
    wizard.action_create_payments()
    env.cr.flush()
    return time.perf_counter() - start
