from base64 import b64encode
from contextlib import contextmanager
from datetime import datetime

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from ..common import day
from .test_dispute import DisputeCommon

NEXT_DAY = "2026-03-05 10:00:00"


class EntryCommon(DisputeCommon):
    """Azur Interior is late with 100 and 70; 50 more are due at the end of March."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.late = cls._create_claim(day("02-10"), 100)
        cls.later = cls._create_claim(day("02-20"), 70)
        cls.early = cls._create_claim(day("03-30"), 50)

    @classmethod
    def _call(cls):
        """Prepare the call of the day, and let it be under way."""
        call = cls._plan()
        call.with_user(cls.collector).action_confirm()
        call.with_user(cls.collector)._deliver(datetime(2026, 3, 4, 12))
        return call

    def _open(self, record, user=None):
        """Press the button; return the dialog."""
        user = user or self.collector
        action = record.with_user(user).action_note_answer()
        model = self.env[action["res_model"]].with_user(user)
        return Form(model.with_context(**action["context"]))

    def _note(self, record, user=None, ticked=None, **values):
        """Press the button, tick, fill in, save.

        :param ticked: items of the invoices that it is about; None for those proposed
        """
        dialog = self._open(record, user)
        if ticked is not None:
            self._tick(dialog, ticked)
        for name, value in values.items():
            setattr(dialog, name, value)
        entry = dialog.save()
        entry.action_save()
        return entry

    def _tick(self, dialog, items):
        for place in range(len(dialog.line_ids)):
            with dialog.line_ids.edit(place) as line:
                line.is_ticked = line.move_line_id in items

    def _get_proposed(self, dialog):
        """Return the items that are ticked in a dialog."""
        return dialog.save()._get_items()

    def _get_answers(self, model):
        return self.env[model].search([("partner_id", "=", self.customer.id)])

    @contextmanager
    def _assertRefused(self, message):
        """Assert that something is refused, and undone as the end of a click does."""
        with self.assertRaises(UserError) as refused:
            yield
        self.assertRegex(str(refused.exception), message)

    def _get_contact(self):
        """Return the contact that was recorded by hand."""
        return self._get_answers("dunning.action").filtered(
            lambda action: action.origin == "manual"
        )


@tagged("post_install", "-at_install")
class TestEntry(EntryCommon):
    """One dialog takes down what a customer says, wherever the collector stands."""

    def test_promise_on_the_call(self):
        """S3-14, S0-25: what is asked for is promised; the call has taken place."""
        call = self._call()
        self._note(call, has_promise=True, promise_date=day("03-10"))
        promise = self._get_answers("dunning.promise")
        self.assertEqual((promise.amount, promise.action_id), (170, call))
        self.assertEqual(promise.claim_ids.move_line_id, self.late | self.later)
        self.assertEqual((call.state, call.outcome), ("done", "promise"))
        self.assertNotDue(self.late, "held", "net", "same_day", "trigger")

    def test_one_line_in_the_chatter_sums_it_up(self):
        call = self._call()
        known, told = call.message_ids, self.customer.message_ids
        self._note(
            call,
            ticked=self.late,
            has_promise=True,
            promise_date=day("03-10"),
            note="Jeanne was most friendly.",
        )
        line = (call.message_ids - known)[0]
        self.assertIn("Call to", line.body)
        (brief,) = self.customer.message_ids - told
        self.assertIn("Call to", brief.body)
        self.assertIn(f"{self.late.move_id.name}: promises $", line.body)
        self.assertIn("by 03/10/2026. Jeanne was most friendly.", line.body)

    def test_reasons_and_disputes_are_told_once(self):
        """The line that sums all up tells them to the customer's chatter, nothing
        else; the invoice's tells why it is not paid."""
        for answer in (
            {"has_reason": True, "reason": "forgotten"},
            {"has_dispute": True, "dispute_reason_id": self.reason},
        ):
            known = self.customer.message_ids
            self._note(self.late.move_id, **answer)
            self.assertEqual(len(self.customer.message_ids - known), 1)
            self.assertIn("Not paid", self.late.move_id.message_ids[0].body)

    def test_from_the_invoice(self):
        """What is ticked is the invoice; the others are a tick away."""
        dialog = self._open(self.later.move_id)
        self.assertEqual(self._get_proposed(dialog), self.later)
        self.assertEqual(len(dialog.line_ids), 3)

    def test_from_the_customer(self):
        """What is late is ticked, the oldest first."""
        dialog = self._open(self.customer)
        self.assertEqual(self._get_proposed(dialog), self.late | self.later)
        self.assertEqual(dialog.amount_ticked, 170)

    def test_customer_who_owes_nothing_yet(self):
        (self.late | self.later).move_id.button_draft()
        dialog = self._open(self.customer)
        self.assertEqual(self._get_proposed(dialog), self.early)
        self.assertIn("the first due on 03/30/2026", dialog.open_text)

    def test_what_is_known_is_before_the_eyes(self):
        self._promise(100, day("03-10"), self.late)
        self._dispute(self.later, amount=30)
        self._play(day("03-01"))
        dialog = self._open(self.customer)
        self.assertIn("220.00 open, the oldest due since 02/10", dialog.open_text)
        self.assertIn("(22 days)", dialog.open_text)
        self.assertRegex(dialog.warning_text, "Promised: .*100.00 by 03/10/2026")
        self.assertRegex(dialog.warning_text, "Disputed: .*30.00, Quality")

    def test_promise_and_dispute_in_one_breath(self):
        """S2-18: what is not disputed is promised."""
        call = self._call()
        self._note(
            call,
            has_dispute=True,
            dispute_reason_id=self.reason,
            dispute_amount=120,
            has_promise=True,
            promise_date=day("03-10"),
        )
        dispute = self._get_answers("dunning.dispute")
        self.assertEqual(dispute.claim_ids.mapped("amount"), [100, 20])
        promise = self._get_answers("dunning.promise")
        self.assertEqual((promise.amount, promise.state), (50, "open"))
        self.assertEqual(promise.claim_ids.move_line_id, self.later)
        self.assertNotDue(self.later, "held", "net", "same_day", "trigger")
        self.assertEqual(call.outcome, "dispute")

    def test_what_is_disputed_already_is_proposed_no_more(self):
        """30 of the 70 are disputed: 140 are left to promise or to dispute, and a new
        dispute of 110 is about what nobody disputes yet."""
        self._dispute(self.later, amount=30)
        late = self.late + self.later
        dialog = self._open(self.customer)
        self._tick(dialog, late)
        self.assertEqual((dialog.promise_amount, dialog.dispute_amount), (140, 140))
        self._note(
            self.customer,
            ticked=self.later + self.early,
            has_dispute=True,
            dispute_reason_id=self.reason,
            dispute_amount=80,
        )
        disputed = self.env["dunning.dispute.claim"]._get_disputed(late + self.early)
        self.assertEqual(disputed, {self.later: 70, self.early: 40})

    def test_promise_of_nothing(self):
        """Said in the user's words, before anything is written."""
        for amount in (0, -5):
            with self._assertRefused("Enter the amount that the customer pays"):
                self._note(
                    self.late.move_id,
                    has_promise=True,
                    promise_date=day("03-10"),
                    promise_amount=amount,
                )

    def test_invoice_not_received_says_to_whom_it_is_sent_again(self):
        """Whoever saves knows beforehand that an e-mail leaves."""
        dialog = self._open(self.late.move_id)
        self.assertFalse(dialog.resend_text)
        dialog.has_reason = True
        dialog.reason = "not_received"
        self.assertIn("to azur@example.com", dialog.resend_text)
        self.customer.email = False
        dialog = self._open(self.late.move_id)
        dialog.has_reason = True
        dialog.reason = "not_received"
        self.assertIn("a task asks the collector", dialog.resend_text)

    def test_dispute_keeps_words_and_files(self):
        upload = self.env["ir.attachment"].with_user(self.collector)
        photo = upload.create({"name": "crack.png", "res_model": "dunning.entry"})
        self._note(
            self.late.move_id,
            has_dispute=True,
            dispute_reason_id=self.reason,
            dispute_description="The third table is cracked.",
            dispute_attachment_ids=photo,
        )
        dispute = self._get_answers("dunning.dispute")
        self.assertEqual(dispute.description, "The third table is cracked.")
        self.assertEqual((dispute.owner_id, dispute.amount), (self.paul, 100))
        self.assertEqual(dispute.message_ids.attachment_ids, photo)
        self.assertEqual((photo.res_model, photo.res_id), (dispute._name, dispute.id))

    def test_reason_and_satisfaction(self):
        """S0-25 to S0-27: the fields of a call report."""
        call = self._call()
        self._note(
            call,
            has_reason=True,
            reason="forgotten",
            satisfaction="4",
            satisfaction_words="You are always kind.",
        )
        reasons = self._get_answers("dunning.nonpayment")
        self.assertEqual(reasons.mapped("reason"), ["forgotten", "forgotten"])
        self.assertEqual(reasons.action_id, call)
        self.assertEqual((call.satisfaction, call.outcome), (4, "reply"))
        self.assertEqual(call.satisfaction_words, "You are always kind.")

    def test_paid_already(self):
        self._note(
            self.late.move_id,
            has_reason=True,
            reason="paid",
            paid_date=day("03-02"),
            payment_reference="VIR 4711",
        )
        reason = self._get_answers("dunning.nonpayment")
        self.assertEqual(reason.paid_date, day("03-02"))
        self.assertEqual(reason.payment_reference, "VIR 4711")
        self.assertIn("03/02/2026, VIR 4711", self._get_contact().message_ids[0].body)

    def test_all_or_nothing(self):
        """The day of payment is missing: neither promise nor contact is left behind."""
        with self._assertRefused("on which day"):
            self._note(
                self.customer,
                has_promise=True,
                promise_date=day("03-10"),
                has_reason=True,
                reason="paid",
            )
        self.assertFalse(self._get_answers("dunning.promise"))
        self.assertFalse(self._get_contact())

    def test_call_under_way_stays_so_when_something_is_wrong(self):
        call = self._call()
        with self._assertRefused("owes .*100.00 on these"):
            self._note(
                call,
                ticked=self.late,
                has_promise=True,
                promise_amount=130,
                promise_date=day("03-10"),
            )
        self.assertEqual(call.state, "in_progress")

    def test_more_than_what_is_open_cannot_be_disputed(self):
        with self._assertRefused("100.00 is open on these"):
            self._note(
                self.late.move_id,
                has_dispute=True,
                dispute_reason_id=self.reason,
                dispute_amount=130,
            )

    def test_something_has_to_be_said(self):
        with self.assertRaisesRegex(UserError, "Nothing is noted yet"):
            self._note(self.customer)

    def test_answers_are_about_invoices(self):
        with self.assertRaisesRegex(UserError, "Tick the invoices"):
            self._note(
                self.customer,
                ticked=self.env["account.move.line"],
                has_promise=True,
                promise_amount=10,
                promise_date=day("03-10"),
            )

    def test_note_needs_no_invoice(self):
        self._note(
            self.customer, ticked=self.env["account.move.line"], note="They move house."
        )
        self.assertEqual(self._get_contact().outcome, "reply")

    def test_what_is_half_said_is_asked_for(self):
        model = self.env["dunning.entry"].with_user(self.collector)
        cases = {
            "the day by which": {"has_promise": True},
            "the reason for the dispute": {"has_dispute": True},
            "the reason for not paying": {"has_reason": True},
        }
        for message, values in cases.items():
            with self.subTest(message), self.assertRaisesRegex(UserError, message):
                model.create({"partner_id": self.customer.id, **values}).action_save()

    def test_confirmation_and_reminder(self):
        """S4-23: the promise is confirmed in writing."""
        self._note(
            self.late.move_id,
            has_promise=True,
            promise_date=day("03-10"),
            is_confirmation_wanted=True,
            is_reminder_wanted=True,
        )
        promise = self._get_answers("dunning.promise")
        self.assertEqual(promise.confirmed_date, self.TODAY)
        self.assertTrue(promise.is_reminder_wanted)

    def test_full_forms_start_from_what_is_noted(self):
        """A payment plan is agreed in the form of the promise."""
        dialog = self._open(self.late.move_id)
        dialog.has_promise = True
        entry = dialog.save()
        for action, claims in (
            (entry.action_open_promise(), "dunning.promise"),
            (entry.action_open_dispute(), "dunning.dispute"),
        ):
            with self.subTest(claims):
                model = self.env[action["res_model"]].with_user(self.collector)
                values = model.with_context(**action["context"]).default_get(
                    ["partner_id", "claim_ids"]
                )
                self.assertEqual(values["partner_id"], self.customer.id)
                claim = values["claim_ids"][-1]
                self.assertEqual(claim[2], {"move_line_id": self.late.id})

    def test_foreign_currency(self):
        """Invoices in one currency are promised and disputed in it."""
        dollar = self.setup_other_currency("CHF", rates=[("1900-01-01", 2.0)])
        claim = self._create_claim(day("02-20"), 200, currency_id=dollar.id)
        self._note(
            claim.move_id,
            has_promise=True,
            promise_date=day("03-10"),
            has_dispute=True,
            dispute_reason_id=self.reason,
            dispute_amount=50,
        )
        promise = self._get_answers("dunning.promise")
        self.assertEqual((promise.amount, promise.currency_id), (150, dollar))
        self.assertEqual(self._get_answers("dunning.dispute").amount, 25)

    def test_several_currencies(self):
        """They have only the company's in common."""
        franc = self.setup_other_currency("CHF", rates=[("1900-01-01", 2.0)])
        claim = self._create_claim(day("02-20"), 200, currency_id=franc.id)
        dialog = self._open(self.customer)
        self._tick(dialog, claim | self.late)
        self.assertEqual(dialog.currency_id, self.company.currency_id)
        self.assertEqual(dialog.promise_amount, 200)

    def test_other_company_is_not_mixed_in(self):
        """What the customer owes to another company is not offered, nor noted."""
        other = self.setup_other_company()["company"]
        elsewhere = self.init_invoice(
            "out_invoice",
            partner=self.customer,
            amounts=[40],
            company=other,
            post=True,
        )
        dialog = self._open(self.customer)
        self.assertEqual(len(dialog.line_ids), 3)
        with self.assertRaises(AccessError):
            self._open(elsewhere)
        self.collector.company_ids |= other
        noted = self._open(elsewhere.with_company(other))
        self.assertEqual(noted.company_id, other)
        self.assertEqual(len(noted.line_ids), 1)


