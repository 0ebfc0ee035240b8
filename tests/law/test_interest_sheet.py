import io
from base64 import b64decode

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.pdf import PdfReader

from ..common import day
from ..delivery.common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestInterestSheet(DeliveryCommon):
    """The accountant shows a late customer what the law would let them ask for."""

    TODAY = day("07-31")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        france, cls.euro = cls.env.ref("base.fr"), cls.env.ref("base.EUR")
        cls.euro.active = True
        cls.company.write(
            {"country_id": france.id, "account_fiscal_country_id": france.id}
        )
        cls.first = cls._create_claim(day("05-31"), 1000, currency_id=cls.euro.id)
        cls.second = cls._create_claim(day("07-10"), 500, currency_id=cls.euro.id)
        cls._create_claim(day("08-10"), 700, currency_id=cls.euro.id)

    def _open(self, records, **values):
        """Open the dialog from the Actions menu of a customer or of invoices."""
        dialog = self.env["dunning.interest.sheet"].with_user(self.collector)
        context = {"active_model": records._name, "active_ids": records.ids}
        return dialog.with_context(**context).create(values)

    def test_customer_is_shown_all_that_is_late(self):
        """9.99 + 10.53 on the first (two half-years), 3.57 on the second, twice 40."""
        table = self._open(self.customer).table
        for text in (self.first.move_id.name, "9.99", "10.53", "3.57", "80.00"):
            self.assertIn(text, table)
        self.assertIn("104.09", table)
        self.assertIn("L441-10", table, "the source of the rule")
        self.assertNotIn("700.00", table, "not late yet")

    def test_invoice_is_shown_alone_and_after_its_payment(self):
        """Paid on 20 July: ten days; the dialog of the invoice still shows them."""
        self._pay(self.second, day("07-20"))
        dialog = self._open(self.second.move_id)
        self.assertEqual(dialog.partner_id, self.customer)
        self.assertIn("1.70", dialog.table)
        self.assertNotIn(self.first.move_id.name, dialog.table)

    def test_missing_rate_is_told_in_the_dialog(self):
        dialog = self._open(self.customer, day=day("07-31").replace(year=2027))
        self.assertIn("not on record", dialog.table)
        with self.assertRaisesRegex(UserError, "not on record"):
            dialog.action_print()

    def test_consumer_is_asked_for_nothing(self):
        """The law forbids it, so that the dialog shows nothing to ask for (J10)."""
        self.customer.dunning_legal_status = "consumer"
        self.assertIn("No interest is due", self._open(self.customer).table)

    def test_sheet_is_printed_in_the_language_of_the_customer(self):
        self.customer.lang = "fr_FR"
        dialog = self._open(self.customer)
        with self.allow_pdf_render():
            dialog.action_print()
        pages = PdfReader(io.BytesIO(b64decode(dialog.document))).pages
        text = " ".join(" ".join(page.extract_text() for page in pages).split())
        for expected in ("31 juillet 2026", "9,99", "104,09", "12,15"):
            self.assertIn(expected, text)
