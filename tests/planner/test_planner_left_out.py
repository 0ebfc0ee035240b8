from odoo.tests import tagged

from ..common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestPlannerLeftOut(DunningCommon):
    """Claims that are left out, each with its reason."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        debit = (
            cls.env["account.payment.method"]
            .sudo()
            .create(
                {
                    "name": "Direct debit",
                    "code": "story_direct_debit",
                    "payment_type": "inbound",
                }
            )
        )
        cls.direct_debit = cls.env["account.payment.method.line"].create(
            {
                "name": "Direct debit",
                "payment_method_id": debit.id,
                "journal_id": cls.company_data["default_journal_bank"].id,
            }
        )
        cls.transfer = cls.inbound_payment_method_line

    def test_invoice_marked_no_follow_up_in_odoo(self):
        """The accountant marked the invoice "no follow-up" (case C5, P7)."""
        claim = self._create_claim(day("02-20"))
        claim.move_id.no_followup = True
        self.assertNotDue(claim, "no_followup", "net")

    def test_one_instalment_marked_marks_them_all(self):
        """Odoo spreads the mark of an instalment over its whole invoice."""
        first, second = self._create_instalments(day("01-10"), 10, 30)
        second.no_followup = True
        self.assertNotDue(first, "no_followup", "net")

    def test_invoice_due_before_the_go_live(self):
        """Follow-up starts on 1 February: what was due before belongs to the former
        procedure; an item of it that is taken in is played."""
        self.company.dunning_go_live_date = day("02-01")
        old = self._create_claim(day("01-31"))
        new = self._create_claim(day("02-01"))
        self.assertEqual(self._get_failed(old), {"go_live"})
        self.assertDue(new)
        old.dunning_is_taken_in = True
        self.assertDue(old)

    def test_payment_method_none_stated_is_chased(self):
        """Nothing is said about how the customer pays: a reminder makes sense."""
        claim = self._create_claim(day("02-20"))
        self.assertFalse(claim.move_id.preferred_payment_method_line_id)
        self.assertIsNone(self._get_rules(claim)["payment_method"]["value"])
        self.assertDue(claim)

    def test_payment_method_manual_is_chased(self):
        """The customer pays by transfer, an act of his own (S1-55, S0-40)."""
        self.assertDue(
            self._create_claim(
                day("02-20"), preferred_payment_method_line_id=self.transfer.id
            )
        )

    def test_direct_debit_is_not_chased(self):
        """The bank will collect it: asking the customer would annoy him (S1-55)."""
        claim = self._create_claim(
            day("02-20"), preferred_payment_method_line_id=self.direct_debit.id
        )
        self.assertNotDue(claim, "payment_method")

    def test_direct_debit_is_chased_where_the_scenario_says_so(self):
        """A scenario for rejected direct debits follows all methods up."""
        self.scenario.payment_methods = "all"
        self.assertDue(
            self._create_claim(
                day("02-20"), preferred_payment_method_line_id=self.direct_debit.id
            )
        )

    def test_entry_takes_the_payment_method_of_its_customer(self):
        """An opening balance states no method: its customer's counts, as the field of
        the entry is trusted on invoices only."""
        self.customer.property_inbound_payment_method_line_id = self.direct_debit
        item = self._create_entry(100.0, day("02-20"), no_followup=False)
        item.move_id.preferred_payment_method_line_id = self.transfer
        self.assertNotDue(item, "payment_method")

    def test_partly_paid_invoice_where_the_scenario_excludes_it(self):
        """A house that never chases what was begun to be paid."""
        self.scenario.is_partial_chased = False
        claim = self._create_claim(day("02-20"))
        other = self._create_claim(day("02-20"))
        self._pay(claim, day("03-01"), 60.0)
        self.assertEqual(self._get_failed(claim), {"partial"})
        self.assertDue(other)

    def test_postponed_claim_waits_for_its_day(self):
        """The collector put the call off to Monday: nothing before, then it is due."""
        claim = self._create_claim(day("02-20"))
        self._plan().action_postpone(day("03-09"))
        self.assertNotDue(claim, "postponed", on=day("03-08"))
        action = self.assertDue(claim, on=day("03-09"))
        self.assertEqual(self._get_steps(action), ["reminder_1"])

    def test_claim_in_an_open_action(self):
        """A call waits on the desk for days: no second one is prepared (P14)."""
        claim = self._create_claim(day("02-20"))
        action = self._plan()
        self.assertNotDue(claim, "in_action", on=day("03-30"))
        self.assertEqual(action.line_ids.state, "open")

    def test_failed_action_still_holds_its_claim(self):
        """A reminder that could not leave waits on the desk, and is not doubled."""
        claim = self._create_claim(day("02-20"))
        self._plan().sudo().state = "failed"  # sudo: as delivery does
        self.assertNotDue(claim, "in_action", on=day("03-05"))

    def test_nothing_left_once_paid_by_a_hair(self):
        """Of 100 a cent is left: it is a claim like any other."""
        claim = self._create_claim(day("02-20"))
        self._pay(claim, day("03-01"), 99.99)
        self.assertEqual(self.assertDue(claim).amount_total, 0.01)

    def test_reason_is_given_in_words(self):
        """Each rule that stops a claim is said in the user's words."""
        claim = self._create_claim(day("02-20"))
        claim.move_id.no_followup = True
        self.planner = self.planner.with_context(lang="en_US")
        rule = self._get_rules(claim)["no_followup"]
        self.assertEqual(rule["text"], "Not excluded from follow-up")
        self.assertEqual(rule["value"], "true")


