from odoo.tests import tagged

from ..common import day
from .declaration_common import DeclarationCommon


@tagged("post_install", "-at_install")
class TestDeclarationAutomatic(DeclarationCommon):
    """By itself is accepted, where the company says so, what a collector could
    accept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_claim(day("02-20"), 100)
        cls.company.write(
            {
                "dunning_is_promise_accepted": True,
                "dunning_is_paid_accepted": True,
                "dunning_is_not_received_accepted": True,
                "dunning_is_dispute_accepted": True,
            }
        )

    def test_company_decides_which_kinds(self):
        self.company.dunning_is_promise_accepted = False
        declared = self._announce(100, day("03-12"), self.claim)
        self.assertEqual(declared.state, "new")

    def test_usual_promise_is_accepted(self):
        declared = self._announce(100, day("03-12"), self.claim)
        self.assertEqual((declared.state, declared.is_automatic), ("accepted", True))
        self.assertEqual(declared.promise_ids.user_id, self.collector)

    def test_far_promise_waits(self):
        """The visitor's request runs with more rights than a manager's: asked for
        explicitly."""
        declared = self._announce(100, day("06-02"), self.claim)
        self.assertEqual(declared.state, "new")
        self.assertFalse(declared.promise_ids)

    def test_debtor_with_five_broken_promises_waits(self):
        """90 days ahead or not: the word is worth little by now."""
        for on in ("02-05", "02-08", "02-11", "02-14", "02-17"):
            promise = self._promise(
                100, day(on), self.claim, taken_date=day("02-02"), user=self.env.user
            )
            promise.sudo().write({"state": "broken", "judged_date": day(on)})
        declared = self._announce(100, day("03-12"), self.claim)
        self.assertEqual(declared.state, "new")

    def test_once_per_claim(self):
        """Accepted by itself once; the next word of any kind waits for a person."""
        self._announce(100, day("03-12"), self.claim)
        again = self._announce(100, day("03-20"), self.claim, on=day("03-05"))
        self.assertEqual(again.state, "new")
        paid = self._report_paid(self.claim, on=day("03-06"))
        self.assertEqual(paid.state, "new")

    def test_payment_is_held_and_matched(self):
        declared = self._report_paid(self.claim)
        self.assertEqual(declared.state, "accepted")
        task = self._get_task(self.claim.move_id, "match_payment")
        self.assertEqual(task.user_id, self.collector)

    def test_problem_is_opened(self):
        declared = self._object(self.claim, amounts={self.claim: 30})
        self.assertEqual(declared.dispute_ids.amount, 30)

    def test_not_received_three_times(self):
        """The first is sent again and starts afresh; the second and the third are sent
        again and wait for a person."""
        first = self._declare("not_received", self.claim)
        self.assertEqual(first.state, "accepted")
        self.assertEqual(self.claim.dunning_counted_from, self.TODAY)
        with self.mock_mail_gateway():
            second = self._declare("not_received", self.claim, on=day("03-20"))
            self.assertEqual((second.state, second.resent_date), ("new", day("03-20")))
            third = self._declare("not_received", self.claim, on=day("03-22"))
        self.assertEqual((second.state, third.state), ("replaced", "new"))
        self.assertEqual(third.resent_date, day("03-22"))
        self.assertEqual(self.claim.dunning_counted_from, self.TODAY)
        self.assertEqual(third.line_ids.held_until, day("03-24"))
        self._decide(third, on=day("03-23"))
        self.assertEqual(self.claim.dunning_counted_from, day("03-23"))

    def test_not_received_after_a_firm_reminder_waits(self):
        self._get_step("reminder_1").tone = "firm"
        self._play(day("03-04"))
        declared = self._declare("not_received", self.claim)
        self.assertEqual((declared.state, declared.resent_date), ("new", self.TODAY))

    def test_nothing_is_sent_where_the_company_does_not_say_so(self):
        self.company.dunning_is_not_received_accepted = False
        declared = self._declare("not_received", self.claim)
        self.assertFalse(declared.resent_date)
