from odoo.tests import tagged

from ..common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestPlannerScenario(DunningCommon):
    """Which scenario a claim plays: entry, customer, segment, company, none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.dunning_scenario_id = False
        cls.claim = cls._create_claim(day("02-20"))
        cls.entry_s, cls.customer_s, cls.segment_s, cls.company_s = (
            cls._create_scenario(cls._step("reminder_1", delay=8), name=name)
            for name in ("Entry", "Customer", "Segment", "Company")
        )
        cls.segment = cls.env["dunning.segment"].create(
            {"name": "Key accounts", "code": "story", "scenario_id": cls.segment_s.id}
        )

    def test_none_set_is_said(self):
        """A fresh install chases nobody, and says why on each invoice: case C1."""
        self.assertNotDue(self.claim, "scenario", "step")
        self.assertEqual(self._get_scenario(self.claim)[1], None)

    def test_company_s_default_is_the_last_choice(self):
        """With the company's default scenario everybody is followed up (S1-01)."""
        self.company.dunning_scenario_id = self.company_s
        self.assertEqual(self._get_scenario(self.claim), (self.company_s, "company"))
        self.assertDue(self.claim)

    def test_nearest_scenario_wins(self):
        """The entry's own comes before the customer's own, this one before that of his
        segment (S0-36, S1-03, S1-37)."""
        self.company.dunning_scenario_id = self.company_s
        self.customer.dunning_segment_id = self.segment
        self.assertEqual(self._get_scenario(self.claim), (self.segment_s, "segment"))
        self.customer.dunning_scenario_id = self.customer_s
        self.assertEqual(self._get_scenario(self.claim), (self.customer_s, "customer"))
        self.claim.move_id.dunning_scenario_id = self.entry_s
        self.assertEqual(self._get_scenario(self.claim), (self.entry_s, "entry"))
        self.assertEqual(self._plan().scenario_id, self.entry_s)

    def test_contact_s_invoice_plays_the_customer_s_scenario(self):
        """The scenario is the commercial partner's, whoever of his people bought."""
        self.customer.dunning_scenario_id = self.customer_s
        buyer = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.customer.id}
        )
        claim = self._create_claim(day("02-20"), customer=buyer)
        self.assertEqual(self._get_scenario(claim), (self.customer_s, "customer"))

    def test_archived_scenario_counts_as_not_set(self):
        """The collection manager retired a scenario: its customers play the next one
        in line."""
        self.company.dunning_scenario_id = self.company_s
        self.customer.dunning_scenario_id = self.customer_s
        self.customer_s.active = False
        self.assertEqual(self._get_scenario(self.claim), (self.company_s, "company"))

    def test_archived_scenario_of_a_segment_counts_as_not_set(self):
        """A segment whose scenario was retired leaves its customers to the company."""
        self.company.dunning_scenario_id = self.company_s
        self.customer.dunning_segment_id = self.segment
        self.segment_s.active = False
        self.assertEqual(self._get_scenario(self.claim), (self.company_s, "company"))

    def test_scenario_of_another_company_counts_as_not_set(self):
        """A shared invoice template carried the scenario of a sister company over."""
        sister = self.env["res.company"].create({"name": "Sister"})
        self.company.dunning_scenario_id = self.company_s
        foreign = self._create_scenario(self._step("reminder_1", delay=8))
        self.claim.move_id.dunning_scenario_id = foreign
        # No form lets it happen; rows from before that do.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE dunning_scenario SET company_id = %s WHERE id = %s",
            (sister.id, foreign.id),
        )
        self.env.invalidate_all()
        self.assertEqual(self._get_scenario(self.claim), (self.company_s, "company"))

    def test_segment_without_scenario_leaves_it_to_the_company(self):
        """A segment made for statistics only."""
        self.company.dunning_scenario_id = self.company_s
        self.segment.scenario_id = False
        self.customer.dunning_segment_id = self.segment
        self.assertEqual(self._get_scenario(self.claim), (self.company_s, "company"))
