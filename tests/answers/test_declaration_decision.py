from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from ..common import day
from .declaration_common import DeclarationCommon


@tagged("post_install", "-at_install")
class TestDeclarationAccepted(DeclarationCommon):
    """Accepted: the records that *Note Answer* would have made, as of the day
    declared."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_claim(day("02-20"), 1000)

    def test_promise_is_taken_as_of_the_day_declared(self):
        declared = self._announce(1000, day("03-12"), self.claim)
        self._decide(declared, on=day("03-06"))
        promise = declared.promise_ids
        self.assertEqual(declared.state, "accepted")
        self.assertEqual(
            (promise.source, promise.taken_date, promise.date, promise.amount),
            ("portal", self.TODAY, day("03-12"), 1000),
        )
        self.assertEqual((declared.user_id, promise.user_id), (self.collector,) * 2)

    def test_plan_in_four_parts(self):
        parts = [(day("03-09"), 100), (day("03-12"), 200), (day("03-20"), 300)]
        parts.append((day("03-30"), 400))
        declared = self._declare("promise", self.claim, terms=parts)
        self._decide(declared)
        terms = declared.promise_ids.term_ids
        self.assertEqual([(term.date, term.amount) for term in terms], parts)

    def test_part_payment_before_the_decision_counts(self):
        """1,000 by the 12th; 400 come on the 5th; accepted on the 7th: 600 are held,
        and the 400 count as kept."""
        declared = self._announce(1000, day("03-12"), self.claim)
        self._pay(self.claim, day("03-05"), 400)
        self._decide(declared, on=day("03-07"))
        promise = declared.promise_ids
        self.assertEqual((promise.amount, promise.amount_paid), (1000, 400))
        self.assertNotDue(self.claim, "held", "net", on=day("03-15"))
        with freeze_time("2026-03-12 10:00:00"):
            self._pay(self.claim, day("03-12"), 600)
        self.assertEqual(promise.state, "kept")

    def test_part_payment_reduces_a_part_promise_first(self):
        """600 of 1,000 promised, 400 paid since: 200 are still promised."""
        declared = self._announce(600, day("03-12"), self.claim)
        self._pay(self.claim, day("03-05"), 400)
        self._decide(declared, on=day("03-07"))
        action = self.assertDue(self.claim, on=day("03-07"))
        self.assertEqual(action.line_ids.amount_chased, 400)

    def test_promise_kept_before_the_decision(self):
        declared = self._announce(400, day("03-12"), self.claim)
        self._pay(self.claim, day("03-05"), 400)
        self._decide(declared, on=day("03-07"))
        self.assertEqual(declared.promise_ids.state, "kept")

    def test_credit_note_since_is_no_longer_promised(self):
        declared = self._announce(1000, day("03-12"), self.claim)
        credit = self._create_credit_note(300, day("03-05"))
        (self.claim | credit).reconcile()
        self._decide(declared, on=day("03-06"))
        self.assertNotDue(self.claim, "held", "net", on=day("03-15"))
        with freeze_time("2026-03-12 10:00:00"):
            self._pay(self.claim, day("03-12"), 700)
        self.assertEqual(declared.promise_ids.state, "kept")

    def test_promise_whose_day_has_passed_is_only_corrected(self):
        declared = self._announce(1000, day("03-05"), self.claim)
        with self.assertRaisesRegex(UserError, "has passed"):
            self._decide(declared, on=day("03-06"))
        self.assertEqual(declared.state, "new")

    def test_far_promise_is_a_managers(self):
        """90 days ahead by a debtor with five broken promises: the collector has to
        ask."""
        declared = self._announce(1000, day("06-02"), self.claim)
        refused = self.assertRaisesRegex(UserError, "more than 30 days ahead")
        with refused, self.env.cr.savepoint():
            self._decide(declared)
        self.assertFalse(declared.promise_ids)
        self.assertEqual(declared.state, "new")
        self.collector.group_ids += self.env.ref(
            "account_dunning_scenario.dunning_group_manager"
        )
        self._decide(declared)
        self.assertEqual(declared.state, "accepted")

    def test_hold_of_a_payment_counts_from_the_acceptance(self):
        """Declared on the 4th, accepted on the 7th: left alone until the 11th."""
        declared = self._report_paid(self.claim, reference="VIR 42")
        self._decide(declared, on=day("03-07"))
        reason = declared.nonpayment_ids
        self.assertEqual(
            (reason.reason, reason.noted_date, reason.payment_reference),
            ("paid", self.TODAY, "VIR 42"),
        )
        self.assertNotDue(self.claim, "held", "net", on=day("03-11"))
        self.assertDue(self.claim, on=day("03-12"))
        self.assertTrue(self._get_task(self.claim.move_id, "match_payment"))

    def test_problem_becomes_a_dispute(self):
        """With its reason, words, photo and amount; its owner is the reason's."""
        declared = self._object(
            self.claim,
            amounts={self.claim: 300},
            text="Two panels are scratched",
            files=[("photo.png", b"\x89PNG\r\n\x1a\n")],
        )
        self._decide(declared, on=day("03-06"))
        dispute = declared.dispute_ids
        self.assertEqual(
            (dispute.reason_id, dispute.amount, dispute.opened_date, dispute.owner_id),
            (self.reason, 300, self.TODAY, self.paul),
        )
        self.assertEqual(dispute.description, "Two panels are scratched")
        self.assertEqual(dispute.attachment_ids.mapped("name"), ["photo.png"])
        self.assertNotEqual(dispute.attachment_ids, declared.attachment_ids)

    def test_problem_and_rest_are_both_accepted(self):
        problem = self._object(self.claim, amounts={self.claim: 300})
        rest = self._announce(700, day("03-12"), self.claim)
        self._decide(rest)
        self._decide(problem)
        self.assertEqual(rest.promise_ids.amount, 700)
        self.assertEqual(rest.promise_ids.state, "open")
        self.assertEqual(problem.dispute_ids.amount, 300)

    def test_invoice_not_received_is_sent_and_starts_afresh(self):
        declared = self._declare("not_received", self.claim)
        self._decide(declared, on=day("03-06"))
        self.assertEqual(declared.nonpayment_ids.resent_date, day("03-06"))
        self.assertEqual(self.claim.dunning_counted_from, day("03-06"))

    def test_expired_one_may_still_be_accepted(self):
        declared = self._announce(1000, day("03-20"), self.claim)
        self._plan(day("03-09"))
        self._decide(declared, on=day("03-09"))
        self.assertEqual(declared.state, "accepted")
        self.assertEqual(declared.promise_ids.state, "open")

    def test_handed_over_meanwhile(self):
        """An agency collects by now: the customer's word is decided on all the same,
        and nothing of ours asks for the claim."""
        declared = self._report_paid(self.claim)
        agent = self._create_customer("Agency")
        self.env["dunning.handover"].sudo().create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "agent_id": agent.id,
                "date": self.TODAY,
            }
        )
        self._plan(day("03-06"))
        self.assertEqual(declared.state, "new")
        self._decide(declared, on=day("03-06"))
        self.assertEqual(declared.state, "accepted")
        self.assertFalse(self._plan(day("03-20")))

    def test_several_at_once_name_what_is_left(self):
        other = self._create_claim(day("02-21"), 50)
        good = self._report_paid(self.claim)
        bad = self._announce(50, day("06-02"), other)
        shown = self._decide(good + bad)
        self.assertEqual((good.state, bad.state), ("accepted", "new"))
        self.assertIn("Accepted: 1.", shown["params"]["message"])
        self.assertIn("more than 30 days ahead", shown["params"]["message"])

    def test_second_colleague_is_told(self):
        """Two colleagues decide at once: the second one learns who was first."""
        declared = self._report_paid(self.claim)
        self._decide(declared)
        with self.assertRaisesRegex(UserError, "is accepted already. Camille Durand"):
            self._decide(declared)
        with self.assertRaisesRegex(UserError, "is accepted already"):
            self._refuse(declared)

    def test_salesperson_reads_and_does_not_decide(self):
        declared = self._report_paid(self.claim)
        mine = declared.with_user(self.sarah)
        self.assertEqual(mine.kind, "paid")
        with self.assertRaises(AccessError):
            mine.action_accept()

    def test_no_contact_is_counted(self):
        """Spacing, ceiling and effect read actions only: none is made."""
        declared = self._announce(1000, day("03-12"), self.claim)
        before = self.env["dunning.action"].search_count([])
        self._decide(declared)
        self.assertEqual(self.env["dunning.action"].search_count([]), before)

    def test_declaration_of_another_customer_is_no_reason(self):
        """A collector names somebody else's declaration in the values of a promise."""
        other = self._create_customer("Brise Marine")
        owed = self._create_claim(day("02-20"), 70, other)
        declared = self._report_paid(self.claim)
        with self.assertRaisesRegex(ValidationError, "cannot be the reason"):
            self._promise(
                70,
                day("03-12"),
                owed,
                partner_id=other.id,
                declaration_id=declared.id,
            )

    def test_refused_declaration_is_no_reason(self):
        declared = self._report_paid(self.claim)
        self._refuse(declared)
        with self.assertRaisesRegex(ValidationError, "cannot be the reason"):
            self._promise(70, day("03-12"), self.claim, declaration_id=declared.id)

    def test_plan_in_its_own_form_corrects(self):
        """The collector takes another promise for it in the full form."""
        declared = self._announce(1000, day("03-12"), self.claim)
        promise = self._promise(
            600, day("03-10"), self.claim, declaration_id=declared.id
        )
        self.assertEqual((declared.state, declared.promise_ids), ("corrected", promise))
        self.assertEqual(promise.claim_ids.residual_before, 1000)

    def test_question_is_read(self):
        question = self._declare("question", text="Which account?")
        self._decide(question)
        self.assertEqual(
            (question.state, question.user_id), ("accepted", self.collector)
        )


