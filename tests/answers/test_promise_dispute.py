from odoo import Command
from odoo.tests import freeze_time, tagged

from ..common import day
from .test_dispute import DisputeCommon


@tagged("post_install", "-at_install")
class TestPromiseDispute(DisputeCommon):
    """What is disputed is not expected by a promise made before (S0-06), nor taken for
    what is promised after."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_claim(day("02-20"), 100)

    @freeze_time("2026-03-04 23:30:00")
    def test_noted_on_the_day_of_their_company(self):
        """It is the 5th in Lyon already, whatever company the user looks at."""
        self.company.partner_id.tz = "Europe/Paris"
        other = self.setup_other_company(name="Elsewhere")["company"]
        self.collector.company_ids = [Command.link(other.id)]
        looking_at = (other | self.company).ids
        env = self.env(
            user=self.collector.id, context={"allowed_company_ids": looking_at}
        )
        values = {
            "company_id": self.company.id,
            "partner_id": self.customer.id,
            "claim_ids": [Command.create({"move_line_id": self.claim.id})],
        }
        promise = env["dunning.promise"].create(
            {**values, "amount": 100, "date": day("03-10")}
        )
        dispute = env["dunning.dispute"].create({**values, "reason_id": self.reason.id})
        for noted_date in (promise.taken_date, dispute.opened_date):
            self.assertEqual(noted_date, day("03-05"))

    def test_disputed_after_the_promise(self):
        """The customer finds the damage later: their word is not broken."""
        promise = self._promise(100, day("03-10"), self.claim)
        dispute = self._dispute(self.claim)
        self.assertEqual(promise.state, "cancelled")
        self._judge(day("03-20"))
        self._settle(dispute)
        self.assertEqual(promise.state, "cancelled")
        self.assertIn("no longer expected", "".join(promise.message_ids.mapped("body")))

    def test_part_is_disputed_after_the_promise(self):
        """40 of 100 are disputed: 60 in time is all that is expected, also once the
        dispute is settled and the rest is paid late."""
        promise = self._promise(100, day("03-10"), self.claim)
        dispute = self._dispute(self.claim, amount=40)
        self.assertEqual(promise.state, "open")
        self._pay(self.claim, day("03-09"), amount=60)
        self.assertEqual(promise.state, "kept")
        self._settle(dispute)
        self._pay(self.claim, day("04-09"), amount=40)
        self.assertEqual((promise.state, promise.amount_paid), ("kept", 60))

    def test_undisputed_part_not_paid(self):
        promise = self._promise(100, day("03-04"), self.claim)
        self._dispute(self.claim, amount=40)
        self._judge(day("03-08"))
        self.assertEqual(promise.state, "broken")

    def test_rest_of_what_was_promised_is_disputed(self):
        """70 of the promised 100 came; the customer disputes the rest: kept."""
        promise = self._promise(100, day("03-10"), self.claim)
        self._pay(self.claim, day("03-04"), amount=70)
        self._dispute(self.claim)
        self.assertEqual(promise.state, "kept")

    def test_dispute_beside_the_promise(self):
        """50 of 100 are promised, 40 disputed: both stand."""
        promise = self._promise(50, day("03-10"), self.claim)
        self._dispute(self.claim, amount=40)
        self.assertEqual(promise.claim_ids.share, 50)

    def test_dispute_in_francs(self):
        """200 francs at 2 for one of the company's are promised, a quarter disputed."""
        franc = self.setup_other_currency("CHF", rates=[("1900-01-01", 2.0)])
        claim = self._create_claim(day("02-20"), 200, currency_id=franc.id)
        promise = self._promise(200, day("03-10"), claim, currency_id=franc.id)
        self._dispute(claim, amount=25)
        self.assertEqual(promise.claim_ids.share, 150)
        self.assertEqual(promise.claim_ids.amount_currency, 150)
        self.assertEqual(promise.claim_ids.amount, 75)

    def test_more_is_disputed_later(self):
        """The dispute of 20 becomes one of 60: 40 are expected."""
        promise = self._promise(80, day("03-10"), self.claim)
        dispute = self._dispute(self.claim, amount=20)
        self.assertEqual(promise.claim_ids.share, 80)
        dispute.claim_ids = [Command.update(dispute.claim_ids.id, {"amount": 60})]
        self.assertEqual(promise.claim_ids.share, 40)

    def test_dispute_is_opened_again(self):
        """The customer promised once it was settled, and does not accept it after
        all."""
        dispute = self._dispute(self.claim)
        self._settle(dispute)
        promise = self._promise(100, day("03-10"), self.claim)
        dispute.action_reopen()
        self.assertEqual(promise.state, "cancelled")

    def test_round_sum_goes_to_what_is_not_disputed_first(self):
        """All of the oldest is disputed: 70 are promised of the other."""
        other = self._create_claim(day("02-21"), 70)
        self._dispute(self.claim)
        promise = self._promise(70, day("03-10"))
        self.assertEqual(promise.claim_ids.move_line_id, other)
        self.assertNotDue(other, "held", "net")

    def test_disputed_part_is_promised_last(self):
        """40 of 100 disputed, 80 promised of 100 and 10: 60, 10, then 10 more of what
        is disputed, all the same."""
        other = self._create_claim(day("02-25"), 10)
        self._dispute(self.claim, amount=40)
        promise = self._promise(80, day("03-10"))
        shares = {claim.move_line_id: claim.share for claim in promise.claim_ids}
        self.assertEqual(shares, {self.claim: 70, other: 10})
