from datetime import UTC, datetime, time, timedelta

from odoo import models
from odoo.fields import Command

from ...setup.guard.guard import by_code

# Hours of the company at which a visit may start, and how long it takes.
HOURS = (10, 14, 16)
LENGTH = timedelta(hours=1)
# A visit is proposed at least so many working days ahead, on one of so many days.
FIRST_DAY = 2
DAYS = 5


class DunningMeeting(models.AbstractModel):
    """Propose visits in Odoo's calendar where that module is installed.

    The module is not needed: without it, a visit is a task with a day. The meeting is
    linked to the task as Odoo's own are, so that moving one moves the other. The
    customer is not invited: the visitor agrees on the hour with them first.
    """

    _name = "dunning.meeting"
    _description = "Follow-Up Meeting"

    def _has_calendar(self):
        return "calendar.event" in self.env.registry

    def _propose(self, deliveries, now):
        """Give the tasks of visits a day to come and, where there is a calendar, a free
        hour of their user.

        :param deliveries: dunning.delivery of one company, with their tasks
        :param now: datetime (UTC) of the run
        """
        if not deliveries:
            return
        company = deliveries.company_id
        days = self._get_days(company, company._dunning_today(now))
        if not self._has_calendar():
            deliveries.activity_id.date_deadline = days[0]
            return
        slots = self._get_slots(company, days)
        taken = self._get_taken(deliveries.activity_id.user_id, slots)
        chosen = {}
        for delivery in deliveries:
            busy = taken.setdefault(delivery.activity_id.user_id, [])
            free = (slot for slot in slots if not self._is_taken(slot, busy))
            chosen[delivery] = next(free, slots[-1])
            busy.append((chosen[delivery], chosen[delivery] + LENGTH))
        self._create_meetings(chosen)

    def _get_days(self, company, today):
        days = [company._dunning_add_working_days(today, FIRST_DAY)]
        for _number in range(1, DAYS):
            days.append(company._dunning_add_working_days(days[-1], 1))
        return days

    def _get_slots(self, company, days):
        """Return the moments (UTC) at which a visit may start, earliest first."""
        zone = company._dunning_zone()
        moments = [
            datetime.combine(day, time(hour), tzinfo=zone)
            for day in days
            for hour in HOURS
        ]
        return [moment.astimezone(UTC).replace(tzinfo=None) for moment in moments]

    def _get_taken(self, users, slots):
        """Return {user: [(start, stop)]} of the busy times in their calendars."""
        # sudo: only the busy times are used
        events_sudo = (
            self.env["calendar.event"]
            .sudo()
            .search(
                [
                    ("partner_ids", "in", users.partner_id.ids),
                    ("start", "<", slots[-1] + LENGTH),
                    ("stop", ">", slots[0]),
                    ("show_as", "=", "busy"),
                ]
            )
        )
        return {
            user: [
                (event.start, event.stop)
                for event in events_sudo
                if user.partner_id in event.partner_ids
            ]
            for user in users
        }

    def _is_taken(self, slot, busy):
        return any(start < slot + LENGTH and stop > slot for start, stop in busy)

    def _create_meetings(self, chosen):
        """Create a meeting per visit, linked to its task. It states what the customer
        owes and calendars are open to all colleagues, hence it is private: they see
        only a busy hour.

        :param chosen: {dunning.delivery: datetime (UTC)}
        """
        # sudo: the user who sends visits may not write the visitors' calendars
        events_sudo = by_code(self.env["calendar.event"].sudo())
        # No mail is sent, least of all to the customer.
        quiet = events_sudo.with_context(
            no_mail_to_attendees=True, dont_notify=True, mail_create_nolog=True
        )
        quiet.create(
            [
                {
                    "name": delivery.activity_id.summary,
                    "description": delivery.activity_id.note,
                    "privacy": "private",
                    "location": delivery.address,
                    "start": start,
                    "stop": start + LENGTH,
                    "user_id": delivery.activity_id.user_id.id,
                    "partner_ids": delivery.activity_id.user_id.partner_id.ids,
                    "res_model_id": self.env["ir.model"]._get_id("dunning.action"),
                    "res_id": delivery.action_id.id,
                    "activity_ids": [Command.set(delivery.activity_id.ids)],
                }
                for delivery, start in chosen.items()
            ]
        )
        for delivery, start in chosen.items():
            zone = delivery.company_id._dunning_zone()
            local = start.replace(tzinfo=UTC).astimezone(zone)
            delivery.activity_id.date_deadline = local.date()

    def _withdraw(self, activities):
        """Delete the meetings of these tasks from the calendar."""
        if self._has_calendar() and activities:
            # sudo: as in `_create_meetings`; the task is taken away by its channel
            events_sudo = activities.sudo().calendar_event_id
            activities.sudo().calendar_event_id = False
            events_sudo.unlink()
