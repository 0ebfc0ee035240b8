from datetime import datetime

from odoo.tests import freeze_time, tagged

from ..common import day
from .test_entry import EntryCommon

CALL_DAY = "2026-03-23 10:00:00"


@tagged("post_install", "-at_install")
class TestCallSurvey(EntryCommon):
    """A week before the due date somebody calls to hear whether all is well (S2-09)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(CALL_DAY))
        (cls.late | cls.later).move_id.button_draft()

    def _call_before(self):
        call = self._plan(day("03-23"))
        self.assertEqual(call.kind, "notice")
        call.with_user(self.collector).action_confirm()
        call.with_user(self.collector)._deliver(datetime(2026, 3, 23, 12))
        return call

    def _answer(self, call, well="yes", score="5", received="yes", **values):
        return self._note(
            call,
            went_well=well,
            satisfaction=score,
            is_received=received,
            **values,
        )

    def test_all_is_well_and_will_be_paid(self):
        """S2-16: the confirmation is a promise for the due date."""
        call = self._call_before()
        self._answer(call, is_confirmed="yes")
        promise = self._get_answers("dunning.promise")
        self.assertEqual((promise.amount, promise.date), (50, day("03-30")))
        self.assertEqual(promise.action_id, call)
        self.assertEqual((call.state, call.satisfaction), ("done", 5))

    def test_payment_is_asked_only_when_all_is_well(self):
        """S2-12, S2-16: one answer that is not good, and money is no subject."""
        dialog = self._open(self._call_before())
        self.assertTrue(dialog.is_survey)
        self.assertFalse(dialog.is_all_good)
        dialog.went_well = "yes"
        dialog.satisfaction = "4"
        self.assertFalse(dialog.is_all_good)
        dialog.is_received = "yes"
        self.assertTrue(dialog.is_all_good)
        for name, bad, good in (
            ("satisfaction", "3", "4"),
            ("is_received", "no", "yes"),
            ("went_well", "no", "yes"),
        ):
            with self.subTest(bad=name):
                setattr(dialog, name, bad)
                self.assertFalse(dialog.is_all_good)
                setattr(dialog, name, good)

    def test_confirmation_does_not_outlive_a_bad_answer(self):
        dialog = self._open(self._call_before())
        dialog.went_well = dialog.is_received = "yes"
        dialog.satisfaction = "5"
        dialog.is_confirmed = "yes"
        dialog.satisfaction = "2"
        dialog.save().action_save()
        self.assertFalse(self._get_answers("dunning.promise"))

    def test_something_went_wrong(self):
        """S2-18: the questions bring disputes to light."""
        call = self._call_before()
        dialog = self._open(call)
        dialog.went_well = "no"
        self.assertTrue(dialog.has_dispute)
        dialog.dispute_reason_id = self.reason
        dialog.save().action_save()
        dispute = self._get_answers("dunning.dispute")
        self.assertEqual((dispute.amount, dispute.action_id), (50, call))

    def test_invoice_was_not_received(self):
        """S2-15: it is sent again."""
        call = self._call_before()
        with self.mock_mail_gateway():
            self._answer(call, received="no")
        reason = self._get_answers("dunning.nonpayment")
        self.assertEqual(reason.reason, "not_received")
        self.assertEqual(reason.move_id, self.early.move_id)
        self.assertFalse(self._get_answers("dunning.promise"))

    def test_bad_score_is_dealt_with(self):
        """S2-02, S2-19: dissatisfaction is recorded, and somebody is to call."""
        call = self._call_before()
        self._answer(call, score="1")
        self.assertTrue(call.is_dissatisfied)

    def test_chatter_keeps_the_answers(self):
        call = self._call_before()
        self._answer(call, is_confirmed="no")
        body = " ".join(call.message_ids.mapped("body"))
        self.assertIn("Everything went well. The invoice was received.", body)
        self.assertIn("Its payment is not confirmed.", body)

    def test_reminder_is_no_survey(self):
        (self.late | self.later).move_id.action_post()
        call = self._plan(day("03-23")).filtered(lambda a: a.kind == "reminder")
        call.with_user(self.collector).action_confirm()
        call.with_user(self.collector)._deliver(datetime(2026, 3, 23, 12))
        self.assertFalse(self._open(call).is_survey)
