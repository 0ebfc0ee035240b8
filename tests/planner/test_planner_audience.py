from odoo.tests import tagged

from ..common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestPlannerAudience(DunningCommon):
    """Steps for customers of one size, or of one side of the border (S0-37, S3-37,
    S3-48): the others pass over them."""

    def _get_next_code(self, **customer):
        self.customer.write(customer)
        claim = self._create_claim(day("02-20"))
        return self._get_next(claim)[0]

    def test_step_for_small_companies_and_persons(self):
        """S3-37: an SMS step is for small structures; a large one goes on."""
        self._get_step("reminder_1").customer_size = "small"
        self.assertEqual(self._get_next_code(dunning_size="small"), "reminder_1")
        self.assertEqual(self._get_next_code(dunning_size="large"), "reminder_2")

    def test_person_counts_as_small(self):
        """S3-39: a reminder to a private individual."""
        self._get_step("reminder_1").customer_size = "small"
        self.assertEqual(self._get_next_code(is_company=False), "reminder_1")

    def test_unknown_size_meets_no_condition(self):
        for size in ("small", "larger", "large"):
            self._get_step("reminder_1").customer_size = size
            self.assertEqual(self._get_next_code(), "reminder_2")

    def test_step_for_larger_companies(self):
        """S3-49: a call suits customers with few, large invoices."""
        self._get_step("reminder_1").customer_size = "larger"
        self.assertEqual(self._get_next_code(dunning_size="medium"), "reminder_1")
        self.assertEqual(self._get_next_code(dunning_size="small"), "reminder_2")
        self._get_step("reminder_1").customer_size = "large"
        self.assertEqual(self._get_next_code(dunning_size="medium"), "reminder_2")

    def test_step_for_export(self):
        """S3-48: letters to a distant country are left out."""
        self.company.account_fiscal_country_id = self.env.ref("base.fr")
        self._get_step("reminder_1").customer_area = "domestic"
        belgium = self.env.ref("base.be").id
        self.assertEqual(self._get_next_code(), "reminder_1")
        self.assertEqual(self._get_next_code(country_id=belgium), "reminder_2")
        self._get_step("reminder_1").customer_area = "export"
        self.assertEqual(self._get_next_code(), "reminder_1")
        self.assertEqual(self._get_next_code(country_id=False), "reminder_2")

    def test_step_says_whom_it_is_for(self):
        step = self._get_step("reminder_1")
        step.write({"customer_size": "small", "customer_area": "domestic"})
        words = str(self.scenario.summary)
        self.assertIn("Only for: Small companies and private individuals.", words)
        self.assertIn("Only for customers: In the company's country.", words)
