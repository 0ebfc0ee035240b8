from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..common import day
from ..delivery.common import DeliveryCommon


class CommitteeCommon(DeliveryCommon):
    """Wednesday 4 March 2026: the session of today, its manager and its collector.

    Azur Interior   late for reminder 1, a step by committee; 500 overdue
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._use_channel("committee", fallback_channel=False)
        cls.manager = new_test_user(
            cls.env,
            login="marion",
            name="Marion Leclerc",
            groups="account_dunning_scenario.dunning_group_manager",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.committee = cls.env["dunning.committee"].create({"date": cls.TODAY})
        cls.agency = cls._create_customer("Recouvrements Associés")

    @classmethod
    def _put_on_agenda(cls):
        """Let the step by committee of the customer wait; return action and case."""
        action = cls._remind(amount=500.0)
        return action, cls.committee.case_ids

    def _decide(self, case, decision, **values):
        case = case.with_user(self.manager)
        case.write({"decision": decision, "decision_reason": "No answer.", **values})
        return case.action_decide()


@tagged("post_install", "-at_install")
class TestCommittee(CommitteeCommon):
    """The session: who is on its agenda, who decides, what goes to the next one."""

    def test_step_by_committee_waits_on_the_agenda(self):
        """S0-22: no activity, a case, until the committee has decided."""
        action, case = self._put_on_agenda()
        self.assertEqual(action.state, "in_progress")
        self.assertFalse(action.activity_ids)
        self.assertEqual(case.partner_id, self.customer)
        self.assertEqual(case.origin, "committee_step")
        self.assertEqual(case.amount_overdue, 500.0)
        self.assertEqual(case.delivery_ids, action.delivery_ids)

    def test_it_needs_no_address(self):
        """It meets without the customer, who cannot be reached by anything and would
        rather not be spoken of."""
        nowhere = dict.fromkeys(("email", "phone", "street", "zip", "city"), False)
        guide = self.env.ref("account_dunning_scenario.dunning_channel_guide_committee")
        self.customer.write({**nowhere, "dunning_refused_channel_ids": guide.ids})
        self._create_late_claim()
        action = self._plan()
        dialogs = self.env["dunning.action.confirm"].with_user(self.collector)
        values = {"action_ids": [Command.set(action.ids)]}
        self.assertNotIn("address", dialogs.create(values).summary)
        action.sudo().step_id.script = "Call back."
        action.sudo().channel = "phone"
        self.assertIn("No usable address", dialogs.create(values).summary)

    def test_session_is_planned_when_there_is_none(self):
        """Ten working days on, with the members of the settings."""
        self.committee.unlink()
        self.company.dunning_committee_member_ids = self.manager
        action = self._remind()
        session = action.delivery_ids.committee_case_id.committee_id
        self.assertEqual(session.date, day("03-18"))
        self.assertEqual(session.member_ids, self.manager)

    def test_film_that_is_over_comes_to_the_committee(self):
        """S0-34: after the last reminder somebody has to decide."""
        claim = self._create_late_claim()
        for number, step in enumerate(self.scenario.step_ids):
            if step.kind == "notice":
                continue
            step.channel = "phone"
            self._play(day("03-04") + timedelta(days=8 * number))
        self.assertIn("step", self._get_failed(claim, day("04-20")))
        self.committee.with_user(self.collector).action_gather()
        self.assertEqual(self.committee.case_ids.origin, "last_step")

    def test_amount_of_the_company_brings_a_customer_in(self):
        self._create_late_claim(amount=999.0)
        self.committee.action_gather()
        self.assertFalse(self.committee.case_ids)
        self.company.dunning_committee_amount = 999.0
        self.committee.action_gather()
        self.assertEqual(self.committee.case_ids.origin, "amount")

    def test_promised_amounts_do_not_count(self):
        """What is promised or disputed is not the committee's business."""
        self.company.dunning_committee_amount = 100.0
        self._create_late_claim(amount=999.0)
        self.committee.action_gather()
        self.env["dunning.promise"].create(
            {"partner_id": self.customer.id, "amount": 999.0, "date": day("03-20")}
        )
        self.committee.action_gather()
        self.assertEqual(self.committee.case_ids.state, "dropped")

    def test_paid_before_the_session_drops_the_case(self):
        action, case = self._put_on_agenda()
        self._pay(action.line_ids.move_line_id, self.TODAY)
        self.assertEqual(action.state, "cancelled")
        self.assertEqual(case.state, "dropped")
        self.assertFalse(self.committee.case_count)

    def test_gathering_twice_keeps_proposals_and_cases(self):
        _action, case = self._put_on_agenda()
        case.with_user(self.collector).proposal = "Visit them."
        self.committee.with_user(self.collector).action_gather()
        self.assertEqual(self.committee.case_ids, case)
        self.assertEqual(case.proposal, "Visit them.")

    def test_undecided_cases_go_to_the_next_session(self):
        action, case = self._put_on_agenda()
        self.committee.with_user(self.manager).action_close()
        self.assertEqual(case.state, "deferred")
        following = self.env["dunning.committee"].create({"date": day("04-01")})
        following.action_gather()
        self.assertEqual(following.case_ids.partner_id, self.customer)
        self.assertEqual(action.delivery_ids.committee_case_id, following.case_ids)
        self.assertEqual(action.state, "in_progress")

    def test_session_planned_already_takes_them_up_at_once(self):
        self.company.dunning_committee_amount = 100.0
        self._create_late_claim(amount=999.0)
        self.committee.action_gather()
        following = self.env["dunning.committee"].create({"date": day("04-01")})
        self.committee.with_user(self.manager).action_close()
        self.assertEqual(following.case_ids.origin, "deferred")

    def test_step_after_the_decision_waits_for_the_next_session(self):
        """Decided this morning, and another invoice comes up at noon."""
        _action, case = self._put_on_agenda()
        self._decide(case, "carry_on")
        again = self._remind(amount=80.0)
        other = again.delivery_ids.committee_case_id
        self.assertEqual(case.state, "decided")
        self.assertEqual(other.state, "open")
        self.assertGreater(other.committee_id.date, self.TODAY)
        self.committee.action_gather()
        self.assertEqual(again.delivery_ids.committee_case_id, other)

    def test_customer_is_left_alone_until_the_day_decided(self):
        """Here for the amount, without a step by committee: no reminder before the
        day that the committee named, for any claim of the customer."""
        claim = self._create_late_claim()
        case = self.env["dunning.committee.case"].create(
            {
                "committee_id": self.committee.id,
                "partner_id": self.customer.id,
                "origin": "amount",
            }
        )
        self._decide(case, "carry_on", resume_date=day("03-20"))
        self.assertIn("held", self._get_failed(claim, day("03-19")))
        self.assertNotIn("held", self._get_failed(claim, day("03-20")))

    def test_closed_session_is_left_alone(self):
        self.committee.with_user(self.manager).action_close()
        with self.assertRaisesRegex(UserError, "closed"):
            self.committee.action_gather()

    # ---- who may ---------------------------------------------------------------------

    def test_collector_prepares_and_manager_decides(self):
        _action, case = self._put_on_agenda()
        mine = case.with_user(self.collector)
        mine.write({"proposal": "Hand over", "decision": "carry_on"})
        mine.decision_reason = "They are ill."
        with self.assertRaises(AccessError):
            mine.action_decide()
        with self.assertRaises(AccessError):
            self.committee.with_user(self.collector).action_close()
        with self.assertRaises(UserError):
            mine.state = "decided"
        with self.assertRaises(UserError):
            self.committee.with_user(self.collector).state = "closed"
        forged = self.env["dunning.committee.case"].with_user(self.collector)
        other = self._create_customer("Brun Bois")
        forged = forged.create(
            {
                "committee_id": self.committee.id,
                "partner_id": other.id,
                "state": "decided",
                "decided_by_id": self.manager.id,
            }
        )
        self.assertEqual((forged.state, len(forged.decided_by_id)), ("open", 0))
        case.with_user(self.manager).action_decide()
        self.assertEqual(case.decided_by_id, self.manager)
        self.assertEqual(case.decided_date, self.TODAY)

    def test_what_was_decided_stays(self):
        _action, case = self._put_on_agenda()
        self._decide(case, "carry_on")
        with self.assertRaises(UserError):
            case.with_user(self.manager).decision = "write_off"
        with self.assertRaises(UserError):
            case.with_user(self.manager).unlink()

    def test_decision_needs_a_reason(self):
        _action, case = self._put_on_agenda()
        for values, message in (
            ({"decision": False}, "choose a decision"),
            (
                {"decision": "carry_on", "decision_reason": " "},
                "the reason for the decision",
            ),
            ({"decision": "hand_over", "decision_reason": "x"}, "the third party"),
            ({"decision": "write_off", "decision_reason": "x"}, "loss account"),
        ):
            with self.subTest(values), self.assertRaisesRegex(UserError, message):
                case.with_user(self.manager).write(values)
                case.with_user(self.manager).action_decide()

    def test_salespeople_and_other_companies_see_nothing(self):
        _action, case = self._put_on_agenda()
        seller = new_test_user(self.env, "sales", groups="base.group_user")
        with self.assertRaises(AccessError):
            case.with_user(seller).read(["decision"])
        other = self.setup_other_company()["company"]
        stranger = new_test_user(
            self.env,
            "strange",
            groups="account_dunning_scenario.dunning_group_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        Committee = self.env["dunning.committee"].with_user(stranger)
        self.assertNotIn(self.committee, Committee.search([]))

    # ---- the agenda ------------------------------------------------------------------

    def _get_pages(self):
        report = self.env["report.account_dunning_scenario.committee_agenda"]
        streams = report.with_user(self.collector)._get_streams(self.committee.ids)
        return self._get_text(streams[self.committee.id])

    def _fill_history(self, customer):
        """Let a customer have been contacted and have promised more often than fits."""
        action = {
            "company_id": self.company.id,
            "partner_id": customer.id,
            "channel": "phone",
            "state": "done",
            "performed_date": day("02-01"),
        }
        self.env["dunning.action"].sudo().create([action] * 10)
        for amount in (100, 200, 300, 400, 500):
            self.env["dunning.promise"].create(
                {"partner_id": customer.id, "amount": amount, "date": day("03-20")}
            )

    def test_agenda_has_a_page_per_case_the_largest_first(self):
        self.company.dunning_committee_amount = 1.0
        small, large = self._create_customer("Petit"), self._create_customer("Grand")
        self._create_late_claim(small, amount=50.0)
        claim = self._create_late_claim(large, amount=5000.0)
        for _number in range(30):
            self._create_late_claim(large, amount=10.0)
        self._fill_history(large)
        self.env["dunning.dispute"].create(
            {
                "partner_id": large.id,
                "reason_id": self.env["dunning.dispute.reason"].search([], limit=1).id,
                "description": "Three boxes were broken. " * 9,
                "claim_ids": [
                    Command.create({"move_line_id": claim.id, "amount": 100})
                ],
            }
        )
        self.committee.action_gather()
        self.committee.case_ids.proposal = "Ask the bank what it thinks. " * 20
        first, second = self._get_pages()
        self.assertIn("case 1 / 2", first)
        self.assertIn("Grand", first)
        self.assertIn("Three boxes were broken.", first)
        self.assertIn("and 23 more", first)
        self.assertIn("and 5 earlier", first)
        self.assertIn("Petit", second)
        self.assertIn("The customer was never contacted.", second)

    def test_agenda_without_cases_says_what_to_do(self):
        with self.assertRaisesRegex(UserError, "Gather Cases"):
            self.committee.action_print_agenda()


@tagged("post_install", "-at_install")
class TestCommitteeExecution(CommitteeCommon):
    """What becomes of each decision."""

    def test_carry_on_performs_the_step(self):
        """The film goes on: reminder 2 counts from the decision."""
        action, case = self._put_on_agenda()
        self._decide(case, "carry_on")
        self.assertEqual(action.state, "done")
        claim = action.line_ids.move_line_id
        self.assertEqual(self._get_next(claim), ("reminder_2", day("03-12")))
        for record in (action, case):
            told = " ".join(record.message_ids.mapped("body"))
            self.assertIn("No answer.", told)
        self.assertIn("decided", " ".join(self.customer.message_ids.mapped("body")))

    def test_carry_on_later_brings_the_step_up_again(self):
        action, case = self._put_on_agenda()
        self._decide(case, "carry_on", resume_date=day("03-20"))
        self.assertEqual(action.state, "cancelled")
        claim = action.line_ids.move_line_id
        self.assertIn("postponed", self._get_failed(claim, day("03-19")))
        self.assertDue(claim, on=day("03-20"))

    def test_visit_is_an_action_of_its_own(self):
        """The committee's step is performed; the visit plays none, and the film waits
        for it."""
        action, case = self._put_on_agenda()
        result = self._decide(case, "visit", visit_user_id=self.manager.id)
        self.assertEqual(action.state, "done")
        visit = case.visit_action_id
        self.assertEqual(result["res_id"], visit.id)
        self.assertEqual(visit.state, "in_progress")
        self.assertEqual(visit.visit_user_id, self.manager)
        self.assertEqual(visit.line_ids.move_line_id, action.line_ids.move_line_id)
        claim = action.line_ids.move_line_id
        self.assertIn("in_action", self._get_failed(claim, day("03-20")))
        visit.delivery_ids.activity_id.with_user(self.manager).action_feedback(
            feedback="Seen"
        )
        self.assertEqual(visit.state, "done")
        self.assertEqual(self._get_next(claim), ("reminder_2", day("03-12")))

    def test_visit_is_withdrawn_when_all_is_paid(self):
        action, case = self._put_on_agenda()
        self._decide(case, "visit")
        self._pay(action.line_ids.move_line_id, self.TODAY)
        self.assertEqual(case.visit_action_id.state, "cancelled")

    def test_payment_plan_opens_the_dialog(self):
        action, case = self._put_on_agenda()
        result = self._decide(case, "payment_plan")
        context = result["context"]
        self.assertEqual(result["res_model"], "dunning.entry")
        self.assertTrue(context["default_has_promise"])
        entry = self.env["dunning.entry"].with_user(self.manager)
        entry = entry.with_context(**context).create({"promise_date": day("03-20")})
        plan = entry.action_open_promise()
        self.assertEqual(plan["res_model"], "dunning.promise")
        self.assertEqual(plan["context"]["default_action_id"], action.id)

    def test_block_orders_is_told_to_those_who_sell(self):
        seller = new_test_user(
            self.env, "sales", groups="base.group_user", company_id=self.company.id
        )
        self.customer.user_id = seller
        _action, case = self._put_on_agenda()
        self._decide(case, "block_orders")
        self.assertEqual(self.customer.dunning_orders_blocked_date, self.TODAY)
        self.assertEqual(self.customer.activity_ids.user_id, seller)
        draft = self._create_invoice_one_line(
            price_unit=10.0, partner_id=self.customer.id
        )
        self.assertIn("No answer.", draft.dunning_blocked_text)
        warning = draft._build_credit_warning_message(draft)
        self.assertIn("are blocked", warning)
        self.customer.with_user(self.collector).action_unblock_dunning_orders()
        draft.invalidate_recordset()
        self.assertFalse(draft.dunning_blocked_text)

    def test_orders_are_blocked_for_one_company_only(self):
        _action, case = self._put_on_agenda()
        self._decide(case, "block_orders")
        other = self.setup_other_company()["company"]
        self.assertFalse(self.customer._dunning_get_block_text(other))
        self.assertTrue(self.customer._dunning_get_block_text(self.company))

    def test_write_off_is_a_draft_for_the_accountant(self):
        """What is open of each claim, against the account of losses; never posted."""
        account = self.company_data["default_account_expense"]
        self.company.dunning_writeoff_account_id = account
        self.company.dunning_accountant_id = self.collector
        action, case = self._put_on_agenda()
        self._decide(case, "write_off")
        move = case.writeoff_move_id
        self.assertEqual(move.state, "draft")
        loss = move.line_ids.filtered(lambda line: line.account_id == account)
        self.assertEqual(loss.debit, 500.0)
        credit = move.line_ids - loss
        self.assertEqual(credit.account_id, action.line_ids.move_line_id.account_id)
        self.assertEqual(credit.partner_id, self.customer)
        self.assertEqual(move.activity_ids.user_id, self.collector)
        self.assertIn("VAT", move.activity_ids.note)

    def test_write_off_in_another_currency(self):
        """A claim in foreign money is written off in it, at the ledger's value."""
        currency = self.setup_other_currency("HRK")
        self.company.dunning_writeoff_account_id = self.company_data[
            "default_account_expense"
        ]
        claim = self._create_late_claim(amount=300.0, currency_id=currency.id)
        self.company.dunning_committee_amount = 1.0
        self.committee.action_gather()
        self._decide(self.committee.case_ids, "write_off")
        credit = self.committee.case_ids.writeoff_move_id.line_ids.filtered("credit")
        self.assertEqual(credit.currency_id, currency)
        self.assertEqual(credit.amount_currency, -300.0)
        self.assertEqual(credit.balance, -claim.amount_residual)

    def _put_entry_on_agenda(self):
        """An opening entry without a due date, taken in: late from its own day on."""
        self.company.dunning_committee_amount = 1.0
        entry = self._create_entry(
            300.0, day("02-01"), date_maturity=False, no_followup=False
        )
        self.committee.action_gather()
        case = self.committee.case_ids
        self.assertEqual(case.amount_overdue, 300.0)
        return entry, case

    def test_entry_without_a_due_date_is_written_off(self):
        self.company.dunning_writeoff_account_id = self.company_data[
            "default_account_expense"
        ]
        _entry, case = self._put_entry_on_agenda()
        self._decide(case, "write_off")
        self.assertEqual(sum(case.writeoff_move_id.line_ids.mapped("credit")), 300.0)

    def test_entry_without_a_due_date_is_what_the_visit_is_about(self):
        entry, case = self._put_entry_on_agenda()
        self._decide(case, "visit")
        self.assertEqual(case.visit_action_id.line_ids.move_line_id, entry)
        self.assertEqual(case.visit_action_id.line_ids.due_date, day("02-01"))

    def test_entry_without_a_due_date_is_in_the_payment_plan(self):
        """It is ticked in the dialog, and has its due date in the promise."""
        entry, case = self._put_entry_on_agenda()
        result = self._decide(case, "payment_plan")
        entries = self.env["dunning.entry"].with_user(self.manager)
        dialog = entries.with_context(**result["context"]).create(
            {"channel": "phone", "promise_date": day("03-20")}
        )
        ticked = dialog.line_ids.filtered("is_ticked")
        self.assertEqual(ticked.move_line_id, entry)
        plan = dialog.action_open_promise()
        promise = self.env["dunning.promise"].with_user(self.manager)
        promise = promise.with_context(**plan["context"]).create({})
        self.assertEqual(promise.claim_ids.due_date, day("02-01"))

    def test_what_nobody_is_asked_to_pay_is_not_written_off(self):
        """A blocked invoice is on no agenda: the loss is that of the others."""
        self.company.dunning_writeoff_account_id = self.company_data[
            "default_account_expense"
        ]
        _action, case = self._put_on_agenda()
        self._create_late_claim(amount=70.0).move_id.payment_state = "blocked"
        self._decide(case, "write_off")
        self.assertEqual(sum(case.writeoff_move_id.line_ids.mapped("credit")), 500.0)


@tagged("post_install", "-at_install")
class TestHandover(CommitteeCommon):
    """Customers who were handed over leave the planner (S3-04), and may come back."""

    def _hand_over(self, case):
        self._decide(case, "hand_over", agent_id=self.agency.id, agent_kind="bailiff")
        return case.handover_id

    def test_handed_over_with_the_claims_file(self):
        action, case = self._put_on_agenda()
        handover = self._hand_over(case)
        self.assertEqual(action.state, "done")
        self.assertEqual(handover.agent_id, self.agency)
        self.assertEqual(handover.date, self.TODAY)
        self.assertEqual(handover.amount, 500.0)
        pages = self._get_text(handover.attachment_id.raw)
        self.assertIn("Claims file", pages[0])
        self.assertNotIn("case 1", pages[0])
        self.assertIn("Ledger extract", pages[1])

    def test_nothing_is_planned_any_more(self):
        action, case = self._put_on_agenda()
        self._hand_over(case)
        claim = action.line_ids.move_line_id
        self.assertNotDue(claim, "handed_over", "net", on=day("03-20"))
        told = self.planner._tell(claim, day("03-20"))[claim]
        self.assertIn("handed over on March 4, 2026", told)

    def test_what_waits_is_withdrawn(self):
        """A reminder on the desk, a letter to post: gone at once."""
        self._create_late_claim()
        waiting = self._plan()
        self.env["dunning.handover"].with_user(self.manager).create(
            {"partner_id": self.customer.id, "agent_id": self.agency.id}
        )
        self.assertEqual(waiting.state, "cancelled")
        self.assertEqual(waiting.line_ids.reason, "Handed over to a third party")

    def test_taken_back_the_film_goes_on(self):
        action, case = self._put_on_agenda()
        handover = self._hand_over(case)
        handover.with_user(self.manager).action_take_back()
        self.assertEqual(handover.taken_back_date, self.TODAY)
        self.assertFalse(self.customer.dunning_handover_id)
        self.assertDue(action.line_ids.move_line_id, on=day("03-20"))

    def test_promise_is_still_taken(self):
        action, case = self._put_on_agenda()
        self._hand_over(case)
        entry = (
            self.env["dunning.entry"]
            .with_user(self.collector)
            .create(
                {
                    "partner_id": self.customer.id,
                    "channel": "phone",
                    "contact_date": self.TODAY,
                    "has_promise": True,
                    "promise_amount": 500.0,
                    "promise_date": day("03-10"),
                }
            )
        )
        entry.line_ids.is_ticked = True
        entry.action_save()
        claim = action.line_ids.move_line_id
        promise = self.env["dunning.promise"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(promise.claim_ids.move_line_id, claim)

    def test_no_thanks_for_what_others_collected(self):
        """The bailiff's money is no reason to say thank you."""
        self._add_steps(self.scenario, self._thanks(delay=1))
        action, case = self._put_on_agenda()
        self._hand_over(case)
        claim = action.line_ids.move_line_id
        self._pay(claim, self.TODAY)
        self.assertFalse(self._plan(day("03-05")))
        (answer,) = self.planner._explain(claim, day("03-05"))
        failed = [r["code"] for r in answer["rules"] if r["passed"] is False]
        self.assertIn("handed_over", failed)

    def test_handed_over_is_no_forgotten_customer(self):
        self._create_late_claim()
        self.env["dunning.handover"].create(
            {"partner_id": self.customer.id, "agent_id": self.agency.id}
        )
        rows = self.env["dunning.coverage"]._get_rows(self.customer)
        self.assertFalse([row for row in rows if row["code"]])

    def test_costs_are_dated_and_summed(self):
        _action, case = self._put_on_agenda()
        handover = self._hand_over(case).with_user(self.manager)
        handover.cost_ids = [
            Command.create({"name": "Fee", "date": day("03-04"), "amount": 45.0}),
            Command.create({"name": "Bailiff", "date": day("03-04"), "amount": 80.5}),
        ]
        self.assertEqual(handover.amount_cost, 125.5)

    def test_impossible_handovers_are_refused(self):
        Handover = self.env["dunning.handover"]
        values = {"partner_id": self.customer.id, "agent_id": self.agency.id}
        savepoint = self.env.cr.savepoint
        with self.assertRaisesRegex(ValidationError, "is in the future"), savepoint():
            Handover.create({**values, "date": day("03-05")})
        with self.assertRaisesRegex(ValidationError, "somebody other"), savepoint():
            Handover.create({**values, "agent_id": self.customer.id})
        handover = Handover.create(values)
        with self.assertRaisesRegex(ValidationError, "before being handed over"):
            handover.taken_back_date = day("03-01")

    def test_managers_hand_over_and_collectors_read(self):
        Handover = self.env["dunning.handover"].with_user(self.collector)
        values = {"partner_id": self.customer.id, "agent_id": self.agency.id}
        with self.assertRaises(AccessError):
            Handover.create(values)
        handover = Handover.with_user(self.manager).create(values)
        with self.assertRaises(AccessError):
            handover.with_user(self.collector).action_take_back()
        self.assertTrue(handover.with_user(self.collector).display_name)
