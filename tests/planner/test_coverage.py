from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..common import day
from ..delivery.common import DeliveryCommon
from .money_common import MoneyCommon


@tagged("post_install", "-at_install")
class TestCoverage(DeliveryCommon, MoneyCommon):
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
        customers = customers.with_context(**action["context"])
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

    def test_archived(self):
        """W11: an archived customer who owes is listed, and restored from there."""
        customer, _claim = self._forget("Bosco")
        customer.active = False
        self.assertForgotten(customer, "archived", "Archived")
        menu = self.env.ref("account_dunning_scenario.res_partner_action_forgotten")
        listed = self.env["res.partner"].with_context(**safe_eval(menu.context))
        self.assertIn(customer, listed.search(safe_eval(menu.domain)))
        customer.action_unarchive()
        self.assertFalse(self._get_gaps())

    def test_archived_while_something_waits(self):
        """Nothing can leave for an archived customer, whatever waits."""
        customer, _claim = self._forget("Bosco")
        self._plan()
        customer.active = False
        self.assertEqual(self._get_gaps(), {"archived": 1})

    # ---- money paid out --------------------------------------------------------------

    def test_refund_not_matched(self):
        """A refund is to be matched with what it paid back; after five days it is
        listed."""
        customer = self._create_customer("Bosco")
        self._create_receipt(80.0, day("02-20"), customer)
        self._pay_out(80.0, day("02-28"), customer)
        self.assertFalse(self._get_gaps())
        self._pay_out(100.0, day("02-27"), customer)
        self.assertForgotten(customer, "paid_out", "not matched")

    def test_customer_followed_up_is_listed_too(self):
        """Azur is followed up, and a returned payment waits all the same."""
        self._pay_out(30.0, day("02-20"))
        self.assertEqual(self._get_gaps(), {"paid_out": 1})
        self.assertEqual(self._get_listed("paid_out"), self.customer)

    def test_returned_payment_is_matched_from_the_list(self):
        """The first answer: the invoice is open again, and followed up."""
        customer = self._create_customer("Bosco")
        claim = self._create_late_claim(customer)
        receipt = self._pay(claim, day("02-26"))
        returned = self._pay_out(100.0, day("02-27"), customer)
        self.assertEqual(self._get_gaps(), {"paid_out": 1})
        customer.action_match_dunning_returns()
        self.assertEqual(returned.matched_credit_ids.credit_move_id, receipt)
        self.assertEqual(claim.amount_residual, 100)
        self.assertFalse(self._get_gaps())
        self.assertIn(claim, self._plan().line_ids.move_line_id)

    def test_receipt_that_is_not_found(self):
        """No payment of that amount: somebody has to match it by hand."""
        self._pay_out(30.0, day("02-20"))
        with self.assertRaisesRegex(UserError, "match it by hand"):
            self.customer.action_match_dunning_returns()

    def test_money_paid_out_is_taken_in_from_the_list(self):
        """The second answer: it is followed up itself."""
        customer = self._create_customer("Bosco")
        returned = self._pay_out(100.0, day("02-20"), customer)
        customer.action_take_in_dunning_paid_out()
        self.assertTrue(returned.dunning_is_taken_in)
        self.assertFalse(self._get_gaps())
        self.assertIn(returned, self._plan().line_ids.move_line_id)
        with self.assertRaises(UserError):
            customer.action_take_in_dunning_paid_out()

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
