from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import day
from .delivery_common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestSatisfaction(DeliveryCommon):
    """A call in which the customer also says how satisfied they are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._use_channel("phone")
        cls.claim = cls._create_late_claim()
        cls.call = cls._plan()
        cls.call.with_user(cls.collector).action_confirm()
        cls._send(cls.call)

    def _say(self, score, words=None, action=None, **values):
        """Let the collector note what the customer said in a call."""
        action = (action or self.call).with_user(self.collector)
        return action._register_satisfaction(score, words, **values)

    # ---- the answer ------------------------------------------------------------------

    def test_good_answer_in_a_call(self):
        """S0-27, S2-14: the third field of the report of a call."""
        rating = self._say(5, "Delivered on time")
        self.assertEqual(self.call.satisfaction, 5)
        self.assertEqual(self.call.satisfaction_words, "Delivered on time")
        self.assertEqual(self.call.satisfaction_date, self.TODAY)
        self.assertEqual(self.call.state, "done", "the call was made")
        self.assertFalse(self.call.outcome, "nothing came of it but this")
        self.assertEqual(rating.rating, 5)
        self.assertEqual(rating.feedback, "Delivered on time")
        self.assertEqual(rating.partner_id, self.customer)
        self.assertEqual(rating.rated_partner_id, self.collector.partner_id)
        self.assertEqual(rating.dunning_source, "call")
        self.assertEqual(rating.dunning_action_id, self.call)

    def test_second_answer_corrects_the_first(self):
        first = self._say(4, "Fine")
        with freeze_time("2026-03-05 10:00:00"):
            second = self._say(3, "Not so fine", source="portal")
        self.assertEqual(first, second)
        self.assertEqual(self.call.rating_ids, first)
        self.assertEqual((first.rating, first.feedback), (3, "Not so fine"))
        self.assertEqual(self.call.satisfaction, 3)
        self.assertEqual(self.call.satisfaction_date, day("03-05"))
        self.assertEqual(self.call.rating_avg, 3, "the first one does not count")

    def test_no_such_score(self):
        for score in (0, 6, -1, 2.5, None):
            with self.subTest(score=score), self.assertRaises(UserError):
                self._say(score)
        self.assertFalse(self.call.rating_ids)
