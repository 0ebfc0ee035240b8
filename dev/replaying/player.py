"""Play the days of a replay one after the other, each with its own clock."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from .desk import EVENING


def play_days(ledger, desk, start, end, disputes=None):
    """Play the days from `start` to `end`; yield each one when it is complete.

    Meanwhile the clock stands in the evening (UTC) of the day played.

    :param ledger: `Ledger`
    :param desk: `Desk`
    :param disputes: `Disputes`, if those of the history are played
    """
    # Moved from day to day: a new clock would take a second each time.
    with freeze_time(start) as clock:
        for number in range((end - start).days + 1):
            day = start + timedelta(days=number)
            clock.move_to(datetime.combine(day, EVENING))
            ledger.open_day(day)
            if disputes:
                disputes.open_day(day)
            desk.work(day)
            yield day
