from odoo.tests import tagged

from ..common import day
from .common import DeliveryCommon

NOBODY = "Nobody lives there"


@tagged("post_install", "-at_install")
class TestGivenUp(DeliveryCommon):
    """A way that leads nowhere, whatever found it out: what the action does then.

    Reminder 1 leaves by e-mail to Azur Interior, and has an address for letters too.
    """

    def _give_up(self, then, action=None, **values):
        """Remind by e-mail, and give the e-mail up."""
        if not action:
            self._use_channel("email", **{"fallback_channel": "letter", **values})
            action = self._remind()
        mail = action.sudo().delivery_ids.filtered(lambda way: way.channel == "email")
        mail._give_up(NOBODY, then)
        return action

    def assertWaits(self, action, state, channel):
        self.assertEqual((action.state, action.channel), (state, channel))
        self.assertEqual(action.reason, NOBODY)
        self.assertFalse(action.performed_date)
        self.assertEqual(action.line_ids.state, "open")
        self.assertFalse(action.line_ids.performed_date)
        (mail,) = action.delivery_ids.filtered(lambda way: way.channel == "email")
        self.assertEqual((mail.state, mail.failure_reason), ("failed", NOBODY))
        self.assertFalse(mail.performed_date)

    def test_fallback_takes_over(self):
        action = self._give_up("fallback")
        self.assertWaits(action, "scheduled", "letter")
        self._send(action)
        self.assertEqual(self._get_ways(action)[-1], ("first", "letter", "waiting"))

    def test_without_fallback_a_person_decides(self):
        action = self._give_up("fallback", fallback_channel=False)
        self.assertWaits(action, "failed", "email")

    def test_fallback_that_leads_nowhere_itself_is_not_taken_twice(self):
        action = self._give_up("fallback")
        self._send(action)
        action.sudo().delivery_ids[-1]._give_up("No letter box", "fallback")
        self.assertEqual((action.state, action.reason), ("failed", "No letter box"))

    def test_another_address_of_the_customer_comes_first(self):
        action = self._give_up("again")
        self.assertWaits(action, "scheduled", "email")
        self.customer.email = False
        self._send(action)
        self.assertIn(("fallback", "letter", "waiting"), self._get_ways(action))

    def test_what_a_person_has_to_see_to_waits_on_the_desk(self):
        self.assertWaits(self._give_up("desk"), "failed", "email")

    def test_second_way_stands(self):
        """The call beside the e-mail is still to be made, and performs the step."""
        action = self._give_up(
            "again", second_channel="phone", fallback_channel="letter"
        )
        self.assertEqual(action.state, "in_progress")
        action.activity_ids.with_user(self.collector).action_feedback()
        self.assertEqual(action.state, "done")

    def test_last_way_that_was_open_performs_the_others(self):
        """The call was made; the letter, which was still to be posted, is given up."""
        self._use_channel("phone", second_channel="letter", fallback_channel=False)
        action = self._remind()
        action.activity_ids.with_user(self.collector).action_feedback()
        self.assertEqual(action.state, "in_progress")
        letter = action.sudo().delivery_ids.filtered(
            lambda way: way.channel == "letter"
        )
        letter._give_up(NOBODY, "desk")
        self.assertEqual(action.state, "done")

    def test_claim_that_has_gone_further_is_left_alone(self):
        """The e-mail comes back after reminder 2: that one counts."""
        action = self._remind()
        self._play(day("03-12"))
        self._give_up("again", action=action)
        self.assertEqual(action.state, "done")
        self.assertEqual(action.line_ids.state, "done")

    def test_what_a_person_closed_stays_closed(self):
        """The e-mail comes back after the call beside it, and all, was skipped."""
        self._use_channel("email", second_channel="phone", fallback_channel="letter")
        action = self._remind()
        action.with_user(self.collector).action_skip("Called by chance")
        self.assertEqual(action.state, "skipped")
        action.sudo().delivery_ids[:1]._give_up(NOBODY, "again")
        self.assertEqual(action.state, "skipped")
