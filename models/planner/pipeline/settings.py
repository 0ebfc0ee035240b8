from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from odoo.fields import Domain
from odoo.tools import SQL

from ...scenario.film import Film


class Settings:
    """Settings for the planning of one company on one day.

    They are read once, with a number of queries that does not depend on the number of
    customers. A branch without a set-up of its own uses its parent's.
    """

    def __init__(self, company, day):
        """Prepare the settings of a company (superuser) on its day `day`."""
        self.env = company.env
        self.company = company
        self.day = day
        self.chain = company._dunning_chain()
        self.setup = company._dunning_setup_company()

    @cached_property
    def tree(self):
        return self.company._dunning_tree()

    @cached_property
    def scenarios(self):
        """Return the active scenarios of the company and those shared."""
        return self.env["dunning.scenario"].search(self._get_usable_domain())

    @cached_property
    def segments(self):
        """Return the active segments of the company and those shared."""
        return self.env["dunning.segment"].search(self._get_usable_domain())

    def _get_usable_domain(self):
        return Domain("company_id", "in", [False, *self.chain.ids])

    @cached_property
    def film(self):
        return Film(self.scenarios)

    @cached_property
    def default_scenario(self):
        return self.company._dunning_default_scenario()

    @cached_property
    def default_collector(self):
        return self.company._dunning_default_collector()

    @cached_property
    def go_live_dates(self):
        """Return {company id: go-live day or None} of the company tree."""
        return {company.id: company._dunning_go_live_day() for company in self.tree}

    def get_spacing(self, scenario):
        """Return the days between two contacts for the customers of a scenario."""
        return max(
            self.setup.dunning_min_days_between_contacts,
            scenario.min_days_between_contacts,
        )

    @cached_property
    def max_spacing(self):
        return max(map(self.get_spacing, self.scenarios), default=0)

    @cached_property
    def home_country(self):
        """Return the company's country: customers elsewhere are export."""
        return self.company.account_fiscal_country_id or self.company.country_id

    @cached_property
    def ceilings(self):
        """Return the maximum of contacts of a customer in 7 and in 30 days, None for no
        ceiling."""
        return (
            self.setup.dunning_max_contacts_week or None,
            self.setup.dunning_max_contacts_month or None,
        )

    @cached_property
    def contact_window(self):
        """Return the number of past days in which a contact can delay another one."""
        week, month = self.ceilings
        return max(self.max_spacing, month and 30 or 0, week and 7 or 0)

    @cached_property
    def is_working_day(self):
        return self.company._dunning_is_working_day(self.day)

    @cached_property
    def closed_countries(self):
        """Return the countries with a calendar that do not work on the day."""
        return self.env["dunning.country.calendar"]._get_closed(self.day)

    @cached_property
    def is_stale(self):
        """Return whether the newest bank entry is older than the company allows."""
        max_age = self.setup.dunning_books_max_age
        if not max_age:
            return False
        newest = self.newest_bank_date
        return not newest or newest < self.day - timedelta(days=max_age)

    @cached_property
    def newest_bank_date(self):
        """Return the date of the newest posted bank entry, False without one."""
        newest = self.env["account.move"].search(
            [
                ("company_id", "in", self.chain.ids),
                ("journal_id.type", "=", "bank"),
                ("state", "=", "posted"),
                ("date", "<=", self.day),
            ],
            order="date desc",
            limit=1,
        )
        return newest.date

    def get_send_times(self):
        """Return (zone name, hour, UTC time) for the zones of customers and the hours
        of steps; the empty name is the company's own zone."""
        self.env["res.partner"].flush_model(["tz"])
        self.env.cr.execute(SQL("SELECT DISTINCT tz FROM res_partner WHERE tz <> ''"))
        zones = {"": self.company._dunning_zone()}
        for (name,) in self.env.cr.fetchall():
            try:
                zones[name] = ZoneInfo(name)
            except ZoneInfoNotFoundError:
                zones[name] = zones[""]
        hours = {step.send_hour for step in self.film.steps}
        return [
            (name, hour, self._get_utc(hour, zone))
            for name, zone in zones.items()
            for hour in hours
        ]

    def _get_utc(self, hour, zone):
        minutes = round(hour * 60)
        local = datetime.combine(
            self.day, time(minutes // 60, minutes % 60), tzinfo=zone
        )
        return local.astimezone(UTC).replace(tzinfo=None)

    def get_scenario_rows(self):
        return [
            (
                scenario.id,
                scenario.grouping,
                self.get_spacing(scenario),
                scenario.amount_minimum,
                scenario.payment_methods == "manual",
                scenario.is_partial_chased,
                scenario.is_debit_thanked,
                self.is_working_day or not scenario.is_business_days_only,
                scenario.is_business_days_only,
            )
            for scenario in self.scenarios
        ]


SCENARIO_TYPES = {
    "id": "int",
    "grouping": "varchar",
    "spacing": "int",
    "minimum": "numeric",
    "is_manual_only": "bool",
    "is_partial_chased": "bool",
    "is_debit_thanked": "bool",
    "is_open_day": "bool",
    "is_business_days_only": "bool",
}
