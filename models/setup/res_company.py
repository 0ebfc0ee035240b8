from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from odoo import fields, models

# Fields that decide whether a company is live.
SWITCHES = {"dunning_is_live", "dunning_is_own_setup", "parent_id"}
# Longest run of days off, in days, searched for the next working day.
MAX_DAYS_OFF = 30
# Working hours of a company without a calendar.
USUAL_HOURS = range(8, 18)


class ResCompany(models.Model):
    """Follow-up set-up of a company; a branch uses its parent's unless it has one of
    its own."""

    _inherit = "res.company"

    dunning_collector_id = fields.Many2one(
        comodel_name="res.users",
        string="Default Collector",
        index="btree_not_null",
        help="Follows up the customers that have no collector of their own.",
        groups="base.group_user",
    )
    dunning_min_days_between_contacts = fields.Integer(
        string="Days Between Contacts",
        default=5,
        help="Minimum number of days between two contacts with a customer, all "
        "companies of the tree included. 0: no limit.",
        groups="base.group_user",
    )
    dunning_max_contacts_week = fields.Integer(
        string="Contacts in 7 Days",
        help="Maximum number of contacts with a customer in 7 days, manual ones "
        "and all "
        "companies of the tree included, thanks excluded. 0: no ceiling.",
        groups="base.group_user",
    )
    dunning_max_contacts_month = fields.Integer(
        string="Contacts in 30 Days",
        help="Maximum number of contacts with a customer in 30 days. 0: no ceiling.",
        groups="base.group_user",
    )
    dunning_is_ceiling_shared = fields.Boolean(
        string="Count All Companies",
        help="Count towards the ceilings the contacts of every company that shares the "
        "customer, not only those of the same tree.",
        groups="base.group_user",
    )
    dunning_go_live_date = fields.Date(
        string="Follow-Up Starts On",
        help="Invoices due before this day are followed up only once taken in.",
        groups="base.group_user",
    )
    dunning_books_max_age = fields.Integer(
        string="Maximum Age of Bank Entries",
        default=10,
        help="When the latest bank entry is older than this number of days, nothing is "
        "sent automatically. 0: no check.",
        groups="base.group_user",
    )
    dunning_reply_hold_days = fields.Integer(
        string="Hold After an Answer",
        default=5,
        help="Days during which nothing is sent automatically to a customer who "
        "answered a message, so that somebody reads the answer first. 0: no hold.",
        groups="base.group_user",
    )
    dunning_paid_hold_days = fields.Integer(
        string="Hold When Reported as Paid",
        default=5,
        help="Days during which an invoice that the customer says is paid is not "
        "followed up, so that the payment can be matched. 0: no hold.",
        groups="base.group_user",
    )
    dunning_dissatisfied_hold_days = fields.Integer(
        string="Hold After a Negative Answer",
        default=10,
        help="Days during which nothing is sent automatically to a dissatisfied "
        "customer, unless the collector or the salesperson deals with it sooner. "
        "0: no hold.",
        groups="base.group_user",
    )
    dunning_promise_grace_days = fields.Integer(
        string="Days of Grace",
        default=3,
        help="Days after the date of a promise during which a payment still keeps it; "
        "its claims stay on hold until then.",
        groups="base.group_user",
    )
    dunning_promise_tolerance = fields.Float(
        string="Tolerance",
        default=1.0,
        help="Part of a promise, in percent, that may be missing: bank fees, rounding.",
        groups="base.group_user",
    )
    dunning_promise_max_days = fields.Integer(
        string="Days Ahead",
        default=30,
        help="Only a collection manager takes promises for a later day.",
        groups="base.group_user",
    )
    dunning_promise_max_broken = fields.Integer(
        string="Broken Promises in a Row",
        default=2,
        help="Beyond this number, only a collection manager takes another promise.",
        groups="base.group_user",
    )
    dunning_promise_tolerated_misses = fields.Integer(
        string="Missed Payments of a Plan",
        help="Beyond this number of missed payments, the whole payment plan is broken.",
        groups="base.group_user",
    )
    dunning_dispute_confirm_receipt = fields.Boolean(
        string="Confirm Disputes",
        help="Write to customers at once that their dispute is being looked into.",
        groups="base.group_user",
    )
    dunning_is_live = fields.Boolean(
        string="Follow-Up Switched On",
        copy=False,
        tracking=True,
        help="While it is off, nothing is prepared or sent automatically, and nothing "
        "leaves the review desk.",
        groups="base.group_user",
    )
    dunning_is_own_setup = fields.Boolean(
        string="Own Follow-Up Settings",
        help="This branch has its own settings instead of those of its parent.",
        groups="base.group_user",
    )

    _dunning_days_positive = models.Constraint(
        """CHECK (dunning_min_days_between_contacts BETWEEN 0 AND 3650
                  AND dunning_books_max_age BETWEEN 0 AND 3650
                  AND dunning_max_contacts_week BETWEEN 0 AND 3650
                  AND dunning_max_contacts_month BETWEEN 0 AND 3650
                  AND dunning_reply_hold_days BETWEEN 0 AND 3650
                  AND dunning_paid_hold_days BETWEEN 0 AND 3650
                  AND dunning_dissatisfied_hold_days BETWEEN 0 AND 3650
                  AND dunning_promise_grace_days BETWEEN 0 AND 3650
                  AND dunning_promise_max_days BETWEEN 0 AND 3650
                  AND dunning_promise_max_broken BETWEEN 0 AND 3650
                  AND dunning_promise_tolerated_misses BETWEEN 0 AND 3650)""",
        "Enter numbers from 0 to 3650 in the follow-up settings.",
    )
    _dunning_tolerance_percent = models.Constraint(
        "CHECK (dunning_promise_tolerance >= 0 AND dunning_promise_tolerance < 100)",
        "The tolerance of promises is a percentage from 0 to 99.",
    )

    def write(self, vals):
        """Withdraw the deliveries that wait in Odoo's queues when a company is switched
        off."""
        if not vals.keys() & SWITCHES:
            return super().write(vals)
        affected = self.search([("id", "child_of", self.ids)])
        before = affected._dunning_live()
        result = super().write(vals)
        (before - before._dunning_live())._dunning_switched_off()
        return result

    def _dunning_get_lang(self):
        """Return the language code of what a company writes to its own people, and to
        contacts without a language; English where its language is not installed."""
        lang = self.partner_id.lang
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        return lang if lang in installed else "en_US"

    def _dunning_after_plan(self):
        """Do the companies' work that follows planning; extended by the rooms above."""

    def _dunning_switched_off(self):
        """Withdraw the waiting deliveries of companies that have just been switched
        off; extended by the deliveries."""

    def _dunning_live(self):
        """Return the companies whose follow-up is switched on; a branch follows its
        parent's switch unless it has a set-up of its own."""
        # sudo: users of a branch need not see its parent
        return self.filtered(
            lambda company: company.sudo()._dunning_setup_company().dunning_is_live
        )

    def _dunning_zone(self):
        """Return the time zone of the company's day."""
        self.ensure_one()
        return ZoneInfo(self.partner_id.tz or self.resource_calendar_id.tz or "UTC")

    def _dunning_today(self, now=None):
        """Return the date of a moment in the company's time zone.

        :param now: datetime (UTC, naive); now by default
        """
        now = now or fields.Datetime.now()
        return now.replace(tzinfo=UTC).astimezone(self._dunning_zone()).date()

    def _dunning_chain(self):
        """Return the company and its parents, nearest first."""
        self.ensure_one()
        return self.parent_ids[::-1]

    def _dunning_go_live_day(self):
        """Return the go-live day of the company, else of its nearest parent, else
        None."""
        starts = self._dunning_chain().mapped("dunning_go_live_date")
        return next(filter(None, starts), None)

    def _dunning_setup_company(self):
        """Return the company whose settings apply: the nearest with a set-up of its
        own, else the root."""
        chain = self._dunning_chain()
        return chain.filtered("dunning_is_own_setup")[:1] or chain[-1:]

    def _dunning_default_collector(self):
        """Return the default collector of customers: the nearest active one of the
        company and its parents."""
        collectors = self._dunning_chain().dunning_collector_id
        return collectors.filtered("active")[:1]

    def _dunning_tree(self):
        """Return all companies of the tree: the root and its branches."""
        return self.search([("id", "child_of", self.root_id.id)])

    def _dunning_is_working_day(self, day):
        """Return whether a day is a working day: attendances, company-wide leaves.

        A company without a calendar works from Monday to Friday.
        """
        return not self._dunning_days_off(day, day)

    def _dunning_days_off(self, first, last):
        """Return the days off from `first` to `last`, both included, see
        `_dunning_is_working_day`."""
        self.ensure_one()
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        if not self.resource_calendar_id:
            return [day for day in days if day.weekday() >= 5]
        return self.resource_calendar_id._dunning_days_off(first, last)

    def _dunning_get_working_hour(self, at):
        """Return the first working moment of the company on a day, from `at` on.

        :param at: datetime (UTC, naive)
        :return: datetime (UTC, naive), False if there is no working time left that day
        """
        self.ensure_one()
        moment = at.replace(tzinfo=UTC)
        local = moment.astimezone(self._dunning_zone())
        calendar = self.resource_calendar_id
        if not calendar:
            is_working = local.weekday() < 5 and local.hour in USUAL_HOURS
            return is_working and at
        evening = local.replace(hour=23, minute=59)
        work = calendar._work_intervals_batch(moment, evening)[False]
        starts = [start for start, _stop, _attendance in work]
        return bool(starts) and min(starts).astimezone(UTC).replace(tzinfo=None)

    def _dunning_add_working_days(self, day, count):
        """Return the `count`-th working day of the company after a day; a run of days
        off is searched for at most a month."""
        for _number in range(count):
            following = (day + timedelta(days=n) for n in range(1, MAX_DAYS_OFF))
            day = next(
                filter(self._dunning_is_working_day, following), day + timedelta(days=1)
            )
        return day
