from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import day
from ..delivery.common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestCoverage(DeliveryCommon):
    """S1-01: all customers are followed up; who is forgotten is counted and listed.

    Azur      is late and followed up
    the rest  is late too, each forgotten for a reason of their own
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coverage = cls.env["dunning.coverage"].with_user(cls.collector)
        cls._create_late_claim()

    def _forget(self, name, **values):
        customer = self._create_customer(name, **values)
        return customer, self._create_late_claim(customer)

    def _get_gaps(self):
        return {
            gap["code"]: gap["count"] for gap in self.coverage.get_summary()["gaps"]
        }

    def _get_listed(self, code):
        """Return the customers of the list that a gap opens."""
        gaps = {gap["code"]: gap for gap in self.coverage.get_summary()["gaps"]}
        action = gaps[code]["action"]
        customers = self.env[action["res_model"]].with_user(self.collector)
        return customers.search(action["domain"])

    def assertForgotten(self, customer, code, reason):
        self.assertEqual(self._get_gaps(), {code: 1})
        listed = self._get_listed(code)
        self.assertEqual(listed, customer)
        self.assertIn(reason, listed.dunning_gap_reason)
        self.assertEqual(listed.dunning_gap_amount, 100)
        summary = self.coverage.get_summary()
        self.assertEqual((summary["percent"], summary["customers"]), (50.0, 2))
        self.assertEqual(summary["amount_percent"], 50.0)

    def test_everybody_followed_up(self):
        summary = self.coverage.get_summary()
        self.assertEqual((summary["percent"], summary["gaps"]), (100.0, []))

    def test_no_scenario(self):
        customer, _claim = self._forget("Bosco", dunning_scenario_id=False)
        self.assertForgotten(customer, "scenario", "No scenario")
        customer.dunning_scenario_id = self.scenario
        self.assertFalse(self._get_gaps())

    def test_no_address(self):
        """Neither the e-mail of the step nor the letter it falls back on arrives."""
        customer, _claim = self._forget("Bosco", email=False, street=False)
        self.assertForgotten(customer, "address", "postal address lacks the street")
        customer.street = "1 rue Haute"
        self.assertFalse(self._get_gaps())

    def test_address_named_on_the_invoice(self):
        """Who is named on the invoice is written to where the customer has no address
        of their own."""
        customer = self._create_customer("Bosco", email=False, street=False)
        buyer = self._create_customer("Buyer", parent_id=customer.id, is_company=False)
        self._create_late_claim(buyer)
        self.assertFalse(self._get_gaps())

    def test_excluded(self):
        customer, claim = self._forget("Bosco")
        claim.no_followup = True
        self.assertForgotten(customer, "no_followup", "Excluded")

    def test_before_the_start(self):
        customer, claim = self._forget("Bosco")
        self.env["account.move.line"].search([]).dunning_is_taken_in = True
        claim.dunning_is_taken_in = False
        self.company.dunning_go_live_date = day("03-01")
        self.assertForgotten(customer, "go_live", "before the start")

    def test_stop(self):
        """S1-54: a customer in stop is shown, and taken out of it from the list."""
        customer, _claim = self._forget("Bosco", dunning_is_stopped=True)
        self.assertForgotten(customer, "stop", "stop")
        customer.action_lift_dunning_stop()
        self.assertFalse(self._get_gaps())

    def test_insolvent(self):
        customer, _claim = self._forget("Bosco", dunning_insolvent_since=day("03-01"))
        self.assertForgotten(customer, "insolvent", "Insolvent")

    def test_postponed(self):
        customer, _claim = self._forget("Bosco")
        actions = self._plan()
        postponed = actions.filtered(lambda a: a.partner_id == customer)
        postponed.action_postpone(day("03-20"))
        self.assertForgotten(customer, "postponed", "03/20/2026")

    def test_all_steps_played(self):
        """The film is over and the money still missing: somebody has to decide."""
        customer, _claim = self._forget("Bosco", dunning_scenario_id=False)
        short = self._create_scenario(self._step("only", delay=0))
        customer.dunning_scenario_id = short
        self._play(day("03-04"))
        self.assertForgotten(customer, "step", "All steps played")

    def test_waiting_on_the_desk_is_followed_up(self):
        self._plan()
        self.assertFalse(self._get_gaps())

    def test_one_claim_is_enough(self):
        """A customer asked for one invoice is not forgotten; the money of the other
        one is counted as missing."""
        self._create_late_claim(amount=300).no_followup = True
        summary = self.coverage.get_summary()
        self.assertEqual((summary["percent"], summary["gaps"]), (100.0, []))
        self.assertEqual(summary["amount_percent"], 25.0)

    def test_companies_of_others_stay_out(self):
        other = self.setup_other_company(name="Elsewhere")["company"]
        customer = self._create_customer("Bosco", dunning_scenario_id=False)
        self._create_late_claim(customer, company_id=other.id)
        self.assertFalse(self._get_gaps())

    def test_others_do_not_read_it(self):
        with self.assertRaises(AccessError):
            self.coverage.with_user(self.env.ref("base.public_user")).get_summary()

    def test_queries_do_not_grow(self):
        """As many queries for thirty forgotten customers as for three."""
        counts = []
        for number in (3, 30):
            for place in range(number):
                name = f"Forgotten{number}-{place}"
                self._forget(name, dunning_scenario_id=False)
                self._forget(f"Silent{number}-{place}", email=False, street=False)
            self.env.invalidate_all()
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.coverage.get_summary()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
