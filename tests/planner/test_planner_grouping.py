from datetime import datetime

from odoo.tests import tagged

from ..common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestPlannerGrouping(DunningCommon):
    """One action per customer, per step or per invoice."""

    def test_customer_gets_one_action_each_claim_its_own_step(self):
        """One invoice is at its second reminder, another at its first: one call, by the
        second reminder's means; each keeps its own step: case C12 (P1)."""
        old = self._create_claim(day("02-10"), 100.0)
        self._play(day("02-18"))
        self._get_step("reminder_2").write(
            {
                "channel": "letter",
                "send_hour": 14.5,
                "letter_template_id": self.env.ref(
                    "account_dunning_scenario.mail_template_letter_reminder_last"
                ).id,
            }
        )
        new = self._create_claim(day("02-20"), 40.0)
        action = self.assertDue(old | new)
        self.assertEqual(len(action), 1)
        self.assertEqual(action.step_id.code, "reminder_2")
        self.assertEqual(action.channel, "letter")
        self.assertEqual(action.amount_total, 140.0)
        codes = {line.move_line_id: line.step_code for line in action.line_ids}
        self.assertEqual(codes, {old: "reminder_2", new: "reminder_1"})

    def test_claim_that_is_not_due_does_not_join(self):
        """An invoice that is 3 days late waits for its own reminder."""
        due = self._create_claim(day("02-20"))
        waiting = self._create_claim(day("03-01"))
        self.assertDue(due)
        self.assertEqual(self._get_next(waiting), ("reminder_1", day("03-09")))

    def test_first_reminder_joins_without_jumping_to_the_last(self):
        """After the joint call the new invoice's own second reminder is next."""
        self._create_claim(day("02-10"))
        self._play(day("02-18"))
        new = self._create_claim(day("02-20"))
        self._play(day("03-04"))
        self.assertEqual(self._get_next(new), ("reminder_2", day("03-12")))

    def test_notices_make_an_action_of_their_own(self):
        """An announcement does not belong into a reminder."""
        late = self._create_claim(day("02-20"))
        coming = self._create_claim(day("03-06"))
        by_kind = self.assertDue(late | coming).grouped("kind")
        self.assertEqual(by_kind["reminder"].line_ids.move_line_id, late)
        self.assertEqual(by_kind["notice"].line_ids.move_line_id, coming)

    def test_optional_steps_make_an_action_of_their_own(self):
        """An optional second reminder does not take the first one along unticked."""
        self._get_step("reminder_2").mode = "optional"
        old = self._create_claim(day("02-10"))
        self._play(day("02-18"))
        new = self._create_claim(day("02-20"))
        by_mode = self.assertDue(old | new).grouped("mode")
        self.assertEqual(by_mode["optional"].line_ids.move_line_id, old)
        self.assertEqual(by_mode["confirm"].line_ids.move_line_id, new)
        self.assertTrue(by_mode["confirm"].is_ticked)

    def test_step_grouping(self):
        """Per step: the two first reminders together, the second one apart."""
        self.scenario.grouping = "step"
        old = self._create_claim(day("02-10"))
        self._play(day("02-18"))
        new = self._create_claim(day("02-20")) | self._create_claim(day("02-21"))
        by_step = self.assertDue(old | new).grouped(lambda a: a.step_id.code)
        self.assertEqual(by_step["reminder_2"].line_ids.move_line_id, old)
        self.assertEqual(by_step["reminder_1"].line_ids.move_line_id, new)

    def test_invoice_grouping(self):
        """Per invoice: as many actions as claims, each with its own amount."""
        self.scenario.grouping = "invoice"
        claims = self._create_claim(day("02-20"), 10.0)
        claims |= self._create_claim(day("02-20"), 20.0)
        actions = self.assertDue(claims)
        self.assertEqual(sorted(actions.mapped("amount_total")), [10.0, 20.0])

    def test_customers_are_never_mixed(self):
        """Each customer hears of his own invoices only."""
        neighbour = self._create_customer("Blanc and Sons")
        mine = self._create_claim(day("02-20"))
        theirs = self._create_claim(day("02-20"), customer=neighbour)
        for action in self.assertDue(mine | theirs):
            self.assertEqual(action.line_ids.partner_id, action.partner_id)

    def test_statement_lists_all_open_items_of_the_customer(self):
        """The customer sees the whole account: the reminded invoice, the one to come
        and the credit note (S1-52)."""
        due = self._create_claim(day("02-20"))
        coming = self._create_claim(day("04-20"), date=day("03-01"))
        credit = self._create_credit_note(30.0, day("03-01"))
        action = self.assertDue(due)
        for item in due | coming | credit:
            self.assertIn(item.move_id.name, action.statement_html)

    def test_send_time_is_the_step_s_hour_where_the_customer_lives(self):
        """9:00 for a customer in Tokyo is midnight in London, 14:30 for one without
        zone is half past two at the company (S0-31, P16)."""
        self.company.partner_id.tz = "Europe/Paris"
        self._get_step("reminder_1").send_hour = 9.0
        self.customer.tz = "Asia/Tokyo"
        near = self._create_customer("Blanc and Sons", tz=False)
        self._create_claim(day("02-20"))
        self._create_claim(day("02-20"), customer=near)
        times = {a.partner_id: a.scheduled_at for a in self._plan()}
        self.assertEqual(times[self.customer], datetime(2026, 3, 4, 0, 0))
        self.assertEqual(times[near], datetime(2026, 3, 4, 8, 0))

    def test_people_are_written_on_the_action(self):
        """The customer's collector, else the company's; and his salesperson."""
        seller, own = (
            self.env["res.users"]
            .sudo()
            .create([{"name": n, "login": f"story_{n}"} for n in ("Sam", "Col")])
        )
        self.customer.write({"user_id": seller.id, "dunning_collector_id": own.id})
        other = self._create_customer("Blanc and Sons")
        self._create_claim(day("02-20"))
        self._create_claim(day("02-20"), customer=other)
        people = {a.partner_id: a.collector_id for a in self._plan()}
        self.assertEqual(people[self.customer], own)
        self.assertEqual(people[other], self.company.dunning_collector_id)
        self.assertEqual(self.customer.dunning_action_ids.salesperson_id, seller)
