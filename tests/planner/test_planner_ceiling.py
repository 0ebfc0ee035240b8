from odoo.tests import tagged

from ..common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestPlannerCeiling(DunningCommon):
    """Not more contacts with a customer than the company allows, in 7 and in 30 days.

    What is repeated over a short time is harassment (J18), whoever writes.
    """

    def _create_contact(self, on, **values):
        """Record a contact made on a day."""
        # sudo: the journal of actions is written by methods only
        return (
            self.env["dunning.action"]
            .sudo()
            .create(
                {
                    "partner_id": self.customer.id,
                    "channel": "phone",
                    "planned_date": on,
                    "performed_date": on,
                    "state": "done",
                    **values,
                }
            )
        )

    def _create_stranger(self):
        """Return a company of another tree that has the customer in common."""
        return self.setup_other_company(name="Sister")["company"]

    def test_third_contact_of_the_week_waits(self):
        """Two contacts in 7 days are allowed: the reminder waits until the first of
        them is 7 days old."""
        self.company.dunning_max_contacts_week = 2
        claim = self._create_claim(day("02-20"))
        self._create_contact(day("02-26"))
        self._create_contact(day("03-02"))
        self.assertNotDue(claim, "ceiling")
        self.assertDue(claim, on=day("03-05"))

    def test_month_has_a_ceiling_of_its_own(self):
        """One contact a week is fine, but not five in a month."""
        self.company.write(
            {"dunning_max_contacts_week": 2, "dunning_max_contacts_month": 4}
        )
        claim = self._create_claim(day("02-20"))
        for on in ("02-03", "02-10", "02-17", "02-24"):
            self._create_contact(day(on))
        self.assertNotDue(claim, "ceiling")
        self.assertDue(claim, on=day("03-05"))

    def test_without_ceiling_nothing_waits(self):
        claim = self._create_claim(day("02-20"))
        for on in ("03-01", "03-02", "03-03"):
            self._create_contact(day(on))
        self.assertDue(claim)

    def test_what_the_customer_is_told_is_why(self):
        """Who looks at the invoice reads that the ceiling keeps it waiting."""
        self.company.dunning_max_contacts_week = 1
        claim = self._create_claim(day("02-20"))
        self._create_contact(day("03-03"))
        told = self.planner._tell(claim, self.TODAY)[claim]
        self.assertIn("ceiling of contacts in 7 or 30 days is reached", told)

    def test_several_actions_of_one_planning_count(self):
        """Three invoices with an action each, one contact left: the oldest goes."""
        self.company.dunning_max_contacts_week = 1
        self.scenario.grouping = "invoice"
        oldest = self._create_claim(day("02-18"))
        claims = (
            oldest | self._create_claim(day("02-20")) | self._create_claim(day("02-19"))
        )
        actions = self._plan()
        self.assertEqual(actions.line_ids.move_line_id, oldest)
        self.assertEqual(self._plan(), actions.browse(), "planning twice adds nothing")
        for claim in claims - oldest:
            self.assertEqual(self._get_failed(claim), {"ceiling"})

    def test_thanks_and_skipped_actions_are_no_contact(self):
        self.company.dunning_max_contacts_week = 1
        claim = self._create_claim(day("02-20"))
        self._create_contact(day("03-03"), kind="thanks")
        self._create_contact(day("03-03"), state="skipped")
        self.assertDue(claim)

    def test_companies_that_share_the_customer_count_if_set(self):
        """A sister company wrote yesterday: it counts where the company says so."""
        self.company.dunning_max_contacts_week = 1
        claim = self._create_claim(day("02-20"))
        self._create_contact(day("03-03"), company_id=self._create_stranger().id)
        self.assertFalse(self._get_failed(claim))
        self.company.dunning_is_ceiling_shared = True
        self.assertNotDue(claim, "ceiling")

    def test_contacts_elsewhere_do_not_count_for_the_spacing(self):
        """Counting all companies is about the ceiling, not about the days between."""
        self.company.write(
            {
                "dunning_max_contacts_week": 5,
                "dunning_is_ceiling_shared": True,
                "dunning_min_days_between_contacts": 5,
            }
        )
        claim = self._create_claim(day("02-20"))
        self._create_contact(day("03-03"), company_id=self._create_stranger().id)
        self.assertDue(claim)
