from datetime import UTC
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from odoo import fields, models

from .quiet_hours import get_quiet_end

SUNDAY = 6


class ResCompany(models.Model):
    """Quiet hours of a company.

    No law sets hours for a creditor's own messages (J19): quiet hours are a policy, on
    until the company decides otherwise.
    """

    _inherit = "res.company"

    dunning_is_quiet = fields.Boolean(
        string="Quiet Hours",
        default=True,
        help="Text messages, calls, voice messages and faxes wait for the end of the "
        "quiet hours in the customer's time zone.",
        groups="base.group_user",
    )
    dunning_quiet_from = fields.Float(
        string="Quiet From",
        default=20.0,
        groups="base.group_user",
    )
    dunning_quiet_until = fields.Float(
        string="Quiet Until",
        default=8.0,
        groups="base.group_user",
    )
    dunning_is_sunday_quiet = fields.Boolean(
        string="Quiet on Sundays",
        default=True,
        help="Sundays, and the public holidays of the customer's country.",
        groups="base.group_user",
    )

    _dunning_quiet_hours = models.Constraint(
        """CHECK (dunning_quiet_from >= 0 AND dunning_quiet_from < 24
                  AND dunning_quiet_until >= 0 AND dunning_quiet_until < 24)""",
        "Enter quiet hours between 0:00 and 23:59.",
    )

    def _dunning_get_ring_times(self, now, customers):
        """Return the end of each customer's quiet hours, at their place."""
        times = super()._dunning_get_ring_times(now, customers)
        self.ensure_one()
        setup = self._dunning_setup_company()
        if not setup.dunning_is_quiet:
            return times
        calendars = self.env["dunning.country.calendar"]._get_calendars(
            customers.country_id
        )
        places = customers.grouped(
            lambda c: (self._dunning_customer_zone(c), calendars.get(c.country_id))
        )
        for (zone, calendar), group in places.items():
            end = get_quiet_end(
                now.replace(tzinfo=UTC).astimezone(zone),
                setup.dunning_quiet_from,
                setup.dunning_quiet_until,
                lambda day, calendar=calendar: setup._dunning_is_quiet_day(
                    day, calendar
                ),
            )
            times |= dict.fromkeys(group, end.astimezone(UTC).replace(tzinfo=None))
        return times

    def _dunning_is_quiet_day(self, day, calendar):
        return self.dunning_is_sunday_quiet and (
            day.weekday() == SUNDAY
            or bool(calendar and calendar._dunning_is_holiday(day))
        )

    def _dunning_customer_zone(self, customer):
        """Return the time zone of a customer, else the company's."""
        try:
            return ZoneInfo(customer.tz) if customer.tz else self._dunning_zone()
        except ZoneInfoNotFoundError:
            return self._dunning_zone()
