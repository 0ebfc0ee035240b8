from odoo.tests import HttpCase, freeze_time, tagged

from ..answers.test_entry import EntryCommon
from ..common import day

MODULE = "account_dunning_scenario"
CALLS = f"/odoo/action-{MODULE}.dunning_action_action_call"
DISPUTES = f"/odoo/action-{MODULE}.dunning_dispute_action"


@tagged("post_install", "-at_install", "browser")
class TestTours(EntryCommon, HttpCase):
    """The days of a collector and of a salesperson, in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in cls.collector | cls.paul | cls.sarah:
            user.tour_enabled = False

    def test_promise_on_a_call(self):
        """S0-25: the collector calls, the customer promises, nobody reminds them."""
        call = self._call()
        self.start_tour(CALLS, "dunning_call_promise", login="camille")
        promise = self._get_answers("dunning.promise")
        self.assertEqual((promise.state, promise.amount), ("open", 170))
        self.assertEqual((promise.date, promise.action_id), (day("03-10"), call))
        self.assertEqual((call.state, call.outcome), ("done", "promise"))
        self.assertEqual(call.satisfaction, 4)
        self.assertIn("held", self._get_failed(self.late, day("03-12")))

    def test_broken_promise(self):
        """Nothing came: the collector finds the task, and calls again."""
        promise = self._promise(100, day("03-04"), self.late)
        self._judge(day("03-08"))
        with freeze_time("2026-03-08 10:00:00"):
            self.start_tour("/odoo", "dunning_broken_promise", login="camille")
        self.assertEqual(promise.state, "broken")
        self.assertFalse(promise.activity_ids)
        contact = self._get_contact()
        self.assertEqual(contact.performed_date, day("03-08"))
        self.assertIn("cheque was lost", contact.message_ids[0].body)

    def test_dispute_from_a_call_to_a_credit_note(self):
        """S2-21: the customer is right; the invoice is credited, the dispute ends."""
        self.paul.group_ids |= self.env.ref("account.group_account_invoice")
        self.reason.name = "Cracked"
        call = self._call()
        self.start_tour(CALLS, "dunning_call_dispute", login="camille")
        dispute = self._get_answers("dunning.dispute")
        self.assertEqual((call.outcome, dispute.amount), ("dispute", 100))
        self.assertEqual(dispute.owner_id, self.paul)
        self.start_tour(DISPUTES, "dunning_dispute_credit", login="paul")
        credit_notes = dispute.credit_note_ids
        self.assertEqual(set(credit_notes.mapped("state")), {"posted"})
        self.assertEqual((dispute.state, dispute.outcome), ("settled", "founded"))
        self.assertEqual(dispute.resolution, "credit_note")

    def test_salesperson(self):
        """S2-30: the salesperson is told, and has a say, about own customers only."""
        borel = self._create_customer("Borel")
        claim = self._create_claim(day("02-20"), customer=borel)
        self._dispute(claim, partner_id=borel.id)
        dispute = self._dispute(self.late)
        self.start_tour(DISPUTES, "dunning_salesperson", login="sarah")
        note = dispute.message_ids[0]
        self.assertEqual(note.author_id, self.sarah.partner_id)
        self.assertIn("it is cracked", note.body)
        url = f"/odoo/res.partner/{self.customer.id}"
        self.start_tour(url, "dunning_salesperson_note", login="sarah")
        contact = self._get_contact()
        self.assertEqual(contact.salesperson_id, self.sarah)
        self.assertIn("the rest on Friday", contact.message_ids[0].body)

    def test_answer_by_email_is_noted_in_two_clicks(self):
        self.customer.message_post(
            body="We pay on Friday.",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=self.customer.id,
        )
        url = f"/odoo/res.partner/{self.customer.id}"
        self.start_tour(url, "dunning_email_answer", login="camille")
        self.assertEqual(self._get_contact().channel, "email")
