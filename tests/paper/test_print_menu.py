from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import DunningCommon

STATEMENT = "account_dunning_scenario.statement_of_account"


@tagged("post_install", "-at_install")
class TestPrintMenu(DunningCommon):
    """The print menu gives the very sheets that are delivered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env,
            login="serge",
            groups="base.group_user",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def _print_as(self, user):
        """Print the customer's statement from the menu."""
        Report = self.env["ir.actions.report"].with_user(user)
        ids = self.customer.ids
        return Report._render_qweb_pdf_prepare_streams(STATEMENT, {}, ids)

    def test_menu_prints_what_is_delivered(self):
        press = self.env.registry["dunning.press"]

        def print_markup(_press, documents, _margins):
            pdfs = {key: str(text).encode() for key, text in documents.items()}
            return pdfs, b"".join(pdfs.values())

        self._create_claim(self.TODAY)
        self.startPatcher(patch.object(press, "_print", print_markup))
        printed = self._print_as(self.env.user)[self.customer.id]["stream"].read()
        statement = self.env[f"report.{STATEMENT}"]._get_streams(self.customer.ids)
        self.assertEqual(printed, statement[self.customer.id])

    def test_menu_prints_no_customer_of_somebody_else(self):
        """The report is looked up as superuser; what it shows is not."""
        with self.assertRaises(AccessError):
            self._print_as(self.seller)

    def test_reports_say_whether_they_print_themselves(self):
        """Who implements the sheets says so, and nobody else: else the menu would give
        something else than what is delivered, or nothing."""
        registry = self.env.registry
        base = registry["dunning.sheets"]
        names = [
            name
            for name, model in registry.items()
            if name.startswith("report.") and issubclass(model, base)
        ]
        self.assertIn(f"report.{STATEMENT}", names)
        for name in names:
            model = registry[name]
            is_own = model._get_streams is not base._get_streams
            with self.subTest(name):
                self.assertEqual(model._has_streams, is_own)
