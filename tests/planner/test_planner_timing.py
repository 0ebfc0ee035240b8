from odoo.tests import tagged

from ..common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestPlannerTiming(DunningCommon):
    """When a step is due: anchors, bases, one step at a time."""

    def _set_film(self, *steps, **values):
        """Give the customer a scenario of these steps."""
        self.customer.dunning_scenario_id = self._create_scenario(*steps, **values)
        return self.customer.dunning_scenario_id

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
        does the third, whatever happened in between (S1-19)."""
        claim = self._create_claim(day("03-01"))
        self._play(day("03-13"))
        self.assertEqual(self._get_next(claim), ("reminder_2", day("03-21")))
        self._play(day("03-25"))
        self.assertEqual(self._get_next(claim), ("reminder_3", day("03-29")))

    def test_skipped_reminder_is_a_base_like_a_performed_one(self):
        """The collector skipped the first reminder today: the second counts from
        today."""
        claim = self._create_claim(day("02-20"))
        self._plan().action_skip()
        self.assertEqual(self._get_next(claim), ("reminder_2", day("03-12")))

    def test_planning_twice_creates_nothing(self):
        """A second run of the same day doubles nothing (case C15, P4)."""
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

    def test_chain_of_steps_not_played_ends_at_the_due_date(self):
        """Each reminder counted from the one before, the first two switched off: the
        third comes 8 + 8 + 5 days after the due date."""
        self._set_film(
            self._step("reminder_1", delay=8, is_enabled=False),
            self._step("reminder_2", anchor="previous_step", delay=8, is_enabled=False),
            self._step("reminder_3", anchor="previous_step", delay=5),
        )
        claim = self._create_claim(day("02-20"))
        self.assertEqual(self._get_next(claim), ("reminder_3", day("03-13")))

    def test_base_that_failed_its_condition_counts_from_its_own_trigger(self):
        """Reminder 1 is for amounts from 500 on: for 100 it is passed over, and the
        second one counts from its day all the same."""
        self._get_step("reminder_1").amount_from = 500.0
        claim = self._create_claim(day("02-20"))
        self.assertEqual(self._get_next(claim), ("reminder_2", day("03-08")))

    def test_expired_notice_is_a_base_from_its_own_trigger(self):
        """A reminder counted from a notice that came too late to be sent."""
        self._set_film(
            self._step("notice", kind="notice", delay=-10),
            self._step("reminder_1", anchor="previous_step", delay=15),
        )
        claim = self._create_claim(day("02-20"))
        self.assertEqual(self._get_next(claim), ("reminder_1", day("02-25")))

    def test_previous_step_is_the_nearest_lower_one(self):
        """Counted from the previous step: each performance moves the next one (R2)."""
        self._set_film(
            self._step("reminder_1", delay=8),
            self._step("reminder_2", anchor="previous_step", delay=8),
            self._step("reminder_3", anchor="previous_step", delay=5),
        )
        claim = self._create_claim(day("02-20"))
        self._play(day("03-03"))
        self._play(day("03-15"))
        self.assertEqual(self._get_next(claim), ("reminder_3", day("03-20")))

    def test_invoice_date_anchor(self):
        """A reminder 45 days after the invoice of 21 January, whatever its terms."""
        self._set_film(self._step("reminder_1", anchor="invoice_date", delay=45))
        claim = self._create_claim(day("02-20"))
        self.assertEqual(self._get_next(claim), ("reminder_1", day("03-07")))

    def test_reminder_is_never_due_before_its_claim_is_overdue(self):
        """A reminder 10 days after the invoice, which is payable at 30: it waits for
        the day after the due date."""
        self._set_film(self._step("reminder_1", anchor="invoice_date", delay=10))
        claim = self._create_claim(day("03-10"))
        self.assertNotDue(claim, "overdue", "net", on=day("03-10"))
        self.assertDue(claim, on=day("03-11"))

    def test_notice_may_leave_on_the_due_day(self):
        """Due today is not yet due: the notice still makes sense, no reminder does."""
        claim = self._create_claim(day("03-04"))
        action = self.assertDue(claim)
        self.assertEqual(self._get_steps(action), ["notice"])

    def test_notice_expires_when_its_claim_is_overdue(self):
        """Nobody announces what is late already (S1-16)."""
        claim = self._create_claim(day("03-03"))
        self.assertEqual(self._get_next(claim), ("reminder_1", day("03-11")))

    def test_notice_counted_from_the_invoice_date(self):
        """A satisfaction call 10 days after the invoice, before its due date."""
        self._set_film(
            self._step("call", kind="notice", anchor="invoice_date", delay=10)
        )
        claim = self._create_claim(day("03-20"))
        self.assertEqual(self._get_next(claim), ("call", day("02-28")))
        self.assertDue(claim)

    def test_notice_counted_from_an_earlier_notice(self):
        """Two announcements, the second 4 days after the first."""
        self._set_film(
            self._step("notice_1", kind="notice", delay=-10),
            self._step("notice_2", kind="notice", anchor="previous_step", delay=4),
        )
        claim = self._create_claim(day("03-12"))
        self._play(day("03-03"))
        self.assertEqual(self._get_next(claim), ("notice_2", day("03-07")))

    def test_expired_notice_leaves_the_desk(self):
        """The notice was never confirmed: once its claim is overdue it is dropped, and
        the first reminder comes in its time."""
        claim = self._create_claim(day("03-04"))
        action = self._plan()
        self.assertFalse(self._plan(day("03-05")))
        self.assertEqual(action.state, "cancelled")
        self.assertEqual(
            self._get_next(claim, day("03-05")), ("reminder_1", day("03-12"))
        )

    def test_step_switched_off_is_passed_over(self):
        """Key accounts: the notice is there but off by default (S1-40)."""
        self._get_step("notice").is_enabled = False
        claim = self._create_claim(day("03-10"))
        self.assertEqual(self._get_next(claim)[0], "reminder_1")
        self.assertFalse(self._plan())
        self.assertFalse(claim.dunning_line_ids)

    def test_amount_range_decides_about_a_step(self):
        """A call from 50 to 150 only: smaller and larger amounts go on to the next
        step, nothing is recorded for the one passed over."""
        self._get_step("reminder_1").write({"amount_from": 50.0, "amount_to": 150.0})
        for amount, code in (
            (49.99, "reminder_2"),
            (50.0, "reminder_1"),
            (150.0, "reminder_1"),
            (150.01, "reminder_2"),
        ):
            with self.subTest(amount=amount):
                claim = self._create_claim(day("02-20"), amount)
                self.assertEqual(self._get_next(claim)[0], code)
                self.assertFalse(claim.dunning_line_ids)

    def test_amount_of_a_condition_is_what_can_be_chased(self):
        """Of 200 the customer paid 120: with 80 left it stays under the 100 that a call
        costs."""
        self._get_step("reminder_1").amount_from = 100.0
        claim = self._create_claim(day("02-20"), 200.0)
        self._pay(claim, day("03-01"), 120.0)
        self.assertEqual(self._get_next(claim)[0], "reminder_2")

    def test_number_of_open_items_decides_about_a_step(self):
        """A statement of account makes sense from two open items on, up to three."""
        self._get_step("reminder_1").write({"items_from": 2, "items_to": 3})
        first = self._create_claim(day("02-20"))
        self.assertEqual(self._get_next(first)[0], "reminder_2")
        self._create_claim(day("04-30"), date=day("03-01"))
        self.assertEqual(self._get_next(first)[0], "reminder_1")
        self._create_claim(day("04-30"), date=day("03-01"))
        self.assertEqual(self._get_next(first)[0], "reminder_1")
        self._create_claim(day("04-30"), date=day("03-01"))
        self.assertEqual(self._get_next(first)[0], "reminder_2")

    def test_domain_decides_about_a_step(self):
        """A call only for what was sold on the export journal."""
        export = self.company_data["default_journal_sale"].copy(
            {
                "code": "ZEX",
                "default_account_id": self.company_data["default_account_revenue"].id,
            }
        )
        self._get_step("reminder_1").domain = f"[('journal_id', '=', {export.id})]"
        home = self._create_claim(day("02-20"))
        abroad = self._create_claim(day("02-20"), journal_id=export.id)
        self.assertEqual(self._get_next(home)[0], "reminder_2")
        self.assertEqual(self._get_next(abroad)[0], "reminder_1")
        self.assertDue(abroad)

    def test_condition_that_holds_later_brings_the_step_back(self):
        """A failed condition is not recorded: when it holds later, the step is next."""
        self._get_step("reminder_1").items_from = 2
        self._create_claim(day("02-20"))
        self.assertFalse(self._plan())
        self._create_claim(day("04-30"), date=day("03-01"))
        self.assertEqual(self._get_steps(self._plan()), ["reminder_1"])

    def test_fresh_start_plays_the_film_again(self):
        """A dispute was settled after two reminders: the item starts a new cycle, the
        first reminder is next again, and may be recorded a second time."""
        claim = self._create_claim(day("02-10"))
        self._play(day("02-20"))
        self._play(day("03-01"))
        claim.sudo().dunning_cycle += 1
        self.assertEqual(self._get_next(claim), ("reminder_1", day("02-18")))
        self._play(day("03-04"))
        self.assertEqual(claim.dunning_line_ids.sorted("id").mapped("cycle"), [0, 0, 1])
        self.assertEqual(self._get_next(claim), ("reminder_2", day("03-12")))

    def test_one_step_per_day_even_after_a_fresh_start(self):
        """Two steps whose days came together: one today, the other tomorrow at the
        earliest (P4)."""
        self._set_film(self._step("reminder_1"), self._step("reminder_2", delay=1))
        claim = self._create_claim(day("02-20"))
        self._play(day("03-04"))
        self.assertNotDue(claim, "same_day")
        claim.sudo().dunning_cycle += 1
        self.assertNotDue(claim, "same_day")
        self.assertDue(claim, on=day("03-05"))

    def test_business_days_only(self):
        """The reminder of Saturday 7 March waits for Monday (P15)."""
        self.scenario.is_business_days_only = True
        claim = self._create_claim(day("02-27"))
        self.assertEqual(self._get_next(claim)[1], day("03-07"))
        for closed in (day("03-07"), day("03-08")):
            self.assertNotDue(claim, "business_day", on=closed)
        self.assertDue(claim, on=day("03-09"))

    def test_company_holiday_is_no_business_day(self):
        """The company is closed on Wednesday 4 March; a leave of one person does not
        close it."""
        self.scenario.is_business_days_only = True
        claim = self._create_claim(day("02-20"))
        holiday = self.env["resource.calendar.leaves"].create(
            {
                "name": "Founder's day",
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": "2026-03-03 23:00:00",
                "date_to": "2026-03-04 23:00:00",
            }
        )
        self.assertNotDue(claim, "business_day")
        holiday.resource_id = (
            self.env["resource.resource"]
            .sudo()
            .create(
                {"name": "Ada", "calendar_id": self.company.resource_calendar_id.id}
            )
        )
        self.assertDue(claim)

    def test_weekend_is_played_without_business_days_only(self):
        """A scenario of automatic e-mails plays on Sunday too."""
        claim = self._create_claim(day("02-20"))
        self.assertDue(claim, on=day("03-01"))