@tagged("post_install", "-at_install")
class TestEntryContact(EntryCommon):
    """An answer that no contact on record asked for is a contact of its own."""

    def test_contact_made_by_hand_is_recorded(self):
        """A call outside the scenario is on record, in both chatters."""
        self._note(self.customer, note="They move house, the cheque leaves on Monday.")
        contact = self._get_contact()
        self.assertEqual((contact.state, contact.channel), ("done", "phone"))
        self.assertEqual(contact.performed_date, self.TODAY)
        self.assertIn("cheque", contact.message_ids[0].body)
        line = self.customer.message_ids[0].body
        self.assertIn("Phone, Camille Durand: an answer was noted.", line)

    def test_answers_belong_to_it(self):
        self._note(
            self.customer,
            channel="email",
            contact_date=day("03-02"),
            has_promise=True,
            promise_date=day("03-10"),
            satisfaction="2",
        )
        contact, promise = self._get_contact(), self._get_answers("dunning.promise")
        self.assertEqual(promise.action_id, contact)
        self.assertEqual((promise.source, promise.taken_date), ("email", day("03-02")))
        self.assertEqual((contact.outcome, contact.satisfaction), ("promise", 2))

    def test_it_keeps_the_next_step_away(self):
        """Manual contacts count for the days between two contacts."""
        self.company.dunning_min_days_between_contacts = 5
        self._note(self.customer, note="Called by chance")
        self.assertIn("spacing", self._get_failed(self.late))

    def test_contact_of_tomorrow_is_refused(self):
        with self.assertRaisesRegex(UserError, "has not taken place yet"):
            self._note(self.customer, note="…", contact_date=day("03-05"))

    def test_reminder_that_has_not_left_is_no_contact(self):
        """The customer calls before the collector does: it counts as a call."""
        waiting = self._plan()
        self._note(waiting, has_promise=True, promise_date=day("03-10"))
        self.assertEqual(waiting.state, "cancelled")
        self.assertFalse(waiting.outcome)
        self.assertEqual(self._get_contact().outcome, "promise")

    def test_thanks_are_an_occasion_to_ask(self):
        """S0-11: satisfied? has an answer after the thanks too."""
        contact = self._play(day("03-04"))
        self._note(contact, satisfaction="5")
        self.assertEqual((contact.satisfaction, contact.outcome), (5, "reply"))

    def test_payment_stays_the_outcome(self):
        contact = self._play(day("03-04"))
        self._pay(self.late, self.TODAY)
        self._note(contact, note="They were surprised to be called.")
        self.assertEqual(contact.outcome, "partly_paid")