@tagged("post_install", "-at_install")
class TestDeclarationOutcome(DeclarationCommon):
    """The message that a declaration answers tells what became of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_claim(day("02-20"), 100)
        cls.call = cls._play(day("03-04"))
        cls.claim = cls.call.line_ids.move_line_id

    def _answer(self, kind, *claims, **values):
        delivery = self.call.delivery_ids[:1] or self.env[
            "dunning.delivery"
        ].sudo().create(
            {
                "action_id": self.call.id,
                "company_id": self.company.id,
                "channel": "phone",
                "state": "done",
                "contact_id": self.customer.id,
            }
        )
        return self._declare(kind, *claims, delivery=delivery, **values)

    def test_reply_first_and_then_what_it_became(self):
        declared = self._answer(
            "promise", self.claim, terms=[(day("03-12"), 100)], on=day("03-05")
        )
        self.assertEqual(declared.action_id, self.call)
        self.assertEqual(
            (self.call.outcome, self.call.outcome_date), ("reply", day("03-05"))
        )
        self._decide(declared, on=day("03-06"))
        self.assertEqual(
            (self.call.outcome, self.call.outcome_date), ("promise", day("03-05"))
        )

    def test_problem_becomes_the_outcome(self):
        declared = self._answer("dispute", self.claim, reason=self.reason, text="No")
        self._decide(declared)
        self.assertEqual(self.call.outcome, "dispute")

    def test_paid_is_never_overwritten(self):
        other = self._create_claim(day("02-21"), 50)
        self._pay(self.claim, day("03-05"))
        self.assertEqual(self.call.outcome, "paid")
        declared = self._answer("promise", other, terms=[(day("03-12"), 50)])
        self._decide(declared)
        self.assertEqual(self.call.outcome, "paid")

    def test_payment_undone_restores_what_was_declared(self):
        """The bank sends the money back: the promise is the outcome again."""
        other = self._create_claim(day("02-21"), 50)
        declared = self._answer("promise", other, terms=[(day("03-12"), 50)])
        self._decide(declared)
        self._pay(self.claim, day("03-05"))
        self.assertEqual(self.call.outcome, "paid")
        self.claim.remove_move_reconcile()
        self.assertEqual(self.call.outcome, "promise")

    def test_call_under_way_is_not_performed(self):
        """The customer declares on the page of an e-mail while the call of the same
        step waits: it still has to be made."""
        self.call.sudo().state = "in_progress"
        declared = self._answer("promise", self.claim, terms=[(day("03-12"), 100)])
        self._decide(declared)
        self.assertEqual(self.call.state, "in_progress")

    def test_question_is_an_answer_to_be_read(self):
        """It sets the day of the answer, whose hold stops what is automatic."""
        self._answer("question", text="Which account?", on=day("03-05"))
        self.assertEqual(self.call.reply_date, day("03-05"))
        self.assertTrue(self.customer.activity_ids)

    def test_declared_payment_is_no_answer_to_be_read(self):
        self._answer("paid", self.claim, paid_date=day("03-02"))
        self.assertFalse(self.call.reply_date)

    def test_confirmation_is_recorded_on_the_promise(self):
        """S4-23: *yes, as agreed*; no decision is needed, nothing is held or
        replaced."""
        paid = self._report_paid(self.claim)
        promise = self._promise(100, day("03-12"), self.claim)
        promise.sudo().confirmed_date = self.TODAY
        declared = self._answer("confirm", promise=promise, on=day("03-05"))
        self.assertEqual(promise.agreed_date, day("03-05"))
        self.assertEqual((declared.state, paid.state), ("accepted", "new"))

    def test_chatter_of_the_message_keeps_all(self):
        """What was said, by whom, when, from where; the customer's chatter has neither
        figures nor words."""
        self._answer(
            "dispute",
            self.claim,
            reason=self.reason,
            text="Two panels are scratched",
            author="Nadia Roux",
            address="203.0.113.0/24",
        )
        body = self.call.message_ids[0].body
        for said in ("Two panels", "Quality", "100.00", "Nadia Roux", "203.0.113.0/24"):
            self.assertIn(said, body)
        note = self.customer.message_ids[0].body
        self.assertIn("problem", note)
        self.assertNotIn("scratched", note)
        self.assertNotIn("100.00", note)


@tagged("post_install", "-at_install")
class TestDeclarationCorrected(DeclarationCommon):
    """Correct opens *Note Answer* filled in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_claim(day("02-20"), 100)
        cls.other = cls._create_claim(day("02-21"), 50)

    def _open(self, declared):
        opened = self._decide(declared, "correct")
        entries = self.env["dunning.entry"].with_user(self.collector)
        return Form(entries.with_context(**opened["context"]))

    def test_promise_is_filled_in_and_changed(self):
        declared = self._announce(100, day("03-05"), self.claim)
        form = self._open(declared)
        self.assertTrue(form.has_promise)
        self.assertEqual((form.promise_date, form.promise_amount), (day("03-05"), 100))
        form.promise_date = day("03-10")
        before = self.env["dunning.action"].search_count([])
        form.save().action_save()
        self.assertEqual(
            (declared.state, declared.user_id), ("corrected", self.collector)
        )
        promise = declared.promise_ids
        self.assertEqual((promise.date, promise.source), (day("03-10"), "portal"))
        self.assertEqual(promise.taken_date, self.TODAY)
        self.assertEqual(self.env["dunning.action"].search_count([]), before)

    def test_part_paid_meanwhile_leaves_the_rest(self):
        declared = self._announce(100, day("03-05"), self.claim)
        self._pay(self.claim, day("03-05"), 40)
        form = self._open(declared)
        self.assertEqual(form.promise_amount, 60)
        form.promise_date = day("03-10")
        form.save().action_save()
        self.assertNotDue(self.claim, "held", on=day("03-12"))

    def test_plan_keeps_its_payments(self):
        terms = [(day("03-10"), 40), (day("03-20"), 60)]
        declared = self._declare("promise", self.claim, terms=terms)
        self._open(declared).save().action_save()
        taken = [(term.date, term.amount) for term in declared.promise_ids.term_ids]
        self.assertEqual(taken, terms)

    def test_problem_is_filled_in(self):
        declared = self._object(
            self.claim, amounts={self.claim: 30}, files=[("photo.png", b"\x89PNG")]
        )
        form = self._open(declared)
        self.assertEqual(
            (form.has_dispute, form.dispute_reason_id, form.dispute_amount),
            (True, self.reason, 30),
        )
        self.assertEqual(form.dispute_description, "Scratched")
        form.dispute_amount = 20
        form.save().action_save()
        self.assertEqual(declared.state, "corrected")
        self.assertEqual(declared.dispute_ids.amount, 20)

    def test_payment_is_filled_in(self):
        declared = self._report_paid(self.claim, reference="VIR 42")
        form = self._open(declared)
        self.assertEqual((form.reason, form.paid_date), ("paid", day("03-02")))
        self.assertEqual(form.payment_reference, "VIR 42")
        form.save().action_save()
        self.assertEqual(declared.nonpayment_ids.noted_date, self.TODAY)
        self.assertEqual(declared.state, "corrected")

    def test_decided_meanwhile(self):
        declared = self._report_paid(self.claim)
        form = self._open(declared)
        self._decide(declared)
        with self.assertRaisesRegex(UserError, "is accepted already"):
            form.save().action_save()


