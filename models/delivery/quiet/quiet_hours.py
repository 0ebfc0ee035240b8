"""Quiet hours: calls, texts and faxes leave neither at night nor on quiet days."""

from datetime import datetime, time, timedelta

# Longer than any run of holidays.
MAX_DAYS = 30


def get_quiet_end(moment, begins, ends, is_quiet_day):
    """Return the first moment from `moment` on that is not quiet.

    :param moment: local datetime
    :param begins, ends: hours of the quiet time; it may pass midnight (20.0, 8.0), and
        is empty when both are the same
    :param is_quiet_day: function of a date
    :return: local datetime; `moment` itself when it is not quiet

    >>> get_quiet_end(datetime(2026, 3, 4, 21, 30), 20, 8, lambda day: False)
    datetime.datetime(2026, 3, 5, 8, 0)
    >>> get_quiet_end(datetime(2026, 3, 4, 9), 20, 8, lambda day: False)
    datetime.datetime(2026, 3, 4, 9, 0)
    """
    last = moment + timedelta(days=MAX_DAYS)
    while moment < last:
        hour = moment.hour + moment.minute / 60
        tomorrow = _at(moment + timedelta(days=1), 0)
        if is_quiet_day(moment.date()):
            moment = tomorrow
        elif begins > ends and hour >= begins:
            moment = tomorrow
        elif begins > ends and hour < ends or begins <= hour < ends:
            moment = _at(moment, ends)
        else:
            break
    return moment


def _at(moment, hour):
    """Return an hour of the day of a moment; 24 is the next midnight."""
    minutes = round(hour * 60)
    midnight = datetime.combine(moment.date(), time(), tzinfo=moment.tzinfo)
    return midnight + timedelta(minutes=minutes)