@tagged("post_install", "-at_install")
class TestEntryMessage(EntryCommon):
    """A customer answers by e-mail: one click to note it, one to save."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._init_mail_gateway()
        text = cls.env["mail.template"].create(
            {
                "name": "Reminder",
                "model_id": cls.env["ir.model"]._get_id("dunning.action"),
                "subject": "Your account",
                "body_html": "<p>Please pay.</p>",
            }
        )
        step = cls._get_step("reminder_1")
        step.write({"channel": "email", "mail_template_id": text.id})
        cls.scenario.invalidate_recordset()
        cls.mail = cls._call()

    def _answer(self, text, record=None, parent=None):
        """Let the customer write, the next day; return the message."""
        record = record or self.mail
        parent = parent or self.mail.delivery_ids.mail_message_id
        known = record.message_ids
        with freeze_time(NEXT_DAY):
            self.env["mail.thread"].message_process(
                record._name,
                f"From: {self.customer.email_formatted}\n"
                f"To: {self.alias_catchall}@{self.alias_domain}\n"
                "Subject: Re: your account\n"
                f"Message-Id: <{len(known)}@azur.example.com>\n"
                f"In-Reply-To: {parent.message_id}\n"
                "Content-Type: text/html\n\n"
                f"{text}\n",
            )
        return record.message_ids - known

    def test_two_clicks(self):
        message = self._answer("<p>We pay on Friday.</p>")
        with freeze_time(NEXT_DAY):
            self._note(message)
        self.assertEqual(self.mail.outcome, "reply")
        line = self.customer.message_ids[0].body
        self.assertIn("E-mail, Camille Durand: an answer was noted.", line)
        self.assertIn("“We pay on Friday.”", self.mail.message_ids[0].body)
        self.assertFalse(self._get_contact())

    def test_task_to_read_it_is_done(self):
        message = self._answer("<p>We pay on Friday.</p>")
        self.assertEqual(self.customer.activity_ids.user_id, self.collector)
        self._note(message)
        self.assertFalse(self.customer.activity_ids)

    def test_day_and_source_are_those_of_the_message(self):
        message = self._answer("<p>We pay on Friday.</p>")
        with freeze_time("2026-03-06 10:00:00"):
            self._note(message, has_promise=True, promise_date=day("03-10"))
        promise = self._get_answers("dunning.promise")
        self.assertEqual((promise.source, promise.taken_date), ("email", day("03-05")))
        self.assertEqual(promise.action_id, self.mail)

    def test_what_they_answer_to_is_left_out(self):
        message = self._answer(
            "<p>We pay on Friday.</p>"
            '<blockquote type="cite"><p>Please pay.</p></blockquote>'
        )
        self.assertEqual(self._open(message).note, "“We pay on Friday.”")

    def test_invoice_named_is_ticked(self):
        message = self._answer(f"<p>{self.early.move_id.name} is wrong.</p>")
        self.assertEqual(self._get_proposed(self._open(message)), self.early)

    def test_longer_number_is_another_invoice(self):
        message = self._answer(f"<p>{self.early.move_id.name}9 is wrong.</p>")
        proposed = self._get_proposed(self._open(message))
        self.assertEqual(proposed, self.late | self.later)

    def test_words_and_files_go_to_the_dispute(self):
        message = self._answer("<p>The third table is cracked.</p>")
        # sudo: the files came with the e-mail
        message.sudo().attachment_ids = self.env["ir.attachment"].create(
            {
                "name": "crack.png",
                "datas": b64encode(b"crack"),
                "res_model": message.model,
                "res_id": message.res_id,
            }
        )
        self._note(message, has_dispute=True, dispute_reason_id=self.reason)
        dispute = self._get_answers("dunning.dispute")
        self.assertEqual(dispute.description, "The third table is cracked.")
        (file,) = dispute.message_ids.attachment_ids
        self.assertEqual((file.name, file.raw), ("crack.png", b"crack"))
        self.assertEqual(message.attachment_ids.res_model, message.model)

    def test_mail_out_of_the_blue_is_a_contact(self):
        message = self.customer.message_post(
            body="We pay on Friday.",
            message_type="email",
            author_id=self.customer.id,
        )
        self._note(message)
        self.assertEqual(self._get_contact().channel, "email")

    def test_answer_in_the_dispute(self):
        dispute = self._dispute(self.late)
        sent = dispute.message_post(body="We look into it.")
        message = self._answer("<p>Thank you.</p>", dispute, sent)
        self.assertEqual(self._get_proposed(self._open(message)), self.late)

    def test_chatter_offers_it_to_those_who_may(self):
        message = self._answer("<p>We pay on Friday.</p>")
        for user, expected in ((self.collector, True), (self.paul, False)):
            with self.subTest(user.name):
                self.assertEqual(message.with_user(user)._may_note_answer(), expected)


@tagged("post_install", "-at_install")
class TestEntryActivity(EntryCommon):
    """A task that asks for an answer ends with it."""

    def test_call_among_the_activities(self):
        call = self._call()
        (task,) = call.activity_ids
        self._note(task, note="They pay on Friday.")
        self.assertEqual(call.state, "done")
        self.assertFalse(task.active)

    def test_broken_promise(self):
        promise = self._promise(100, day("03-04"), self.late)
        self._judge(day("03-08"))
        (task,) = promise.activity_ids
        self.assertTrue(task.with_user(self.collector)._may_note_answer())
        with freeze_time("2026-03-08 10:00:00"):
            self._note(task, has_promise=True, promise_date=day("03-12"))
        self.assertFalse(task.active)
        new = self._get_answers("dunning.promise") - promise
        self.assertEqual(new.claim_ids.move_line_id, self.late)

    def test_other_tasks_are_none_of_its_business(self):
        task = self.customer.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.collector.id
        )
        self.assertFalse(task.with_user(self.collector)._may_note_answer())
        partner_only = self.env["res.partner"].create({"name": "Supplier"})
        self.assertFalse(partner_only.with_user(self.collector)._may_note_answer())


@tagged("post_install", "-at_install")
class TestEntryRights(EntryCommon):
    """Sarah sells to Azur Interior, Paul does not; neither sees the books."""

    def test_salesperson_notes_for_own_customers(self):
        call = self._call()
        self._note(
            call,
            self.sarah,
            has_promise=True,
            promise_amount=120,
            promise_date=day("03-10"),
            is_confirmation_wanted=True,
            has_reason=True,
            reason="approval",
            satisfaction="5",
        )
        promise = self._get_answers("dunning.promise")
        self.assertEqual((promise.amount, promise.user_id), (120, self.sarah))
        self.assertEqual((call.state, call.satisfaction), ("done", 5))

    def test_salesperson_disputes_from_the_customer(self):
        self._note(
            self.customer,
            self.sarah,
            has_dispute=True,
            dispute_reason_id=self.reason,
            dispute_amount=30,
        )
        self.assertEqual(self._get_answers("dunning.dispute").amount, 30)
        self.assertEqual(self._get_contact().salesperson_id, self.sarah)

    def test_salesperson_asks_a_manager_as_collectors_do(self):
        self.company.dunning_promise_max_days = 30
        with self.assertRaisesRegex(UserError, "collection manager"):
            self._note(
                self.customer, self.sarah, has_promise=True, promise_date=day("06-10")
            )

    def test_others_do_not(self):
        reader = new_test_user(
            self.env,
            login="reader",
            groups="account.group_account_readonly",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        for user in (self.paul, reader):
            with self.subTest(user.name), self.assertRaises(AccessError):
                self._open(self.customer, user)

    def test_dialog_made_up_by_others_tells_and_does_nothing(self):
        """Whoever calls the model directly learns nothing from it."""
        model = self.env["dunning.entry"].with_user(self.paul)
        lines = [Command.create({"move_line_id": self.late.id, "is_ticked": True})]
        entry = model.create(
            {"partner_id": self.customer.id, "note": "…", "line_ids": lines}
        )
        self.assertFalse(entry.line_ids.name or entry.amount_ticked)
        self.assertFalse(entry.contact_text or entry.warning_text)
        with self.assertRaises(AccessError):
            entry.action_save()

    def test_salesperson_cannot_slip_in_an_invoice_of_others(self):
        borel = self._create_customer("Borel")
        claim = self._create_claim(day("02-20"), customer=borel)
        entry = (
            self.env["dunning.entry"]
            .with_user(self.sarah)
            .create(
                {
                    "partner_id": self.customer.id,
                    "has_reason": True,
                    "reason": "forgotten",
                    "line_ids": [
                        Command.create({"move_line_id": claim.id, "is_ticked": True})
                    ],
                }
            )
        )
        self.assertFalse(entry.line_ids.name)
        entry.action_save()
        self.assertFalse(
            self.env["dunning.nonpayment"].search([("partner_id", "=", borel.id)])
        )
