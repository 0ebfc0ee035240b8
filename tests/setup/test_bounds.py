from datetime import date

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import DunningCommon, day

NUMBERS = (10**10, -(10**10), 10**20, 10**400, "abc", "1" * 5000)
AMOUNTS = (float("nan"), float("inf"), float("-inf"), 1e300, -1e300, 10**400, "abc")
DAYS = ("0001-01-01", "9999-12-31", "1899-12-31", "2200-01-01", "2026-02-30", "soon")
WRONG = {
    "integer": (*NUMBERS, float("nan"), float("inf")),
    "float": AMOUNTS,
    "monetary": AMOUNTS,
    "date": (*DAYS, 5, 1e300),
    "datetime": (*DAYS, 5, "2026-01-31 25:61:00"),
    "char": ("a\0b", "a\ud800b", "x" * 3_000_000),
    "text": ("a\0b", "a\udfffb", "x" * 3_000_000),
    "html": ("<p>a\0b</p>", "<p>a\ud800b</p>", "x" * 3_000_000),
    "many2one": (10**10, 10**20, -(10**20), "somebody", 1.5),
    "selection": ("no such word", 7),
}
# Every number that is counted in days, and one more than it may be.
TOO_MANY = (
    ("res.company", "dunning_min_days_between_contacts"),
    ("res.company", "dunning_max_contacts_week"),
    ("res.company", "dunning_max_contacts_month"),
    ("res.company", "dunning_books_max_age"),
    ("res.company", "dunning_reply_hold_days"),
    ("res.company", "dunning_paid_hold_days"),
    ("res.company", "dunning_dissatisfied_hold_days"),
    ("res.company", "dunning_promise_grace_days"),
    ("res.company", "dunning_promise_max_days"),
    ("res.company", "dunning_promise_max_broken"),
    ("res.company", "dunning_promise_tolerated_misses"),
    ("res.company", "dunning_limitation_days"),
    ("dunning.scenario", "min_days_between_contacts"),
    ("dunning.step", "request_days"),
    ("dunning.step", "call_attempts"),
    ("dunning.step", "call_retry_delay"),
    ("dunning.step", "sms_max_parts"),
    ("dunning.dispute.reason", "days_to_settle"),
    ("dunning.legal.limitation", "years"),
    ("dunning.postal.delay", "days"),
)


@tagged("post_install", "-at_install")
class TestBounds(DunningCommon):
    """What people type, paste or import: too much of it is told in words, before it
    breaks a night's planning."""

    def _get_fields(self):
        """Yield (model, field) of all that can be typed, in our models and others."""
        for name in sorted(self.env.registry):
            model = self.env[name]
            if model._abstract or not model._auto:
                continue
            is_ours = name.startswith("dunning.")
            for field in model._fields.values():
                if is_ours or field.name.startswith("dunning_"):
                    if not field.readonly and field.type in WRONG:
                        yield model, field

    def test_no_field_takes_what_it_cannot_hold(self):
        """Written, created, and typed in a form that computes something of it."""
        count = 0
        for model, field in self._get_fields():
            record = model.new({})
            calls = [record.write, lambda vals, m=model: m.onchange(vals, [], {})]
            if model._name.startswith("dunning."):
                calls.append(model.create)
            for value in WRONG[field.type]:
                count += 1
                for call in calls:
                    with (
                        self.subTest(f"{field} {repr(value)[:20]}"),
                        self.assertRaises(UserError) as caught,
                    ):
                        call({field.name: value})
                    self.assertTrue(str(caught.exception).strip())
        self.assertGreater(count, 1000)

    def test_field_that_holds_too_much_is_named(self):
        for value, words in (
            (10**10, "Days: this number is too large"),
            (float("nan"), "Days: “nan” is not a number"),
            ("many", "Days: “many” is not a number"),
        ):
            with self.subTest(value), self.assertRaisesRegex(UserError, words):
                self._get_step("reminder_1").write({"delay": value})

    def test_other_models_are_left_as_they_are(self):
        partner = self.env["res.partner"].create({"name": "x" * 10})
        partner.write({"comment": "y", "dunning_stop_reason": "On trial."})
        self.assertEqual(partner.dunning_stop_reason, "On trial.")

    @mute_logger("odoo.sql_db")
    def test_days_beyond_ten_years_are_refused(self):
        for model_name, name in TOO_MANY:
            for value in (100_000, -100_000):
                records = self.env[model_name].sudo()
                record = records.with_context(active_test=False).search([], limit=1)
                if not record:
                    continue
                with (
                    self.subTest(f"{model_name}.{name}", value=value),
                    self.assertRaises(psycopg2.errors.CheckViolation),
                    self.env.cr.savepoint(),
                ):
                    record[name] = value
                    record.flush_recordset()

    def test_invoice_due_in_another_age_stops_nobody(self):
        """Somebody mistyped a due date: the night's planning goes on for all, and the
        mistyped invoice can be looked at."""
        for due in (date.max, date.min, date(9990, 1, 1)):
            with self.subTest(due):
                customer = self._create_customer(f"Mistyped {due}")
                odd = self._create_claim(day("01-20"), customer=customer)
                odd.date_maturity = due
                self._create_claim(day("02-24"), customer=self._create_customer("Late"))
                self.assertIn("Late", self._plan().partner_id.mapped("name"))
                planner = self.env["dunning.planner"]
                self.assertTrue(planner._explain(odd, self.TODAY))
                self.assertTrue(odd.read(["dunning_why"]))
                self.assertTrue(customer.get_dunning_glance())

    def test_preview_of_centuries_is_refused(self):
        """The server is not kept busy drawing nine thousand years."""
        for due_date, paid_date, words in (
            ("0200-01-01", "9990-01-01", "between the years"),
            ("2026-01-01", "2199-01-01", "more than 5 years"),
            ("2026-01-01", "1901-01-01", "more than 5 years"),
            ("9999-12-31", False, "between the years"),
            ("0001-01-01", False, "between the years"),
            ("tomorrow", False, "is not a date"),
            (False, False, "the due date of the invoice"),
            (["2026-01-01"], False, "is not a date"),
        ):
            with (
                self.subTest(f"{due_date} {paid_date}"),
                self.assertRaisesRegex(UserError, words),
            ):
                self.scenario.get_preview(due_date, paid_date)

    def test_wizard_of_the_preview_says_so_too(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            form = Form(
                self.env["dunning.scenario.preview"].with_context(
                    default_scenario_id=self.scenario.id
                )
            )
            form.invoice_date = day("01-01")
            form.due_date = "2190-01-01"
            self.assertIn("more than 5 years", form.body)

    def test_desk_refuses_what_is_no_filter(self):
        for domain in ("abc", 5, [[]], [["nothing", "=", 1]], {"a": 1}, [None], [1]):
            with (
                self.subTest(domain),
                self.assertRaisesRegex(UserError, "not a filter"),
            ):
                self.env["dunning.action"].get_desk_summary(domain, False)