@tagged("post_install", "-at_install")
class TestDeclarationRefused(DeclarationCommon):
    """Refused: the customer reads why, and the hold ends."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.claim = cls._create_claim(day("02-20"), 100)

    def test_customer_is_written_to_and_the_film_goes_on(self):
        declared = self._report_paid(self.claim)
        with self.mock_mail_gateway():
            self._refuse(declared, "Your bank rejected it.", on=day("03-05"))
        self.assertEqual(declared.state, "refused")
        self.assertEqual(declared.refusal_text, "Your bank rejected it.")
        (mail,) = self._new_mails
        self.assertIn("Your bank rejected it.", mail.body_html)
        self.assertIn(self.claim.move_id.name, mail.body_html)
        self.assertDue(self.claim, on=day("03-05"))

    def test_usual_words_are_proposed_for_one_kind(self):
        refusal = self.env["dunning.declaration.refusal"].with_user(self.collector)
        declared = self._report_paid(self.claim)
        refusal = refusal.create({"declaration_ids": declared.ids})
        self.assertIn("We have not found this payment", refusal.text)
        self.assertFalse(refusal.unreachable_text)

    def test_several_kinds_get_words_of_their_own(self):
        other = self._create_claim(day("02-21"), 50)
        paid = self._report_paid(self.claim)
        promised = self._announce(50, day("03-12"), other)
        with self.mock_mail_gateway():
            self._refuse(paid + promised)
        self.assertIn("not found this payment", paid.refusal_text)
        self.assertIn("cannot agree to the days", promised.refusal_text)
        self.assertEqual(len(self._new_mails), 2)

    def test_customer_without_address(self):
        self.customer.email = False
        declared = self._report_paid(self.claim)
        refusal = self.env["dunning.declaration.refusal"].with_user(self.collector)
        refusal = refusal.create({"declaration_ids": declared.ids})
        self.assertIn("No working e-mail address", refusal.unreachable_text)
        refusal.action_refuse()
        self.assertEqual(declared.state, "refused")
