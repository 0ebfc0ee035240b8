from odoo.tests import TransactionCase, tagged
from odoo.tools import is_html_empty


@tagged("post_install", "-at_install")
class TestHelp(TransactionCase):
    """Help where it is needed: no screen of the module leaves its user alone."""

    def _get_actions(self):
        data = self.env["ir.model.data"].search(
            [
                ("module", "=", "account_dunning_scenario"),
                ("model", "=", "ir.actions.act_window"),
            ]
        )
        actions = self.env["ir.actions.act_window"].browse(data.mapped("res_id"))
        return actions.filtered(lambda action: action.target != "new")

    def test_empty_screens_say_what_to_do_next(self):
        for action in self._get_actions():
            with self.subTest(action.xml_id):
                self.assertFalse(is_html_empty(action.help))
                self.assertIn("o_view_nocontent", action.help)

    def test_every_menu_leads_somewhere(self):
        """A menu that opens a window opens one with help."""
        root = self.env.ref("account_dunning_scenario.dunning_menu")
        menus = self.env["ir.ui.menu"].search([("id", "child_of", root.id)])
        windows = menus.filtered(
            lambda menu: (
                menu.action
                and menu.action._name == "ir.actions.act_window"
                and menu.get_external_id()[menu.id].startswith(
                    "account_dunning_scenario."
                )
            )
        ).mapped("action")
        ours = self._get_actions()
        settings = self.env.ref("account.action_account_config")
        self.assertLessEqual(set(windows) - set(ours), {settings})
