from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestScenarioPreview(DunningCommon):
    """A scenario in words, what to look at again, and how an invoice would live it."""

    def setUp(self):
        super().setUp()
        # The scenes are played in a transaction of their own.
        self.registry_enter_test_mode()

    def _preview(self, **values):
        """Preview an invoice of 1 February that is due on 2 March."""
        return self.env["dunning.scenario.preview"].create(
            {
                "scenario_id": self.scenario.id,
                "company_id": self.company.id,
                "invoice_date": day("02-01"),
                "due_date": day("03-02"),
                **values,
            }
        )

    def _get_scenes(self, **values):
        preview = self._preview(**values)
        self.env.flush_all()
        invoice = {
            "invoice_date": preview.invoice_date,
            "due_date": preview.due_date,
            "amount": preview.amount,
        }
        scenes = self.env["dunning.screening"]._show(
            self.scenario, self.company, invoice, preview.paid_date or None
        )
        return [(step.code, scene_day) for scene_day, step in scenes]

    # ---- scenes ----------------------------------------------------------------------

    def test_invoice_that_is_never_paid(self):
        """The film goes to its end: a notice 8 days before, three reminders."""
        self.assertEqual(
            self._get_scenes(),
            [
                ("notice", day("02-22")),
                ("reminder_1", day("03-10")),
                ("reminder_2", day("03-18")),
                ("reminder_3", day("03-26")),
            ],
        )

    def test_invoice_that_is_paid_after_the_first_reminder(self):
        """Payment ends the film; the customer is thanked."""
        self._add_steps(self.scenario, {**self._thanks(), "sequence": 90})
        self.assertEqual(
            self._get_scenes(paid_date=day("03-12")),
            [
                ("notice", day("02-22")),
                ("reminder_1", day("03-10")),
                ("thanks", day("03-20")),
            ],
        )

    def test_weekend_and_distance_between_contacts(self):
        """22 February is a Sunday, 21 March a Saturday, and ten days lie between two
        contacts: the preview knows."""
        self.scenario.is_business_days_only = True
        self.company.dunning_min_days_between_contacts = 11
        self.assertEqual(
            self._get_scenes(),
            [
                ("notice", day("02-23")),
                ("reminder_1", day("03-10")),
                ("reminder_2", day("03-23")),
                ("reminder_3", day("04-03")),
            ],
        )

    def test_nothing_is_left_behind(self):
        """The made-up customer, invoice and actions are gone."""
        counted = ("res.partner", "account.move", "dunning.action")
        before = [self.env[model].search_count([]) for model in counted]
        self._get_scenes(paid_date=day("03-12"))
        self.assertEqual(
            [self.env[model].search_count([]) for model in counted], before
        )

    def test_screen_shows_days_and_distances(self):
        body = self._preview().body
        self.assertIn("Tuesday 10 March 2026", body)
        self.assertIn("8 days after the due date", body)

    def test_impossible_invoice_is_explained(self):
        """Due before it is made: the screen says so instead of failing."""
        preview = self._preview(due_date=day("01-01"))
        self.assertIn("due date cannot be before", preview.body)
        with self.assertRaises(UserError):
            preview._get_scenes()

    # ---- strip -----------------------------------------------------------------------

    def test_strip_shows_the_scenes_and_the_days_off(self):
        """The notice of Sunday 22 February leaves on Monday; Easter Monday is a day
        off of the company."""
        self.scenario.is_business_days_only = True
        self.company.resource_calendar_id = self.env["resource.calendar"].create(
            {"name": "Office", "company_id": self.company.id, "tz": "Europe/Paris"}
        )
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "company_id": self.company.id,
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": "2026-03-09 22:00:00",
                "date_to": "2026-03-10 21:59:59",
            }
        )
        self.env.flush_all()
        strip = self.scenario.get_preview("2026-03-02")
        self.assertFalse(strip["reason"])
        self.assertEqual(
            [(scene["name"], scene["date"]) for scene in strip["scenes"]],
            [
                ("Notice", day("02-23")),
                ("Reminder 1", day("03-11")),
                ("Reminder 2", day("03-19")),
                ("Reminder 3", day("03-27")),
            ],
        )
        first = strip["scenes"][0]
        self.assertEqual((first["channel"], first["way"]), ("phone", "Phone"))
        self.assertEqual(first["distance"], "7 days before the due date")
        off = strip["days_off"]
        self.assertIn(day("03-10"), off)
        self.assertEqual({one.weekday() for one in off if one != day("03-10")}, {5, 6})
        self.assertEqual((strip["first_date"], off[0]), (day("02-20"), day("02-21")))

    def test_strip_of_an_invoice_that_is_paid(self):
        self._add_steps(self.scenario, {**self._thanks(), "sequence": 90})
        self.env.flush_all()
        strip = self.scenario.get_preview("2026-03-02", "2026-03-12")
        self.assertEqual(strip["scenes"][-1]["name"], "Thanks")
        self.assertEqual(strip["paid_date"], day("03-12"))

    def test_strip_says_why_it_shows_nothing(self):
        """Paid before it is made: the reason instead of an error."""
        strip = self.scenario.get_preview("2026-03-02", "2026-01-02")
        self.assertIn("payment cannot be before", strip["reason"])
        self.assertFalse(strip["scenes"])

    def test_strip_is_for_those_who_may_read_the_scenario(self):
        user = new_test_user(self.env, login="eve")
        theirs = self._create_scenario(self._step("reminder_1", delay=8))
        theirs.company_id = self.setup_other_company()["company"]
        with self.assertRaises(AccessError):
            theirs.with_user(user).get_preview("2026-03-02")

    # ---- words -----------------------------------------------------------------------

    def test_scenario_in_words(self):
        """Each step a sentence in its order, then the rules."""
        self._get_step("reminder_1").write(
            {"mode": "auto", "items_to": 12, "request_days": 5}
        )
        lines = self.scenario.summary.split("\n")
        self.assertEqual(len(lines), 5)
        self.assertEqual(
            lines[1],
            "8 days after the due date, “Reminder 1” (Phone) is played automatically. "
            "It asks for the payment within 5 days. Only for customers with at most "
            "12 open items.",
        )
        self.assertIn("direct debit", lines[-1])

    def test_step_that_is_off_is_not_told(self):
        self._get_step("reminder_2").is_enabled = False
        self.assertNotIn("Reminder 2", self.scenario.summary)

    # ---- warnings --------------------------------------------------------------------

    def test_steps_too_close(self):
        """8 days between reminders, 10 between contacts: the second will wait."""
        self.assertNotIn("it waits", self.scenario.warnings)
        self.company.dunning_min_days_between_contacts = 10
        self.scenario.invalidate_recordset(["warnings"])
        self.assertIn(
            "“Reminder 2” comes 8 days after “Reminder 1”: it waits",
            self.scenario.warnings,
        )

    def test_calls_about_dozens_of_invoices(self):
        """A call is unsuited to long statements (S3-16): no limit is worth a word."""
        calls = self.scenario.step_ids
        self.assertIn("A call suits a few invoices", self.scenario.warnings)
        calls.items_to = 24
        self.assertNotIn("A call suits a few invoices", self.scenario.warnings)

    def test_calls_about_small_amounts(self):
        """Hundreds of invoices of 50 € are not for the telephone, a few large ones are
        (S3-49)."""
        self.assertIn("worth it for large amounts", self.scenario.warnings)
        self.scenario.step_ids.amount_from = 500
        self.assertNotIn("worth it for large amounts", self.scenario.warnings)

    def test_step_whose_day_comes_before_the_one_played_before(self):
        self._get_step("reminder_3").delay = 4
        self.assertIn(
            "The day of “Reminder 3” comes before that of “Reminder 2”",
            self.scenario.warnings,
        )

    def test_warnings_follow_what_is_typed(self):
        """Moved in the form and not saved yet, the base takes its followers along, and
        a step that is added counts at once."""
        self.company.dunning_min_days_between_contacts = 5
        with Form(self.scenario) as form:
            self.assertNotIn("it waits", form.warnings)
            with form.step_ids.edit(0) as notice:
                notice.delay = -2
            with form.step_ids.edit(1) as first:
                first.delay = 2
            self.assertIn("“Reminder 1” comes 4 days after “Notice”", form.warnings)
            self.assertNotIn("“Reminder 2” comes", form.warnings)
            with form.step_ids.edit(2) as second:
                second.delay = 3
            self.assertIn("“Reminder 2” comes 3 days after", form.warnings)
            with form.step_ids.new() as added:
                added.name = added.code = "added"
                added.channel = "phone"
                added.delay = 20
            self.assertIn(
                "The day of “Reminder 1” comes before that of “added”", form.warnings
            )

    def test_last_step_by_itself(self):
        self.assertNotIn("is sent automatically", self.scenario.warnings)
        self._get_step("reminder_3").mode = "auto"
        self.assertIn("“Reminder 3” is the last step", self.scenario.warnings)

    def test_step_without_fallback(self):
        """A fallback for each step: nothing more to say."""
        self.assertIn("Without a fallback", self.scenario.warnings)
        letter = self.env.ref("account_dunning_scenario.mail_template_letter_notice")
        self.scenario.step_ids.write(
            {"fallback_channel": "letter", "letter_template_id": letter.id}
        )
        self.assertNotIn("Without a fallback", self.scenario.warnings)
