from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import day
from ..delivery.common import DeliveryCommon


class GoliveCommon(DeliveryCommon):
    """The company before its first follow-up, and its collection manager.

    manager   Marthe, who has no right on the settings of companies
    opening   owed by Azur since November, an entry without invoice
    old       an invoice of Azur, due in January, before the start on 1 March
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env,
            login="marthe",
            name="Marthe Oger",
            groups="account_dunning_scenario.dunning_group_manager",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
            lang="en_US",
        )
        cls.company.write(
            {
                "dunning_is_live": False,
                "dunning_scenario_id": cls.scenario.id,
                "dunning_go_live_date": day("03-01"),
            }
        )
        cls.opening = cls._create_entry(500, day("01-01"), date_maturity=day("01-01"))
        cls.old = cls._create_claim(day("01-20"), 200)

    def _get_golive(self):
        return self.env["dunning.golive"].with_user(self.manager).create({})

    def _get_step_state(self, code):
        steps = self._get_golive().step_ids
        return steps.filtered(lambda step: step.code == code).state


@tagged("post_install", "-at_install")
class TestGolive(GoliveCommon):
    """A guided first use: what is ready, what is to do, then the switch."""

    def test_manager_sets_up_without_other_rights(self):
        golive = self._get_golive()
        golive.write(
            {"collector_id": self.manager.id, "start_date": day("02-01")},
        )
        self.assertEqual(self.company.dunning_collector_id, self.manager)
        self.assertEqual(self.company.dunning_go_live_date, day("02-01"))
        self.assertEqual(self.company.dunning_scenario_id, self.scenario)
        golive.action_switch_on()
        self.assertTrue(self.company.dunning_is_live)

    def test_collector_does_not(self):
        with self.assertRaises(AccessError):
            self.env["dunning.golive"].with_user(self.collector).create({})

    def test_steps_say_what_is_to_do(self):
        """Each step is done or not, and opens where it is done."""
        self.assertEqual(self._get_step_state("scenario"), "done")
        self.assertEqual(self._get_step_state("collector"), "done")
        self.assertEqual(self._get_step_state("dry_run"), "todo")
        self.company.write(
            {"dunning_scenario_id": False, "dunning_collector_id": False}
        )
        self.assertEqual(self._get_step_state("scenario"), "todo")
        self.assertEqual(self._get_step_state("collector"), "todo")
        for step in self._get_golive().step_ids.filtered("button_text"):
            with self.subTest(step.code):
                self.assertIn(step.action_open()["res_model"], self.env)

    def test_books_out_of_date(self):
        """P3: who has paid already is not to be reminded: enter the bank first."""
        self.company.dunning_books_max_age = 10
        self.assertEqual(self._get_step_state("books"), "todo")
        self._create_receipt(10, day("03-03"))
        self.assertEqual(self._get_step_state("books"), "done")

    def test_segments(self):
        self.assertEqual(self._get_step_state("segments"), "advice")
        segment = self.env["dunning.segment"].create(
            {"name": "Export", "code": "export_story"}
        )
        self.customer.dunning_segment_id = segment
        self.assertEqual(self._get_step_state("segments"), "done")

    def test_no_scenario_no_switch(self):
        self.company.dunning_scenario_id = False
        with self.assertRaisesRegex(UserError, "Choose the default scenario above"):
            self._get_golive().action_switch_on()
        self.assertFalse(self.company.dunning_is_live)

    def test_queries_do_not_grow(self):
        """As many queries for twenty customers as for two."""
        counts = []
        for number in (2, 20):
            for place in range(number):
                self._create_late_claim(self._create_customer(f"C{number}-{place}"))
            golive = self._get_golive()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            golive.step_ids.mapped("text")
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)


@tagged("post_install", "-at_install")
class TestIntake(GoliveCommon):
    """Old claims and opening balances are followed up once taken in, and not before."""

    def _intake(self, **values):
        return self.env["dunning.golive.intake"].with_user(self.manager).create(values)

    def _get_skipped(self, item):
        lines = item.dunning_line_ids.filtered(lambda line: line.state == "skipped")
        return lines.mapped("step_code")

    def test_left_out_until_taken_in(self):
        self.assertNotDue(self.old, "go_live", "net")
        self.assertNotDue(self.opening, "no_followup", "go_live", "net")

    def test_counts_come_first(self):
        """How many entries of how many customers, for how much, before doing it."""
        intake = self._intake()
        self.assertEqual((intake.item_count, intake.customer_count), (2, 1))
        self.assertEqual(intake.amount, 700)

    def test_filters(self):
        other = self._create_customer("Bosco")
        debt = self._create_claim(day("02-10"), 50, other)
        for values, expected in (
            ({"is_entry_only": True}, self.opening),
            ({"partner_ids": other.ids}, debt),
            ({"due_from": day("01-10")}, self.old | debt),
            ({"due_to": day("01-19")}, self.opening),
            ({"amount_from": 100, "amount_to": 300}, self.old),
            ({"account_ids": self.old.account_id.ids}, self.opening | self.old | debt),
        ):
            with self.subTest(values):
                domain = self._intake(**values)._get_domain()
                self.assertEqual(self.env["account.move.line"].search(domain), expected)

    def test_at_the_first_step(self):
        """The whole film is played, from its beginning."""
        self._intake(position="first").action_apply()
        self.assertEqual(self._get_next(self.old)[0], "reminder_1")
        self.assertEqual(self._get_next(self.opening)[0], "reminder_1")
        self.assertDue(self.old | self.opening)

    def test_at_the_matching_step(self):
        """43 days late, the customer is not told to be a few days late: the steps
        before the matching one count as played, without contact."""
        self._intake(position="matching", due_from=day("01-10")).action_apply()
        self.assertEqual(self._get_skipped(self.old), ["reminder_1", "reminder_2"])
        self.assertEqual(self._get_next(self.old), ("reminder_3", day("02-13")))
        action = self.assertDue(self.old)
        self.assertEqual(action.step_id.code, "reminder_3")
        skipped = self.old.dunning_line_ids.action_id.filtered(
            lambda action: action.origin == "taken_in"
        )
        self.assertEqual(
            (skipped.state, skipped.partner_id), ("skipped", self.customer)
        )
        self.assertIn("Marthe Oger", skipped.reason)

    def test_followed_up_before(self):
        """The start was set later: the reminder that waits already is not skipped."""
        self._intake(position="first", due_from=day("01-10")).action_apply()
        waiting = self.assertDue(self.old)
        self.old.dunning_is_taken_in = False
        self._intake(position="matching", due_from=day("01-10")).action_apply()
        self.assertEqual(waiting.line_ids.state, "open")
        self.assertEqual(self._get_skipped(self.old), ["reminder_2"])

    def test_taking_in_is_no_contact(self):
        """The days between two contacts do not count from it."""
        self.company.dunning_min_days_between_contacts = 5
        self._intake(position="matching").action_apply()
        self.assertDue(self.old | self.opening)

    def test_recent_claim_has_nothing_to_skip(self):
        recent = self._create_claim(day("02-22"), 80)
        self._intake(due_from=day("02-01")).action_apply()
        self.assertFalse(recent.dunning_line_ids)
        self.assertTrue(recent.dunning_is_taken_in)

    def test_undone(self):
        """As if it had never been taken in."""
        self._intake().action_apply()
        self.assertFalse(self._intake().item_count)
        undo = self._intake(direction="out")
        self.assertEqual(undo.item_count, 2)
        undo.action_apply()
        self.assertNotDue(self.old, "go_live", "net")
        self.assertNotDue(self.opening, "no_followup", "go_live", "net")
        self.assertEqual(set(self.old.dunning_line_ids.mapped("state")), {"dropped"})
        self.assertEqual(self._intake().item_count, 2)

    def test_not_undone_once_sent(self):
        """What the customer was told cannot be unsaid."""
        self._intake(position="first", due_from=day("01-10")).action_apply()
        self._play(self.TODAY)
        self.assertFalse(self._intake(direction="out").item_count)
        with self.assertRaisesRegex(UserError, "No entry matches"):
            self._intake(direction="out").action_apply()

    def test_exclusion_by_hand_stays(self):
        """An invoice that somebody excluded is not taken in along with the others."""
        self.old.no_followup = True
        self._intake().action_apply()
        self.assertTrue(self.old.no_followup)
        self.assertFalse(self.old.dunning_is_taken_in)

    def test_last_resort_is_not_landed_on(self):
        """S0-34: a formal notice comes after a reminder, never out of the blue."""
        self._get_step("reminder_3").is_last_resort = True
        self._intake(due_from=day("01-10")).action_apply()
        self.assertEqual(self._get_skipped(self.old), ["reminder_1"])

    def test_queries_do_not_grow(self):
        """As many queries for twenty entries as for two."""
        counts = []
        for number in (2, 20):
            for place in range(number):
                customer = self._create_customer(f"C{number}-{place}")
                self._create_claim(day("01-20"), 10, customer)
            intake = self._intake()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            intake.action_apply()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 10)
