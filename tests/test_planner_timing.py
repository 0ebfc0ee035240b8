from odoo.tests import tagged

from .common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestPlannerTiming(DunningCommon):
    """When a step is due: anchors, bases, one step at a time."""

    def test_film_of_an_invoice_plays_step_by_step(self):
        """An invoice due on 1 March is noticed 8 days before, reminded 8 days after
        (S1-16, S1-17), then 8 and 16 days after the first reminder (S1-18, S1-19)."""
        self._create_claim(day("03-01"))
        self.assertFalse(self._plan(day("02-20")))
        self.assertEqual(self._get_steps(self._play(day("02-21"))), ["notice"])
        self.assertFalse(self._plan(day("03-08")))
        self.assertEqual(self._get_steps(self._play(day("03-09"))), ["reminder_1"])
        self.assertFalse(self._plan(day("03-16")))
        self.assertEqual(self._get_steps(self._play(day("03-17"))), ["reminder_2"])
        self.assertEqual(self._get_steps(self._play(day("03-25"))), ["reminder_3"])
        self.assertFalse(self._plan(day("12-31")))

    def test_reminder_performed_late_moves_those_counted_from_it(self):
        """The first reminder left 4 days late: the second counts from that day, and so
        does the third, whatever happened in between (N3)."""
        claim = self._create_claim(day("03-01"))
        self._play(day("03-13"))
        self.assertEqual(self._get_next(claim), ("reminder_2", day("03-21")))
        self._play(day("03-25"))
        self.assertEqual(self._get_next(claim), ("reminder_3", day("03-29")))

    def test_planning_twice_creates_nothing(self):
        """A second run of the same day doubles nothing (PEERS case 15)."""
        self._create_claim(day("02-20"))
        self.assertEqual(len(self._plan()), 1)
        self.assertFalse(self._plan())

    def test_planning_loses_nothing_that_waits_to_be_written(self):
        """A collector notes something on a call, and the day is planned in the same
        transaction: the note stays."""
        self._create_claim(day("02-20"))
        call = self.customer.activity_schedule("mail.mail_activity_data_call")
        self.env.flush_all()
        call.summary = "Asks for a copy of the invoice"
        self._plan()
        self.assertEqual(call.summary, "Asks for a copy of the invoice")

    def test_base_not_played_counts_from_its_own_trigger(self):
        """Reminder 1 is switched off: reminder 2 counts from the day on which reminder
        1 would have been due."""
        self._get_step("reminder_1").is_enabled = False
        claim = self._create_claim(day("02-20"))
        self.assertEqual(self._get_next(claim), ("reminder_2", day("03-08")))
