from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from odoo import models


class ResourceCalendar(models.Model):
    """Days off of a calendar, for companies and countries alike."""

    _inherit = "resource.calendar"

    def _dunning_days_off(self, first, last):
        """Return the days off from `first` to `last`, both included: days without
        attendance, or with a leave of everybody.

        :param first, last: dates
        """
        self.ensure_one()
        zone = ZoneInfo(self.tz or "UTC")
        start = datetime.combine(first, datetime.min.time(), tzinfo=zone)
        end = datetime.combine(last, datetime.max.time(), tzinfo=zone)
        worked = set()
        for begins, ends, _lines in self._work_intervals_batch(start, end)[False]:
            begins, ends = begins.astimezone(zone), ends.astimezone(zone)
            worked |= {begins.date(), (ends - timedelta(microseconds=1)).date()}
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return [day for day in days if day not in worked]

    def _dunning_is_holiday(self, day):
        """Return whether everybody is on leave that day; weekends are no holidays."""
        self.ensure_one()
        weekdays = {int(line.dayofweek) for line in self.attendance_ids}
        return day.weekday() in weekdays and bool(self._dunning_days_off(day, day))
