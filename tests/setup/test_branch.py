from odoo.tests import tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestBranch(DunningCommon):
    """What a new company of the tree starts with."""

    def test_new_branch_plays_the_scenario_of_its_parent(self):
        """The default scenario of new companies is not given to a branch, where it
        would come before the one that the parent chose."""
        self.company.dunning_scenario_id = self.scenario
        companies = self.env["res.company"].create(
            [{"name": "North", "parent_id": self.company.id}, {"name": "Sister"}]
        )
        standard = self.env.ref("account_dunning_scenario.dunning_scenario_standard")
        self.assertFalse(companies[0].dunning_scenario_id)
        self.assertEqual(companies[1].dunning_scenario_id, standard)
