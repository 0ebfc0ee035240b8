from odoo.exceptions import ValidationError
from odoo.modules import Manifest
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools.convert import convert_file

MODULE = "account_dunning_scenario"


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    """Somebody tries the module on a database with demonstration data."""

    def test_demonstration_data_can_be_loaded(self):
        """All that it does, as its people, each file after the one before."""
        if not self.env.ref("base.user_demo", raise_if_not_found=False):
            user = new_test_user(self.env, "marc", groups="base.group_user")
            self.env["ir.model.data"]._update_xmlids(
                [{"xml_id": "base.user_demo", "record": user, "noupdate": True}]
            )
        env = self.env(su=True)
        for path in Manifest.for_addon(MODULE)["demo"]:
            convert_file(env, MODULE, path, {}, mode="init", noupdate=True)
        company = self.env.ref(f"{MODULE}.res_company_demo")
        self.assertEqual(company.dunning_collector_id, self.env.ref("base.user_admin"))
        actions = self.env["dunning.action"].search([("company_id", "=", company.id)])
        self.assertTrue(actions)

    def test_new_company_names_its_collector(self):
        """Nobody works in a company yet that is being made: any colleague will do; who
        signs in as a customer will not."""
        collector = new_test_user(self.env, "nadia", groups="base.group_user")
        company = self.env["res.company"].create(
            {"name": "Rivage SARL", "dunning_collector_id": collector.id}
        )
        self.assertEqual(company.dunning_collector_id, collector)
        customer = new_test_user(self.env, "lea", groups="base.group_portal")
        with self.assertRaisesRegex(ValidationError, "lea"):
            self.env["res.company"].create(
                {"name": "Dune SARL", "dunning_collector_id": customer.id}
            )
