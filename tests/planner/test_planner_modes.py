from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestPlannerModes(DunningCommon):
    """How a step leaves: by itself, confirmed, personalised, optional; stop; stale
    books."""

    def _plan_first_reminder(self, mode, on=None, **values):
        self._get_step("reminder_1").write({"mode": mode, **values})
        self.claim = self._create_claim(day("02-20"))
        return self._plan(on)

    def assertWaits(self, action, reason):
        """Assert that an action waits on the desk, unticked, for that reason."""
        self.assertEqual(
            (action.state, action.is_ticked, action.untick_reason),
            ("to_confirm", False, reason),
        )

    def assertTicked(self, action, state="to_confirm"):
        self.assertEqual(
            (action.state, action.is_ticked, action.untick_reason),
            (state, True, False),
        )

    # ---- modes ---------------------------------------------------------------------

    def test_automatic_step_is_scheduled(self):
        """The e-mail leaves by itself at its hour (S1-09, S1-58)."""
        self.assertTicked(self._plan_first_reminder("auto"), "scheduled")

    def test_step_to_confirm_waits_ticked(self):
        """The collector confirms the day's actions in a few clicks (S1-04, S1-45)."""
        self.assertTicked(self._plan_first_reminder("confirm"))

    def test_step_to_personalise_waits(self):
        """Key accounts get no message that nobody read before (S1-42, S1-45)."""
        self.assertWaits(self._plan_first_reminder("personalise"), "personalise")

    def test_optional_step_waits_unticked(self):
        """To be activated as needed (S1-43)."""
        self.assertWaits(self._plan_first_reminder("optional"), "optional")

    def test_last_resort_is_never_automatic(self):
        """The end of the film takes a person's decision (S0-34)."""
        step = self._get_step("reminder_3")
        step.is_last_resort = True
        with self.assertRaises(ValidationError):
            step.mode = "auto"

    # ---- optional steps lapse ------------------------------------------------------

    def test_optional_step_lapses_when_the_next_falls_due(self):
        """Due on 28 February, prepared on 4 March, chosen by nobody: the second
        reminder is due 8 days after 28 February, as if the first stood there."""
        action = self._plan_first_reminder("optional")
        self.assertFalse(self._plan(day("03-07")))
        self.assertEqual(action.state, "to_confirm")
        following = self._plan(day("03-08"))
        self.assertEqual(self._get_steps(following), ["reminder_2"])
        self.assertEqual(action.state, "skipped")
        line = action.line_ids
        self.assertEqual((line.state, line.performed_date), ("skipped", day("02-28")))

    def test_optional_step_that_was_ticked_does_not_lapse(self):
        """The collector chose it: it waits for his confirmation, nothing overtakes
        it."""
        action = self._plan_first_reminder("optional")
        action.action_tick()
        self.assertFalse(self._plan(day("03-08")))
        self.assertEqual(action.state, "to_confirm")

    def test_optional_step_that_was_sent_counts_from_its_day(self):
        """Chosen and performed on 6 March: the second reminder counts from then."""
        action = self._plan_first_reminder("optional")
        action._perform(day("03-06"), "2026-03-06 10:00:00")
        self.assertEqual(self._get_next(self.claim), ("reminder_2", day("03-14")))

    def test_last_optional_step_does_not_lapse(self):
        """Nothing comes after it: it stays on the desk."""
        self.scenario.step_ids.filtered(
            lambda step: step.code in ("reminder_2", "reminder_3")
        ).is_enabled = False
        action = self._plan_first_reminder("optional")
        self._plan(day("12-31"))
        self.assertEqual(action.state, "to_confirm")

    def test_optional_notice_lapses_into_nothing_before_the_due_date(self):
        """An optional announcement whose next step is a reminder: it stays until its
        claim is overdue, then it has expired."""
        self._get_step("notice").mode = "optional"
        self._create_claim(day("03-10"))
        action = self._plan()
        self._plan(day("03-10"))
        self.assertWaits(action, "optional")
        self._plan(day("03-11"))
        self.assertEqual(action.state, "cancelled")

    # ---- stop ----------------------------------------------------------------------

    def test_stopped_customer_waits_unticked(self):
        """A customer in "stop" is still listed, unticked by default; even an automatic
        step waits (S1-54)."""
        self.customer.dunning_is_stopped = True
        for mode in ("auto", "confirm"):
            with self.subTest(mode=mode):
                self.assertWaits(self._plan_first_reminder(mode), "stop")

    def test_stopped_customer_can_be_ticked_back(self):
        """The collector ticks the line back and confirms it (S1-54)."""
        self.customer.dunning_is_stopped = True
        action = self._plan_first_reminder("confirm")
        action.action_tick()
        self.assertTicked(action)
        action.action_confirm()
        self.assertEqual(action.state, "scheduled")

    def test_stop_ends_after_its_last_day(self):
        """Stopped until 4 March: unticked on that day, as usual from the 5th on."""
        self.customer.write(
            {"dunning_is_stopped": True, "dunning_stop_until": self.TODAY}
        )
        self.assertWaits(self._plan_first_reminder("auto"), "stop")
        self.claim.dunning_line_ids.action_id.action_skip()
        self.assertTicked(
            self._plan_first_reminder("auto", on=day("03-05")), "scheduled"
        )

    # ---- stale books ---------------------------------------------------------------

    def _set_bank_entry(self, on):
        """Book something on the bank on a day; the company allows 10 days."""
        self.company.dunning_books_max_age = 10
        return self._create_receipt(1.0, on, self.partner_a)

    def test_stale_books_make_everything_wait(self):
        """The newest bank entry is 11 days old: who knows who paid since (P3)."""
        self._set_bank_entry(day("02-21"))
        self.assertWaits(self._plan_first_reminder("auto"), "stale")

    def test_books_of_the_last_day_allowed_are_not_stale(self):
        """10 days old, 10 days allowed."""
        self._set_bank_entry(day("02-22"))
        self.assertTicked(self._plan_first_reminder("auto"), "scheduled")

    def test_bank_that_was_never_booked_is_stale(self):
        """No bank entry at all: nobody knows who paid, and the desk says so."""
        self.company.dunning_books_max_age = 10
        self.assertWaits(self._plan_first_reminder("auto"), "stale")

    def test_draft_bank_entry_does_not_freshen_the_books(self):
        """An entry that was not posted says nothing."""
        self._set_bank_entry(day("03-03")).move_id.button_draft()
        self._set_bank_entry(day("02-21"))
        self.assertWaits(self._plan_first_reminder("auto"), "stale")

    def test_invoice_of_yesterday_does_not_freshen_the_books(self):
        """Only the bank tells who paid."""
        self._set_bank_entry(day("02-21"))
        self._create_claim(day("04-02"), date=day("03-03"))
        self.assertWaits(self._plan_first_reminder("auto"), "stale")

    def test_stale_books_come_before_the_other_reasons(self):
        """The reason said is the one that concerns everybody."""
        self._set_bank_entry(day("02-21"))
        self.customer.dunning_is_stopped = True
        self.assertWaits(self._plan_first_reminder("optional"), "stale")

    def test_age_of_the_books_may_not_matter(self):
        """0 days: never mind."""
        self._set_bank_entry(day("01-02"))
        self.company.dunning_books_max_age = 0
        self.assertTicked(self._plan_first_reminder("auto"), "scheduled")

    def test_stale_books_keep_thanks_on_the_desk(self):
        """Everything waits, thanks too."""
        self.env["dunning.step"].create(
            {
                **self._thanks(mode="auto"),
                "scenario_id": self.scenario.id,
                "sequence": 90,
            }
        )
        claim = self._create_claim(day("02-20"))
        self._pay(claim, day("02-21"))
        self.company.dunning_books_max_age = 10
        self.assertWaits(self._plan(), "stale")
