from datetime import timedelta

# Long enough for any holidays of a country.
LONGEST_HOLIDAYS = timedelta(days=30)


class WorkingDays:
    """Working days where customers are: of the calendar of their country, else of the
    company's.

    Days off are cached: messages of one step ask for the same days.
    """

    def __init__(self, env):
        self._env = env
        self._calendars = {}
        self._days_off = {}

    def find_next(self, company, country, day):
        """Return a day, or the first working day after it."""
        return self._find(company, country, day, timedelta(days=1))

    def find_previous(self, company, country, day):
        """Return a day, or the last working day before it."""
        return self._find(company, country, day, timedelta(days=-1))

    def _find(self, company, country, day, step):
        days_off = self._get_days_off(company, country, day)
        found = day
        while found in days_off and abs(found - day) < LONGEST_HOLIDAYS:
            found += step
        return day if found in days_off else found

    def _get_days_off(self, company, country, day):
        key = (company, country, day)
        if key not in self._days_off:
            calendar = self._get_calendar(country) or company
            self._days_off[key] = set(
                calendar._dunning_days_off(
                    day - LONGEST_HOLIDAYS, day + LONGEST_HOLIDAYS
                )
            )
        return self._days_off[key]

    def _get_calendar(self, country):
        if country not in self._calendars:
            calendars = self._env["dunning.country.calendar"]._get_calendars(country)
            self._calendars[country] = calendars.get(country)
        return self._calendars[country]
