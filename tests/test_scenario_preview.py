from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import DunningCommon, day


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
        self.assertIn("cannot be due before it is made", preview.body)
        with self.assertRaises(UserError):
            preview._get_scenes()

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
            "8 days after the due date, “Reminder 1” (Phone) is played by itself. "
            "It asks for the payment within 5 days. "
            "Only for customers with at most 12 open items.",
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

    def test_last_step_by_itself(self):
        self.assertNotIn("leaves by itself", self.scenario.warnings)
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
