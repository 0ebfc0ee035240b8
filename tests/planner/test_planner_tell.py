from odoo.tests import tagged

from ..common import day
from ..delivery.common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestPlannerTell(DeliveryCommon):
    """What comes next for an invoice, as one would say it on the phone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._use_channel("email")
        cls._get_step("reminder_2").channel = "phone"

    def _tell(self, item, on=None, lang="en_US"):
        planner = self.planner.with_user(self.collector).with_context(lang=lang)
        return planner._tell(item.with_user(self.collector), on or self.TODAY)[item]

    def _contact(self, on, **values):
        """A contact made by hand."""
        return (
            self.env["dunning.action"]
            .sudo()
            .create(
                {
                    "partner_id": self.customer.id,
                    "channel": "phone",
                    "state": "done",
                    "planned_date": on,
                    "performed_date": on,
                    **values,
                }
            )
        )

    # ---- what comes ------------------------------------------------------------------

    def test_coming_step_is_told_with_its_day_and_why_then(self):
        claim = self._create_late_claim()
        self._play(day("03-04"))
        self.assertEqual(
            self._tell(claim),
            "Reminder 2, by phone, on March 12, 2026: 8 days after Reminder 1.",
        )

    def test_step_of_today_is_prepared_by_the_next_planning(self):
        claim = self._create_late_claim()
        self.assertEqual(
            self._tell(claim),
            "Reminder 1, by e-mail, today: 8 days after the due date. "
            "The next planning prepares it.",
        )

    def test_step_waits_because_the_customer_was_called_yesterday(self):
        """The collector's question of every day: why is nothing sent?"""
        self.company.dunning_min_days_between_contacts = 5
        claim = self._create_claim(day("02-23"))
        self._contact(day("03-03"))
        self.assertEqual(
            self._tell(claim),
            "Reminder 1, by e-mail, due since March 3, 2026: 8 days after the due "
            "date. It waits until March 8, 2026 because the customer was called "
            "yesterday.",
        )

    def test_days_are_written_as_the_reader_does(self):
        self.company.dunning_min_days_between_contacts = 5
        claim = self._create_claim(day("02-23"))
        self._contact(day("02-28"), channel="email")
        told = self._tell(claim, lang="fr_FR")
        self.assertIn("3 mars 2026", told)
        self.assertIn("28 février 2026", told)

    def test_contact_long_enough_before_the_coming_step_is_not_mentioned(self):
        self.company.dunning_min_days_between_contacts = 5
        claim = self._create_claim(day("03-01"))
        self._contact(day("03-03"))
        self.assertEqual(
            self._tell(claim),
            "Reminder 1, by e-mail, on March 9, 2026: 8 days after the due date.",
        )
        self._contact(day("03-06"), state="scheduled", performed_date=False)
        self.assertIn(
            "It waits until March 11, 2026 because another contact is prepared on "
            "March 6, 2026.",
            self._tell(claim),
        )

    def test_customer_in_stop(self):
        claim = self._create_late_claim()
        self.customer.dunning_is_stopped = True
        self.assertIn(
            "The customer is in stop: it will wait on the desk, unticked.",
            self._tell(claim),
        )

    def test_working_days_credits_and_minimum(self):
        self.scenario.is_business_days_only = True
        claim = self._create_late_claim()
        self.assertIn("next working day", self._tell(claim, day("03-07")))
        self.scenario.amount_minimum = 500
        amount = self.company.currency_id.format(100)
        self.assertIn(f"It waits: {amount} is below", self._tell(claim))
        self._create_credit_note(150, day("03-01"))
        self.assertIn("owes nothing, credits deducted", self._tell(claim))

    # ---- what does not ---------------------------------------------------------------

    def test_each_reason_for_leaving_a_claim_alone_is_told(self):
        claim = self._create_late_claim()
        stories = {
            "excluded from follow-up": lambda: claim.write({"no_followup": True}),
            "before the follow-up started": lambda: self.company.write(
                {"dunning_go_live_date": day("03-01")}
            ),
            "insolvency of March 2, 2026": lambda: self.customer.write(
                {"dunning_insolvent_since": day("03-02")}
            ),
            "no scenario applies": lambda: self.customer.write(
                {"dunning_scenario_id": False}
            ),
        }
        for expected, story in stories.items():
            with self.subTest(expected), self.env.cr.savepoint() as savepoint:
                story()
                self.assertIn(expected, self._tell(claim))
                savepoint.rollback()
                self.env.invalidate_all()

    def test_promise_is_told_with_the_day_until_which_it_holds(self):
        claim = self._create_late_claim()
        promise = {"partner_id": self.customer.id, "amount": 100, "date": day("03-10")}
        self.env["dunning.promise"].create(promise)
        self.assertEqual(
            self._tell(claim),
            "On hold until March 13, 2026: promise. Afterwards: Reminder 1, by e-mail.",
        )

    def test_dispute_has_no_end_that_is_known(self):
        claim = self._create_late_claim()
        self.env["dunning.dispute"].create(
            {
                "partner_id": self.customer.id,
                "reason_id": self.env["dunning.dispute.reason"].search([], limit=1).id,
                "claim_ids": [(0, 0, {"move_line_id": claim.id})],
            }
        )
        self.assertIn("On hold: dispute.", self._tell(claim))

    def test_postponed(self):
        claim = self._create_late_claim()
        action = self._plan()
        action.action_postpone(day("03-20"))
        self.assertEqual(
            self._tell(claim),
            "Postponed until March 20, 2026. Afterwards: Reminder 1, by e-mail.",
        )

    def test_film_is_over_after_the_last_step(self):
        claim = self._create_late_claim()
        for played in ("03-04", "03-12", "03-20"):
            self._play(day(played))
        self.assertEqual(
            self._tell(claim, day("03-30")),
            "The scenario is over: Reminder 3 was the last step.",
        )

    # ---- actions under way -----------------------------------------------------------

    def test_claim_in_an_action_says_where_it_stands(self):
        """From the desk to the outgoing queue, and back when it fails."""
        claim = self._create_late_claim()
        action = self._plan()
        start = "Reminder 1, by e-mail,"
        desk = f"{start} has been on the desk since March 4, 2026"
        self.assertEqual(self._tell(claim), f"{desk}, to be confirmed.")
        action.write({"is_ticked": False, "untick_reason": "stale"})
        self.assertEqual(
            self._tell(claim), f"{desk}, unticked: Bank entries are not up to date."
        )
        action.action_confirm()
        self.assertEqual(self._tell(claim), f"{start} is scheduled for March 4, 2026.")
        action._fail("No address.")
        self.assertEqual(self._tell(claim), f"{start} failed: No address.")

    # ---- paid ------------------------------------------------------------------------

    def test_thanks_to_come_then_said(self):
        thanks = {**self._thanks(), "scenario_id": self.scenario.id, "sequence": 90}
        self.env["dunning.step"].create(thanks)
        claim = self._create_late_claim()
        self._pay(claim, day("03-03"))
        self.assertEqual(
            self._tell(claim),
            "Paid. Thanks to come on March 11, 2026, by phone: 8 days after the "
            "payment.",
        )
        self._play(day("03-11"))
        self.assertIn("was thanked", self._tell(claim, day("03-12")))

    def test_credited_invoice_is_nothing_to_thank_for(self):
        claim = self._create_late_claim()
        (claim | self._create_credit_note(100, day("03-01"))).reconcile()
        self.assertIn("not by a payment", self._tell(claim))

    # ---- where it is read ------------------------------------------------------------

    def test_why_dialog_begins_with_the_sentence(self):
        claim = self._create_late_claim()
        dialog = self.env["dunning.planner.explain"].with_user(self.collector)
        body = dialog.create({"item_ids": claim.ids, "day": self.TODAY}).body
        self.assertIn("8 days after the due date. The next planning", body)
        self.assertLess(body.index("The next planning"), body.index("<table"))

    def test_one_sentence_per_item_in_as_many_queries(self):
        """Twenty invoices are told with the queries of one."""
        self.company.dunning_min_days_between_contacts = 5
        self._contact(day("03-03"))
        claims = self._create_late_claim()
        counts = []
        for size in (1, 20):
            while len(claims) < size:
                claims |= self._create_late_claim()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            told = self.planner._tell(claims, self.TODAY)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(list(told), list(claims))
            self.planner._tell(claims, self.TODAY)
        self.assertLessEqual(counts[1], counts[0])
