import importlib.util

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools.misc import file_path

from ..answers.test_dispute import DisputeCommon
from ..common import day

READ_ONLY_SCRIPT = "migrations/19.0.1.3.0/post-disputes-read-only.py"
REFUSED = UserError  # the others are kinds of it


class AttackCommon(DisputeCommon):
    """Wednesday 4 March 2026: what people try who want the history to be otherwise.

    Azur Interior   owes 100 since 20 February; its salesperson is Sarah
    Borel           owes 200; somebody else's customer
    Abroad SA       a second company, in which nobody of these works
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager, cls.accountant, cls.billing, cls.secretary = (
            new_test_user(
                cls.env,
                login=login,
                name=login.title(),
                groups=group,
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for login, group in (
                ("marion", "account_dunning_scenario.dunning_group_manager"),
                ("alice", "account.group_account_readonly"),
                ("bob", "account.group_account_invoice,base.group_partner_manager"),
                ("cleo", "base.group_user,base.group_partner_manager"),
            )
        )
        cls.borel = cls._create_customer("Borel")
        cls.claim = cls._create_claim(day("02-20"), 100)
        cls.other_claim = cls._create_claim(day("02-20"), 200, cls.borel)
        cls.abroad = (
            cls.env["res.company"]
            .sudo()
            .create({"name": "Abroad SA", "dunning_is_live": False})
        )

    def assertKept(self, record, user, **values):
        """Assert that a user can write none of the values, one by one."""
        mine = record.with_user(user)
        for name, value in values.items():
            before = record[name]
            with self.subTest(user=user.name, field=name):
                with self.assertRaises(REFUSED), self.env.cr.savepoint():
                    mine.write({name: value})
                record.invalidate_recordset()
                self.assertEqual(record[name], before)

    def _set_default(self, user, model, name, value):
        """Keep a default value, as every user may for themselves."""
        self.env["ir.default"].with_user(user).set(model, name, value, user_id=True)

    def _call(self, record, user, method, **context):
        return getattr(record.with_user(user).with_context(**context), method)()


@tagged("post_install", "-at_install")
class TestAttackDisputes(AttackCommon):
    """Who has a part in a dispute settles it; nobody rewrites it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dispute = cls._dispute(cls.claim, amount=10, participant_ids=cls.sarah.ids)

    def test_whose_it_is_never_changes(self):
        """Paul of production holds Borel's invoices with a dispute of Azur's."""
        for user in (self.paul, self.collector, self.manager):
            self.assertKept(
                self.dispute,
                user,
                partner_id=self.borel.id,
                company_id=self.abroad.id,
            )

    def test_days_and_states_come_from_the_buttons(self):
        for user in (self.paul, self.collector, self.manager):
            self.assertKept(
                self.dispute,
                user,
                state="waiting",
                told_date=self.TODAY,
                asked_date=self.TODAY,
                received_date=self.TODAY,
                settled_date=self.TODAY,
                pay_by_date=day("12-31"),
                opened_date=day("01-01"),
                amount=1,
                is_receipt_wanted=True,
            )
        with self.assertRaises(REFUSED):
            self.dispute.with_user(self.paul).write(
                {"state": "settled", "outcome": "unfounded"}
            )

    def test_form_of_the_concerned_works(self):
        """Paul says how it ended, holds everything meanwhile, gives it to Sarah."""
        mine = self.dispute.with_user(self.paul)
        mine.action_start()
        mine.write({"hold": "claim", "priority": "1", "description": "Scratches"})
        mine.write({"outcome": "partly", "resolution": "explanation"})
        mine.action_settle()
        self.assertEqual(self.dispute.settled_date, self.TODAY)
        mine.write({"resolution_note": "Repaired", "pay_by_date": day("03-20")})
        self.assertEqual(self.dispute.pay_by_date, day("03-20"))
        self.assertKept(
            self.dispute, self.paul, outcome="founded", hold="customer", state="new"
        )
        mine.action_reopen()
        mine.owner_id = self.collector
        self.assertEqual(self.dispute.owner_id, self.collector)

    def test_accountants_read(self):
        for user in (self.accountant, self.billing):
            self.assertTrue(self.dispute.with_user(user).has_access("read"))
            self.assertKept(self.dispute, user, hold="customer", priority="2")
            for name in ("action_start", "action_settle", "action_reopen"):
                with self.subTest(button=name), self.assertRaises(AccessError):
                    self._call(self.dispute, user, name)
            self.dispute.with_user(user).message_post(body="Is it true?")
        self.assertEqual(self.dispute.state, "new")

    def test_accountants_read_after_an_update_too(self):
        """Rules are kept as they are by an update: a script narrows this one."""
        rule = self.env.ref("account_dunning_scenario.dunning_dispute_rule_accountant")
        rule = rule.sudo()
        self.assertFalse(rule.perm_write)
        rule.perm_write = True
        rule.flush_recordset()
        self._get_migration().migrate(self.env.cr, "19.0.1.2.0")
        rule.invalidate_recordset()
        self.assertEqual((rule.perm_read, rule.perm_write), (True, False))

    def _get_migration(self):
        path = file_path(f"account_dunning_scenario/{READ_ONLY_SCRIPT}")
        spec = importlib.util.spec_from_file_location("read_only", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        return script

    def test_payment_plan_is_the_customers_own(self):
        promise = self._promise(
            50, day("03-20"), self.other_claim, partner_id=self.borel.id
        )
        self.assertKept(self.dispute, self.collector, promise_id=promise.id)

    def test_no_customer_settles_a_dispute(self):
        portal = new_test_user(self.env, "visitor", groups="base.group_portal")
        self.assertKept(self.dispute, self.paul, owner_id=portal.id)

    def test_claims_are_the_customers_and_stay_once_settled(self):
        mine = self.dispute.with_user(self.collector)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            mine.claim_ids = [Command.create({"move_line_id": self.other_claim.id})]
        mine.claim_ids.amount = 20
        self.assertEqual(self.dispute.amount, 20)
        other = self._dispute(self.other_claim, partner_id=self.borel.id)
        with self.assertRaises(REFUSED), self.env.cr.savepoint():
            mine.claim_ids = [Command.link(other.claim_ids.id)]
        self._settle(mine)
        for change in (
            Command.update(mine.claim_ids.id, {"amount": 30}),
            Command.delete(mine.claim_ids.id),
            Command.create({"move_line_id": self.claim.id}),
        ):
            with self.subTest(change), self.assertRaises(UserError):
                mine.claim_ids = [change]

    def test_a_new_one_starts_at_its_beginning(self):
        """The states of a new dispute come neither from its values nor from the
        context."""
        values = {"partner_id": self.customer.id, "reason_id": self.reason.id}
        Dispute = self.env["dunning.dispute"].with_user(self.collector)
        for forged in (
            {"state": "settled", "outcome": "founded"},
            {"told_date": "now"},
        ):
            with self.subTest(forged), self.assertRaises(UserError):
                Dispute.create({**values, **forged})
        made = Dispute.with_context(
            default_state="settled", default_outcome="founded", default_told_date="now"
        ).create(values)
        self.assertEqual((made.state, made.told_date), ("new", False))
        with self.assertRaises(AccessError):
            Dispute.create({**values, "company_id": self.abroad.id})
        with self.assertRaises(AccessError):
            Dispute.with_user(self.accountant).create(values)

    def test_contact_was_one_with_the_customer(self):
        call = self._create_contact(self.borel)
        with self.assertRaises(ValidationError):
            self._dispute(self.claim, action_id=call.id)
        self.assertFalse(call.outcome)

    def _create_contact(self, customer):
        values = {"partner_id": customer.id, "channel": "phone", "state": "done"}
        return self.env["dunning.action"].sudo().create(values)

    def test_answer_counts_once_the_customer_has_it(self):
        """Whoever posts a message says that it is the answer."""
        forge = {"dunning_dispute_answer": "told"}
        for user in (self.accountant, self.billing):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.dispute.with_user(user).with_context(**forge).message_post(
                    body="!"
                )
        mine = self.dispute.with_user(self.paul)
        with self.assertRaisesRegex(UserError, "not settled"):
            mine.with_context(**forge).message_post(body="!")
        mine.write({"outcome": "unfounded"})
        mine.action_settle()
        with self.assertRaisesRegex(UserError, "Nobody at Azur Interior"):
            mine.with_context(**forge).message_post(body="A note to ourselves")
        self.assertFalse(self.dispute.told_date)
        mine.with_context(**forge).message_post(
            body="It was our fault.",
            partner_ids=self.customer.ids,
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(self.dispute.told_date, self.TODAY)

    def test_credit_note_settles_a_dispute_of_its_customer(self):
        credit = self._create_credit_note(10, day("03-02"), self.borel)
        with self.assertRaises(AccessError):
            credit.move_id.with_user(self.billing).dunning_dispute_id = self.dispute
        with self.assertRaises(ValidationError):
            credit.move_id.with_user(self.collector).dunning_dispute_id = self.dispute


@tagged("post_install", "-at_install")
class TestAttackPromises(AttackCommon):
    """A word that was given, and broken, stays so: the count of those decides who may
    take the next one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.promise = cls._promise(100, day("03-06"), cls.claim)

    def _break(self):
        with freeze_time("2026-03-20 10:00:00"):
            self.env["dunning.promise"]._judge_due(self.company, day("03-20"))
        self.assertEqual(self.promise.state, "broken")

    def test_broken_promise_is_not_kept_by_hand(self):
        self._break()
        for user in (self.collector, self.manager, self.billing, self.sarah):
            self.assertKept(
                self.promise,
                user,
                state="kept",
                judged_date=self.TODAY,
                amount=1,
                amount_paid=100,
                date=day("12-31"),
                taken_date=day("01-01"),
                partner_id=self.borel.id,
                company_id=self.abroad.id,
                replaced_by_id=self.promise.id,
                confirmed_date=self.TODAY,
                user_id=self.paul.id,
            )

    def test_terms_and_claims_are_those_that_were_promised(self):
        term, claim = self.promise.term_ids, self.promise.claim_ids
        for user in (self.collector, self.manager):
            self.assertKept(
                term,
                user,
                state="kept",
                amount=1,
                date=day("03-09"),
                reminded_date=self.TODAY,
            )
            self.assertKept(
                claim,
                user,
                share=1,
                amount=1,
                is_open=False,
                last_partial_id=99,
                move_line_id=self.other_claim.id,
                instalment=4,
            )
            for record in (term, claim):
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    record.with_user(user).unlink()
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    record.with_user(user).create(
                        {
                            "promise_id": self.promise.id,
                            **(
                                {"amount": 1, "date": day("03-30")}
                                if record == term
                                else {"move_line_id": self.claim.id}
                            ),
                        }
                    )

    def test_form_of_a_collector_works(self):
        mine = self.promise.with_user(self.collector)
        mine.write({"note": "Jeanne said so", "is_reminder_wanted": True})
        mine.action_cancel()
        self.assertEqual(self.promise.state, "cancelled")
        self.assertFalse(self.promise.claim_ids.is_open)

    def test_a_new_one_is_open(self):
        Promise = self.env["dunning.promise"].with_user(self.collector)
        values = {
            "partner_id": self.borel.id,
            "amount": 50,
            "date": day("03-20"),
        }
        for forged in (
            {"state": "kept"},
            {"judged_date": self.TODAY},
            {"amount_paid": 50},
        ):
            with self.subTest(forged), self.assertRaises(UserError):
                Promise.create({**values, **forged})
        made = Promise.with_context(default_state="kept").create(values)
        self.assertEqual(made.state, "open")
        with self.assertRaises(AccessError):
            Promise.create({**values, "company_id": self.abroad.id})
        with self.assertRaises(ValidationError):
            Promise.create(
                {
                    **values,
                    "claim_ids": [Command.create({"move_line_id": self.claim.id})],
                }
            )


@tagged("post_install", "-at_install")
class TestAttackOtherJournals(AttackCommon):
    def test_reason_for_not_paying_is_noted_in_the_dialog(self):
        reasons = self.env["dunning.nonpayment"].with_user(self.collector)
        noted = reasons._note(self.claim.with_user(self.collector), "forgotten")
        for user in (self.collector, self.manager):
            self.assertKept(
                noted,
                user,
                resent_date=self.TODAY,
                cycle=7,
                reason="paid",
                noted_date=day("12-31"),
                move_line_id=self.other_claim.id,
                partner_id=self.borel.id,
                company_id=self.abroad.id,
            )
            noted.with_user(user).note = "Holidays"
        with self.assertRaises(UserError):
            reasons.create(
                {
                    "partner_id": self.customer.id,
                    "move_line_id": self.claim.id,
                    "reason": "paid",
                    "paid_date": self.TODAY,
                    "noted_date": day("12-31"),
                }
            )

    def test_reason_is_always_told_in_the_chatters(self):
        """No caller silences the log of the customer."""
        reasons = self.env["dunning.nonpayment"].with_user(self.collector)
        reasons.with_context(dunning_customer_told=True)._note(
            self.claim.with_user(self.collector), "forgotten"
        )
        self.assertIn("forgotten", self.customer.message_ids[0].body)

    def test_handover_keeps_customer_and_figures(self):
        handover = self.env["dunning.handover"].create(
            {"partner_id": self.customer.id, "agent_id": self.borel.id}
        )
        self.assertEqual(handover.amount, 100)
        self.assertKept(
            handover,
            self.manager,
            partner_id=self.borel.id,
            company_id=self.abroad.id,
            amount=1,
        )
        handover.with_user(self.manager).cost_ids = [
            Command.create({"name": "Fee", "date": self.TODAY, "amount": 45.0})
        ]
        handover.with_user(self.manager).action_take_back()
        self.assertEqual(handover.taken_back_date, self.TODAY)

    def test_waiver_is_taken_back_only(self):
        Waiver = self.env["dunning.legal.waiver"].with_user(self.collector)
        values = {
            "move_id": self.claim.move_id.id,
            "is_interest_waived": True,
            "reason": "Old friends",
        }
        with self.assertRaises(UserError):
            Waiver.create({**values, "user_id": self.manager.id})
        waiver = Waiver.create(values)
        self.assertKept(waiver, self.collector, reason="No", active=False)
        waiver.action_take_back()
        self.assertFalse(waiver.active)
        self.assertKept(waiver, self.collector, active=True)

    def test_what_left_stays_as_it_was(self):
        """The text of a message that was sent is not rewritten afterwards."""
        action = self._plan().filtered(lambda a: a.partner_id == self.customer)
        mine = action.with_user(self.collector)
        mine.mail_subject = "Dear Jeanne"
        action.sudo().state = "done"
        self.assertKept(
            action,
            self.collector,
            mail_subject="Never sent",
            mail_body="<p>Never sent</p>",
            is_ticked=False,
            partner_id=self.borel.id,
            company_id=self.abroad.id,
            state="to_confirm",
            performed_date=day("01-01"),
        )
        mine.outcome = "reply"

    def test_absence_stays_ones_own(self):
        """The rule looks at whose absence it was; it becomes nobody else's."""
        Absence = self.env["dunning.absence"].with_user(self.collector)
        mine = Absence.create({"replacement_id": self.paul.id})
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            mine.user_id = self.manager
        mine.invalidate_recordset()
        self.assertEqual(mine.user_id, self.collector)
        mine.replacement_id = self.sarah
        by_manager = mine.with_user(self.manager)
        by_manager.user_id = self.paul
        self.assertEqual(mine.sudo().user_id, self.paul)

    def test_no_key_of_the_context_opens_the_journal(self):
        dispute = self._dispute(self.claim)
        keys = dict.fromkeys(("dunning_journal", "dunning_taking"), True)
        forged = dispute.with_context(**keys).with_user(self.paul)
        with self.assertRaises(UserError):
            forged.write({"told_date": self.TODAY})

    def test_default_values_of_ones_own_are_no_history(self):
        """Everybody keeps default values; they start no record where it never was."""
        forged = {
            "dunning.promise": {"state": "kept", "judged_date": "2026-01-01"},
            "dunning.promise.term": {"state": "kept"},
            "dunning.dispute": {"state": "waiting", "told_date": "2026-01-01"},
        }
        for model, values in forged.items():
            for name, value in values.items():
                self._set_default(self.collector, model, name, value)
        promise = self._promise(100, day("03-06"), self.claim)
        self.assertEqual(promise.state, "open")
        self.assertFalse(promise.judged_date)
        self.assertEqual(promise.term_ids.state, "open")
        dispute = self._dispute(self.claim)
        self.assertNotEqual(dispute.state, "waiting")
        self.assertFalse(dispute.told_date)
        with self.assertRaises(UserError):
            promise.write({"state": "kept"})

    def test_default_values_reach_nothing_that_code_makes(self):
        """Neither those of the user, nor those named by the caller of a button."""
        self._set_default(self.collector, "dunning.nonpayment", "cycle", 9)
        keys = {
            "default_resent_date": "2026-01-01",
            "default_paid_date": "2026-01-01",
            "default_noted_date": "2026-01-01",
        }
        Reason = self.env["dunning.nonpayment"].with_user(self.collector)
        for model, claim in (
            (Reason.with_context(**keys), self.claim),
            (Reason.sudo().with_context(**keys), self.other_claim),
        ):
            noted = model._note(claim.with_env(model.env), "forgotten")
            with self.subTest(su=model.env.su):
                self.assertFalse(noted.cycle)
                self.assertFalse(noted.resent_date)
                self.assertFalse(noted.paid_date)
                self.assertEqual(noted.noted_date, self.TODAY)

    def test_promise_takes_nothing_from_another(self):
        """What belongs to one is not deleted by commands of the next."""
        taken = self._promise(100, day("03-06"), self.claim)
        for name in ("term_ids", "claim_ids"):
            with self.subTest(field=name):
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    self._promise(
                        200,
                        day("03-06"),
                        partner_id=self.borel.id,
                        **{name: [Command.delete(taken[name].id)]},
                    )
        self.assertTrue(taken.term_ids and taken.claim_ids)

    def test_letter_without_paper_is_not_posted(self):
        """No caller says that there is nothing to print."""
        action = self._plan().filtered(lambda a: a.partner_id == self.customer)
        action.sudo().write({"channel": "letter", "state": "in_progress"})
        self.env["dunning.delivery"].sudo().create(
            {
                "action_id": action.id,
                "company_id": self.company.id,
                "channel": "letter",
                "state": "waiting",
            }
        )
        mine = action.with_user(self.collector).with_context(dunning_skip_pdf=True)
        with self.assertRaisesRegex(UserError, "no letter to post"):
            mine.action_mark_posted()

    def test_played_step_moves_by_a_copy_whatever_the_caller_says(self):
        step = self._get_step("reminder_1")
        action = self._plan()[:1]
        action.line_ids.sudo().write({"state": "done", "performed_date": self.TODAY})
        mine = step.with_user(self.manager).with_context(
            dunning_in_place=True, dunning_film_logged=True, tracking_disable=True
        )
        before = len(self.scenario.message_ids)
        mine.anchor = "invoice_date"
        self.assertFalse(step.active)
        self.assertGreater(len(self.scenario.message_ids), before)

    def test_customer_merged_by_a_secretary(self):
        """Merging, and turning a customer into a contact, carry the journal along."""
        dispute = self._dispute(self.claim)
        self.customer.with_user(self.secretary).write(
            {"parent_id": self.borel.id, "is_company": False}
        )
        self.assertEqual(dispute.partner_id, self.borel)
