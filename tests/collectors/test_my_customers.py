from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..answers.test_entry import EntryCommon
from ..common import day


@tagged("post_install", "-at_install")
class TestMyCustomers(EntryCommon):
    """Sarah sells to Azur Interior and reads no accounts; others sell to others."""

    def _get_rows(self, user=None):
        return (
            self.env["dunning.customer.report"].with_user(user or self.sarah).search([])
        )

    def test_what_is_late_and_in_dispute(self):
        """S2-30: the salesperson sees what their customers owe and object to."""
        self._dispute(self.late, amount=40)
        row = self._get_rows()
        self.assertEqual(row.partner_id, self.customer)
        figures = (row.amount_open, row.amount_overdue, row.amount_disputed)
        self.assertEqual(figures, (220, 170, 40))
        self.assertEqual(row.days_late, 22)
        self.assertEqual(row.collector_id, self.collector)

    def test_last_contact_and_what_comes_next(self):
        self._play(self.TODAY)
        self.env.flush_all()
        row = self._get_rows()
        self.assertEqual(row.last_contact_date, self.TODAY)
        self.assertIn("Reminder 2", row.next_text)

    def test_credits_lower_what_is_open(self):
        self._create_credit_note(20, day("03-01"))
        row = self._get_rows()
        self.assertEqual((row.amount_open, row.amount_overdue), (200, 170))

    def test_nothing_of_others(self):
        borel = self._create_customer("Borel", user_id=self.paul.id)
        self._create_claim(day("02-20"), customer=borel)
        self.assertEqual(self._get_rows().partner_id, self.customer)
        self.assertEqual(self._get_rows(self.paul).partner_id, borel)
        other = self._get_rows(self.paul)
        with self.assertRaises(AccessError):
            other.with_user(self.sarah).read(["amount_open"])
        self.assertEqual(
            self._get_rows(self.collector).partner_id, self.customer | borel
        )

    def test_nothing_of_other_companies(self):
        other = self.setup_other_company()
        self.assertFalse(
            self.env["dunning.customer.report"]
            .with_user(self.sarah)
            .search([("company_id", "=", other["company"].id)])
        )

    def test_salesperson_finds_the_menu(self):
        """No right in accounting is needed."""
        menus = self.env["ir.ui.menu"].with_user(self.sarah)._visible_menu_ids()
        menu = self.env.ref("account_dunning_scenario.dunning_customer_menu")
        self.assertIn(menu.id, menus)

    def test_next_steps_are_told_at_once(self):
        """The queries of the list do not grow with the customers."""
        counts = []
        for size in (3, 15):
            for number in range(size):
                customer = self._create_customer(
                    f"Batch{size}x{number}", user_id=self.sarah.id
                )
                self._create_claim(day("02-10"), customer=customer)
            rows = self._get_rows()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows.read(["amount_open", "next_text"])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1] - counts[0], 3, counts)