@tagged("post_install", "-at_install")
class TestPlannerInsolvency(DunningCommon):
    """A customer in insolvency: older claims are declared, not followed up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old = cls._create_claim(day("02-20"))
        cls.customer.dunning_insolvent_since = day("02-01")

    def _get_tasks(self):
        return self.customer.activity_ids.filtered(
            lambda task: (
                task.activity_type_id
                == self.env.ref(
                    "account_dunning_scenario.mail_activity_type_declare_claim"
                )
            )
        )

    def test_older_claim_is_left_out(self):
        """The invoice of 21 January is older than the judgment of 1 February."""
        self.assertNotDue(self.old, "insolvent", "net")

    def test_younger_claim_is_chased(self):
        """What the customer bought after the judgment has to be paid on time."""
        young = self._create_claim(day("02-20"), date=day("02-01"))
        self.assertDue(young)

    def test_task_to_declare_is_made_once(self):
        """The collector is asked to declare the claim; done or not, not again."""
        self._plan()
        task = self._get_tasks()
        self.assertEqual(len(task), 1)
        self.assertEqual(task.user_id, self.company.dunning_collector_id)
        self._plan(day("03-05"))
        self.assertEqual(self._get_tasks(), task)
        task.action_feedback()
        self._plan(day("03-06"))
        self.assertFalse(self._get_tasks().filtered("active"))

    def test_subsidiary_is_a_customer_of_its_own(self):
        """A subsidiary is insolvent, its parent is not: the task is about it."""
        subsidiary = self._create_customer("Brun Works", parent_id=self.customer.id)
        self.customer.dunning_insolvent_since = False
        subsidiary.dunning_insolvent_since = day("02-01")
        self._create_claim(day("02-20"), customer=subsidiary)
        self._plan()
        self.assertEqual(len(subsidiary.activity_ids), 1)
        self.assertFalse(self._get_tasks())

    def test_no_task_for_claims_after_the_judgment(self):
        """Nothing older is open: there is nothing to declare."""
        self._pay(self.old, day("03-01"))
        self._create_claim(day("02-20"), date=day("02-01"))
        self._plan()
        self.assertFalse(self._get_tasks())

    def test_waiting_reminder_is_dropped_by_the_judgment(self):
        """The reminder was on the desk when the news came: it leaves the desk."""
        self.customer.dunning_insolvent_since = False
        action = self._plan()
        self.customer.dunning_insolvent_since = day("02-01")
        self.assertFalse(self._plan(day("03-05")))
        self.assertEqual(action.state, "cancelled")
        self.assertEqual(action.line_ids.state, "dropped")
        self.assertIn("insolvent", action.line_ids.reason)
