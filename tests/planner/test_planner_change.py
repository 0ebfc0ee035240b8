from odoo import Command
from odoo.tests import tagged

from ..common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestPlannerChange(DunningCommon):
    """Change in mid-course: of scenario, of steps, of the invoice itself (S0-44)."""

    def _move_to(self, *steps, **values):
        """Give the customer another scenario, made of these steps."""
        self.customer.dunning_scenario_id = self._create_scenario(*steps, **values)

    # ---- another scenario ----------------------------------------------------------

    def test_step_performed_under_the_same_code_counts_as_passed(self):
        """The customer becomes a key account after his first reminder: the first
        reminder of the new film counts as played, the second comes."""
        claim = self._create_claim(day("02-24"))
        self._play(day("03-04"))
        self._move_to(
            self._step("reminder_1", delay=20), self._step("reminder_2", delay=30)
        )
        self.assertEqual(self._get_next(claim), ("reminder_2", day("03-26")))

    def test_step_due_before_the_last_contact_counts_as_passed(self):
        """Last contact 8 days after the due date: what the new film plays on day 5 and
        on day 8 is passed, the call of day 12 comes."""
        claim = self._create_claim(day("02-24"))
        self._play(day("03-04"))
        self._move_to(
            self._step("early", delay=5),
            self._step("same_day", delay=8),
            self._step("late", delay=12),
        )
        self.assertEqual(self._get_next(claim), ("late", day("03-08")))

    def test_own_trigger_of_the_new_film_counts_no_performance(self):
        """The new film's second step is 10 days after its first: for the question
        whether it is passed, day 5 + 10 counts, not the real day of the contact."""
        claim = self._create_claim(day("02-10"))
        self._play(day("03-04"))
        self._move_to(
            self._step("first", delay=5),
            self._step("second", anchor="previous_step", delay=10),
            self._step("third", anchor="previous_step", delay=10),
        )
        self.assertEqual(self._get_next(claim), ("third", day("03-07")))

    def test_claim_never_contacted_starts_the_new_film(self):
        """Nothing was played: the new film begins with its first step."""
        claim = self._create_claim(day("02-10"))
        self._move_to(self._step("first", delay=5), self._step("second", delay=8))
        self.assertEqual(self._get_next(claim)[0], "first")

    def test_skipped_step_is_no_contact(self):
        """The first reminder was skipped, nobody spoke to the customer: the new film
        begins with its first step."""
        claim = self._create_claim(day("02-24"))
        self._plan().action_skip()
        self._move_to(self._step("first", delay=5))
        self.assertEqual(self._get_next(claim)[0], "first")

    def test_waiting_line_of_the_old_film_is_dropped(self):
        """A call waits on the desk when the customer changes scenario: it leaves the
        desk, the new film prepares its own."""
        claim = self._create_claim(day("02-20"))
        old = self._plan()
        self._move_to(self._step("first", delay=5))
        new = self.assertDue(claim, on=day("03-05"))
        self.assertEqual(new.step_id.code, "first")
        self.assertEqual(old.state, "cancelled")
        self.assertEqual(old.line_ids.state, "dropped")

    def test_dropped_line_does_not_count_for_the_position(self):
        """Back in the old film, the dropped first reminder is next again."""
        claim = self._create_claim(day("02-20"))
        self._plan()
        self._move_to(self._step("other", delay=60))
        self._plan(day("03-05"))
        self.customer.dunning_scenario_id = self.scenario
        self.assertEqual(self._get_next(claim)[0], "reminder_1")

    def test_fresh_start_forgets_the_old_film(self):
        """In a new cycle nothing counts of what was performed before the move."""
        claim = self._create_claim(day("02-24"))
        self._play(day("03-04"))
        self._move_to(self._step("reminder_1", delay=5))
        claim.sudo().dunning_cycle += 1
        self.assertEqual(self._get_next(claim)[0], "reminder_1")

    # ---- steps changed -------------------------------------------------------------

    def _get_versions(self, code):
        scenario = self.scenario.with_context(active_test=False)
        return scenario.step_ids.filtered(lambda step: step.code == code)

    def test_played_step_is_archived_where_it_stood(self):
        """The first reminder was played; counted from the invoice now, its played
        version stays in its place, a copy with its code takes over."""
        self._create_claim(day("02-24"))
        self._play(day("03-04"))
        played = self._get_step("reminder_1")
        played.write({"anchor": "invoice_date", "delay": 40})
        copied = self._get_versions("reminder_1") - played
        self.assertFalse(played.active)
        self.assertEqual((played.anchor, played.delay), ("due_date", 8))
        self.assertEqual((copied.anchor, copied.delay), ("invoice_date", 40))

    def test_another_kind_of_channel_makes_another_step(self):
        """The call becomes a letter: what was a call stays one in the history."""
        self._create_claim(day("02-24"))
        self._play(day("03-04"))
        called = self._get_step("reminder_1")
        called.write(
            {
                "channel": "letter",
                "letter_template_id": self.env.ref(
                    "account_dunning_scenario.mail_template_letter_reminder_last"
                ).id,
            }
        )
        copied = self._get_versions("reminder_1") - called
        self.assertEqual((called.active, called.channel), (False, "phone"))
        self.assertEqual((copied.active, copied.channel), (True, "letter"))

    def test_claim_past_the_archived_step_goes_on(self):
        """The archived version counts for the position and as base: the second
        reminder, counted from the first, comes 8 days after it was played."""
        claim = self._create_claim(day("02-24"))
        self._play(day("03-04"))
        self._get_step("reminder_1").write({"anchor": "invoice_date", "delay": 40})
        self.assertEqual(self._get_next(claim), ("reminder_2", day("03-12")))

    def test_claim_before_the_archived_step_plays_the_copy(self):
        """A younger invoice plays the new version: 40 days after its own date."""
        self._create_claim(day("02-24"))
        self._play(day("03-04"))
        self._get_step("reminder_1").write({"anchor": "invoice_date", "delay": 40})
        young = self._create_claim(day("03-03"))
        self.assertEqual(self._get_next(young), ("reminder_1", day("03-13")))

    def test_archived_step_is_never_next(self):
        """A step that was archived by hand is out of the film."""
        self._get_step("reminder_2").active = False
        claim = self._create_claim(day("02-24"))
        self._play(day("03-04"))
        self.assertEqual(self._get_next(claim), ("reminder_3", day("03-20")))

    def test_played_step_moved_behind_keeps_its_place(self):
        """The second reminder is moved behind the third: the invoice that played it
        goes on with the third, one that did not plays the third first."""
        played = self._create_claim(day("02-16"))
        self._play(day("02-24"))
        self._play(day("03-04"))
        self._get_step("reminder_2").sequence = 99
        self.assertEqual(self._get_next(played), ("reminder_3", day("03-12")))
        other = self._create_claim(day("02-24"))
        self._play(day("03-04"))
        self.assertEqual(self._get_next(other)[0], "reminder_3")

    def test_delay_changes_in_place(self):
        """Another delay is no other step: it moves the date only."""
        claim = self._create_claim(day("02-24"))
        self._play(day("03-04"))
        self._get_step("reminder_1").delay = 3
        self.assertEqual(len(self._get_versions("reminder_1")), 1)
        self._get_step("reminder_2").delay = 20
        self.assertEqual(self._get_next(claim), ("reminder_2", day("03-24")))

    def test_step_added_before_the_position_is_not_played_back(self):
        """A satisfaction call is added before the first reminder: invoices that passed
        it are not called, younger ones are."""
        old = self._create_claim(day("02-20"))
        self._play(day("03-04"))
        self._add_steps(self.scenario, {**self._step("call", delay=2), "sequence": 15})
        young = self._create_claim(day("03-01"))
        self.assertEqual(self._get_next(old)[0], "reminder_2")
        self.assertEqual(self._get_next(young)[0], "call")

    def test_step_switched_off_after_it_was_played_still_counts(self):
        """The first reminder is switched off for the future: those who got it go on
        from there."""
        claim = self._create_claim(day("02-24"))
        self._play(day("03-04"))
        self._get_step("reminder_1").is_enabled = False
        self.assertEqual(self._get_next(claim), ("reminder_2", day("03-12")))

    # ---- the invoice changed -------------------------------------------------------

    def _set_terms(self, invoice, *days):
        """Reset an invoice to draft, give it other instalments and post it again."""
        invoice.button_draft()
        invoice.invoice_payment_term_id = self.env["account.payment.term"].create(
            {
                "name": "New terms",
                "line_ids": [
                    Command.create(
                        {
                            "value": "percent",
                            "value_amount": 100 / len(days),
                            "nb_days": number,
                        }
                    )
                    for number in days
                ],
            }
        )
        invoice.action_post()
        return self._get_claims(invoice)

    def test_draft_takes_a_waiting_action_off_the_desk(self):
        """The invoice is corrected while its reminder waits: case C17."""
        claim = self._create_claim(day("02-20"))
        action = self._plan()
        claim.move_id.button_draft()
        self.assertEqual(action.state, "cancelled")
        self.assertEqual(action.line_ids.state, "dropped")

    def test_posted_again_unchanged_goes_on_where_it_was(self):
        """A draft for the length of a coffee does not start the film again."""
        claim = self._create_claim(day("02-24"))
        self._play(day("03-04"))
        claim.move_id.button_draft()
        claim.move_id.action_post()
        self.assertEqual(self._get_next(claim), ("reminder_2", day("03-12")))

    def test_rewritten_instalments_take_over_their_history(self):
        """The lines of the invoice are entered anew: Odoo deletes the instalments, and
        each new one takes over the history of the one in its place."""
        first, second = self._create_instalments(day("01-10"), 10, 30)
        self._play(day("01-28"))
        self._play(day("02-17"))
        self.assertEqual(
            [self._get_next(claim)[0] for claim in (first, second)],
            ["reminder_3", "reminder_2"],
        )
        invoice = first.move_id
        invoice.button_draft()
        invoice.invoice_line_ids.unlink()
        invoice.invoice_line_ids = [
            self._prepare_invoice_line(price_unit=210.0, tax_ids=[])
        ]
        invoice.action_post()
        self.assertFalse((first | second).exists())
        self.assertEqual(
            [self._get_next(claim)[0] for claim in self._get_claims(invoice)],
            ["reminder_3", "reminder_2"],
        )

    def test_instalment_with_a_history_of_its_own_keeps_it(self):
        """Two instalments, both reminded, become one of 40 days, then one of 5 and one
        of 40: no item is given two histories."""
        first, _second = self._create_instalments(day("01-10"), 10, 30)
        self._play(day("01-28"))
        self._play(day("02-17"))
        invoice = first.move_id
        self._set_terms(invoice, 40)
        items = self._set_terms(invoice, 5, 40)
        for item in items:
            steps = item.dunning_line_ids.mapped("step_code")
            self.assertEqual(len(steps), len(set(steps)))
