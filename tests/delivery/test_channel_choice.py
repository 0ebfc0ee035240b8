from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import day
from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestChannelChoice(DeliveryCommon):
    """The channel that a customer or a segment prefers or refuses (S1-10), and what a
    contact costs (S3-12)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.guides = cls.env["dunning.channel.guide"].search([]).grouped("code")
        cls.segment = cls.env["dunning.segment"].create(
            {"name": "Craftsmen", "code": "craftsmen"}
        )
        cls._use_channel("email", fallback_channel="letter")

    # ---- preferred -----------------------------------------------------------------

    def test_letters_for_who_prefers_letters(self):
        """S1-10: the customer prefers letters, the e-mail becomes a letter."""
        self.customer.dunning_preferred_channel = "letter"
        self._create_late_claim()
        self.assertEqual(self._plan().channel, "letter")

    def test_preference_of_the_segment(self):
        """S1-10: the segment says so, a customer may say otherwise."""
        self.segment.preferred_channel = "letter"
        self.customer.dunning_segment_id = self.segment
        other = self._create_customer("Brun Bois", dunning_segment_id=self.segment.id)
        other.dunning_preferred_channel = "email"
        self._create_late_claim()
        self._create_late_claim(other)
        channels = {a.partner_id: a.channel for a in self._plan()}
        self.assertEqual(channels, {self.customer: "letter", other: "email"})

    def test_who_prefers_letters_is_still_called(self):
        """A preference for a written channel does not take the telephone's place."""
        self._use_channel("phone")
        self.customer.dunning_preferred_channel = "letter"
        self._create_late_claim()
        self.assertEqual(self._plan().channel, "phone")

    def test_formal_notice_goes_as_the_step_says(self):
        self._use_channel("letter", fallback_channel=False, is_formal_notice=True)
        self.customer.dunning_preferred_channel = "email"
        self._create_late_claim()
        self.assertEqual(self._plan().channel, "letter")

    def test_preferred_channel_without_address_replaces_none(self):
        self.customer.write({"dunning_preferred_channel": "letter", "street": False})
        self._create_late_claim()
        self.assertEqual(self._plan().channel, "email")

    def test_what_comes_next_is_told_with_the_channel_of_choice(self):
        """Who looks at the invoice reads “by letter”, as it will be."""
        self.customer.dunning_preferred_channel = "letter"
        claim = self._create_claim(day("02-28"))
        told = self.planner._tell(claim, self.TODAY)[claim]
        self.assertIn("by letter", told)

    # ---- refused -------------------------------------------------------------------

    def test_fallback_for_who_refuses_the_channel(self):
        """S1-10: no e-mails to a customer who does not want any; the letter goes."""
        self.customer.dunning_refused_channel_ids = self.guides["email"]
        action = self._remind()
        ways = {way.channel: way for way in action.delivery_ids}
        self.assertEqual(ways["email"].state, "failed")
        self.assertIn("does not want", ways["email"].failure_reason)
        self.assertEqual(ways["letter"].role, "fallback")

    def test_segment_may_refuse_a_channel(self):
        self.segment.refused_channel_ids = self.guides["email"]
        self.customer.dunning_segment_id = self.segment
        self.assertIn("letter", self._remind().delivery_ids.mapped("channel"))

    def test_nobody_changes_to_a_refused_channel_unaware(self):
        """The collector is told that the customer refuses it."""
        self.customer.dunning_refused_channel_ids = self.guides["phone"]
        self._create_late_claim()
        action = self._plan()
        with self.assertRaisesRegex(UserError, "does not want to be contacted"):
            action.action_change_channel("phone")

    def test_contacts_of_the_customer_share_its_wishes(self):
        contact = self.env["res.partner"].create(
            {"name": "Accounts payable", "parent_id": self.customer.id}
        )
        self.customer.dunning_refused_channel_ids = self.guides["phone"]
        self.assertEqual(contact.dunning_refused_channel_ids, self.guides["phone"])

    # ---- guidance and costs --------------------------------------------------------

    def test_each_channel_says_how_to_use_it_well(self):
        """S0-23: each medium takes real skill."""
        codes = self.env["dunning.channel"]._get_codes()
        for code in codes:
            with self.subTest(channel=code):
                self.assertTrue(self.guides[code].guidance)

    def test_delivery_keeps_the_cost_of_its_day(self):
        """S3-12, S3-45: a letter costs 2.10 since January, 2.40 from Friday on."""
        costs = self.env["dunning.channel.cost"]
        for on, amount in (("01-01", 2.1), ("03-06", 2.4)):
            costs.create({"channel": "letter", "date_from": day(on), "amount": amount})
        self._use_channel("letter", fallback_channel=False)
        action = self._prepare()
        self._print(action)
        action.action_mark_posted()
        self.assertEqual(action.delivery_ids.cost, 2.1)
        self.assertEqual(costs._get_costs(self.company, day("03-06"))["letter"], 2.4)
        self.assertEqual(costs._get_costs(self.company, day("03-05"))["letter"], 2.1)

    def test_branch_has_the_costs_of_its_parent(self):
        self.env["dunning.channel.cost"].create({"channel": "email", "amount": 0.05})
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        costs = self.env["dunning.channel.cost"]._get_costs(branch, self.TODAY)
        self.assertEqual(costs, {"email": 0.05})
