from odoo.tests import tagged

from ..common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestPlannerSpacing(DunningCommon):
    """Enough days between two contacts with a customer (S0-12)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dunning_min_days_between_contacts = 5

    def _create_manual_action(self, on, **values):
        """Record a contact made by hand on a day."""
        # sudo: the journal of actions is written by methods only
        return (
            self.env["dunning.action"]
            .sudo()
            .create(
                {
                    "partner_id": self.customer.id,
                    "channel": "phone",
                    "planned_date": on,
                    "performed_date": on,
                    "state": "done",
                    **values,
                }
            )
        )

    def test_next_step_waits_for_the_days_in_between(self):
        """Called about one invoice today; another falls due in 2 days: it waits until
        5 days have passed."""
        self._create_claim(day("02-20"))
        other = self._create_claim(day("02-26"))
        self._play(day("03-04"))
        self.assertNotDue(other, "spacing", on=day("03-08"))
        self.assertDue(other, on=day("03-09"))

    def test_zero_switches_the_spacing_off(self):
        """A company that minds no spacing contacts the customer the very next day."""
        self.company.dunning_min_days_between_contacts = 0
        self._create_claim(day("02-20"))
        other = self._create_claim(day("02-25"))
        self._play(day("03-04"))
        self.assertDue(other, on=day("03-05"))

    def test_scenario_may_raise_the_spacing(self):
        """Key accounts are left 10 days of peace, whatever the company's 5."""
        self.scenario.min_days_between_contacts = 10
        called = self._create_claim(day("02-20"))
        other = self._create_claim(day("02-26"))
        self._play(day("03-04"))
        self.assertNotDue(other, "spacing", on=day("03-13"))
        self.assertDue(called | other, on=day("03-14"))

    def test_scenario_cannot_lower_the_spacing(self):
        """2 days in the scenario do not undercut the company's 5."""
        self.scenario.min_days_between_contacts = 2
        self._create_claim(day("02-20"))
        other = self._create_claim(day("02-26"))
        self._play(day("03-04"))
        self.assertNotDue(other, "spacing", on=day("03-08"))

    def test_open_action_counts_as_contact(self):
        """A call waiting on the desk is a contact about to happen."""
        self._create_claim(day("02-20"))
        other = self._create_claim(day("02-26"))
        self._plan()
        self.assertNotDue(other, "spacing", on=day("03-08"))

    def test_skipped_action_does_not_count(self):
        """Nobody was contacted by an action that was skipped."""
        self._create_claim(day("02-20"))
        other = self._create_claim(day("02-26"))
        self._plan().action_skip()
        self.assertDue(other, on=day("03-06"))

    def test_cancelled_action_does_not_count(self):
        """The invoice was paid before the call: no contact took place."""
        paid = self._create_claim(day("02-20"))
        other = self._create_claim(day("02-26"))
        action = self._plan()
        self._pay(paid, day("03-04"))
        self.assertEqual(action.state, "cancelled")
        self.assertDue(other, on=day("03-06"))

    def test_contact_made_by_hand_counts(self):
        """The collector called yesterday on his own: no reminder today (P21)."""
        claim = self._create_claim(day("02-20"))
        self._create_manual_action(day("03-03"))
        self.assertNotDue(claim, "spacing")
        self.assertDue(claim, on=day("03-08"))

    def test_contact_in_another_scenario_and_channel_counts(self):
        """A letter of another scenario keeps the call of this one waiting."""
        other_scenario = self._create_scenario(
            self._step(
                "reminder_1",
                delay=12,
                channel="letter",
                letter_template_id=self.env.ref(
                    "account_dunning_scenario.mail_template_letter_reminder_last"
                ).id,
            )
        )
        letter = self._create_claim(day("02-20"))
        letter.move_id.dunning_scenario_id = other_scenario
        call = self._create_claim(day("02-26"))
        self._play(day("03-04"))
        self.assertEqual(letter.dunning_line_ids.state, "done")
        self.assertNotDue(call, "spacing", on=day("03-06"))

    def test_thanks_do_not_count(self):
        """A thank-you of today does not keep a reminder waiting."""
        claim = self._create_claim(day("02-20"))
        self._create_manual_action(day("03-04"), kind="thanks")
        self.assertDue(claim)

    def test_notice_waits_at_most_until_it_expires(self):
        """The notice waits for the spacing, its claim falls overdue: it is never sent,
        the reminder follows in its time."""
        claim = self._create_claim(day("03-06"))
        self._create_manual_action(day("03-03"))
        self.assertNotDue(claim, "spacing", on=day("03-06"))
        self.assertEqual(
            self._get_next(claim, day("03-08")), ("reminder_1", day("03-14"))
        )

    def test_one_action_per_customer_and_day_overdue_first(self):
        """A reminder and a notice are due on the same day: the reminder goes, the
        notice waits (S0-12, case C12)."""
        late = self._create_claim(day("02-20"))
        coming = self._create_claim(day("03-06"))
        self.assertEqual(self._get_failed(coming), {"merged"})
        self.assertDue(late)
        self.assertEqual(self._get_failed(coming), {"spacing"})

    def test_one_action_per_customer_whatever_the_scenarios(self):
        """Two invoices play two scenarios: one contact today, the higher step."""
        other = self._create_scenario(self._step("reminder_1", delay=1))
        first = self._create_claim(day("02-20"))
        second = self._create_claim(day("02-20"))
        second.move_id.dunning_scenario_id = other
        actions = self._plan()
        self.assertEqual(len(actions), 1)
        self.assertEqual(actions.line_ids.move_line_id, first)
        self.assertEqual(actions.step_id, self._get_step("reminder_1"))

    def test_without_spacing_notice_and_reminder_go_both(self):
        """Spacing off: the notice makes an action of its own, the same day."""
        self.company.dunning_min_days_between_contacts = 0
        late = self._create_claim(day("02-20"))
        coming = self._create_claim(day("03-06"))
        actions = self.assertDue(late | coming)
        self.assertEqual(sorted(actions.mapped("kind")), ["notice", "reminder"])

    def test_other_customers_do_not_wait(self):
        """A call to one customer keeps nobody else waiting."""
        self._create_claim(day("02-20"))
        self._play(day("03-03"))
        neighbour = self._create_customer("Blanc and Sons")
        self.assertDue(self._create_claim(day("02-20"), customer=neighbour))
