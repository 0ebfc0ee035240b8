from odoo.tools import format_amount

from .day_format import format_day


class StatementFormat:
    """Amounts and dates in the language of an environment.

    Results are cached: statements of many customers repeat the same amounts and dates.
    """

    def __init__(self, env):
        self._env = env
        self._amounts = {}
        self._dates = {}

    def amount(self, amount, currency):
        """Format an amount without Odoo's invisible joiner after the minus sign, which
        shows as a box in some fonts and spoils copies into a spreadsheet."""
        key = (amount, currency.id)
        if key not in self._amounts:
            text = format_amount(self._env, amount, currency)
            text = text.replace("\N{ZERO WIDTH NO-BREAK SPACE}", "")
            self._amounts[key] = text
        return self._amounts[key]

    def date(self, day):
        """Format a date for a table."""
        if day not in self._dates:
            self._dates[day] = format_day(self._env, day, "short")
        return self._dates[day]
