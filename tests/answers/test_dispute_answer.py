import base64

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from ..common import day
from .test_dispute import DisputeCommon

REPLY = """From: Azur <azur@example.com>
To: {to}
Subject: Re: your message
Message-Id: <reply-1@customer.example.com>
In-Reply-To: {message_id}
References: {message_id}
{headers}Content-Type: text/plain; charset=utf-8

The pallet is still at our gate.
"""


@tagged("post_install", "-at_install")
class TestDisputeTeam(DisputeCommon):
    """Quality disputes go to the three of production, led by Paul."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lea, cls.tom = (
            new_test_user(
                cls.env,
                login=name.lower(),
                name=name,
                email=f"{name.lower()}@azur.example.com",
                groups="base.group_user",
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for name in ("Lea", "Tom")
        )
        cls.team = cls.env["dunning.team"].create(
            {
                "name": "Production",
                "manager_id": cls.paul.id,
                "member_ids": [Command.set((cls.lea | cls.tom).ids)],
            }
        )
        cls.reason.write({"owner_id": False, "team_id": cls.team.id})

    def _open(self, **values):
        return self._dispute(self._create_claim(day("02-20")), **values)

    def test_member_with_the_fewest_gets_it(self):
        """Three disputes are shared by two; each has a task."""
        disputes = self._open() | self._open() | self._open()
        owners = disputes.mapped(lambda dispute: dispute.owner_id.name)
        self.assertEqual(sorted(owners), ["Lea", "Lea", "Tom"])
        for dispute in disputes:
            self.assertEqual(dispute.activity_ids.user_id, dispute.owner_id)

    def test_shared_within_one_batch(self):
        """Disputes noted together are shared out, too."""
        values = {"partner_id": self.customer.id, "reason_id": self.reason.id}
        disputes = self.env["dunning.dispute"].create([values] * 2)
        self.assertEqual(disputes.owner_id, self.lea | self.tom)

    def test_settled_ones_do_not_count(self):
        first = self._open()
        self._settle(first)
        self.assertEqual(self._open().owner_id, first.owner_id)

    def test_manager_takes_what_no_member_can(self):
        (self.lea | self.tom).active = False
        self.assertEqual(self._open().owner_id, self.paul)

    def test_member_who_does_not_work_in_the_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.lea.write(
            {"company_id": other.id, "company_ids": [Command.set(other.ids)]}
        )
        self.assertEqual((self._open() | self._open()).owner_id, self.tom)

    def test_person_of_the_reason_who_works_elsewhere(self):
        """The reason is shared, its owner works in another company: the team does."""
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.reason.owner_id = self.sarah
        self.sarah.write(
            {"company_id": other.id, "company_ids": [Command.set(other.ids)]}
        )
        self.assertIn(self._open().owner_id, self.lea | self.tom)

    def test_person_of_the_reason_comes_before_the_team(self):
        self.reason.owner_id = self.sarah
        self.assertEqual(self._open().owner_id, self.sarah)

    def test_owner_chosen_by_hand_stays(self):
        dispute = self._open(owner_id=self.collector.id)
        self.assertEqual(dispute.owner_id, self.collector)

    def test_given_to_another_team(self):
        """The task goes with the dispute; the new owner follows it."""
        dispute = self._open()
        dispute.team_id = self.env["dunning.team"].create(
            {"name": "Sales", "member_ids": [Command.set(self.sarah.ids)]}
        )
        self.assertEqual(dispute.owner_id, self.sarah)
        self.assertEqual(dispute.activity_ids.user_id, self.sarah)
        self.assertIn(self.sarah.partner_id, dispute.message_partner_ids)

    def test_new_day_moves_the_task(self):
        dispute = self._open()
        dispute.target_date = day("03-20")
        self.assertEqual(dispute.activity_ids.date_deadline, day("03-20"))

    def test_team_sees_its_disputes(self):
        """Whoever of the team is there can help, not only the one who has it."""
        dispute = self._open()
        for user in (self.lea, self.tom, self.paul):
            self.assertTrue(dispute.with_user(user).has_access("write"))
            mine = dispute.with_user(user).search(
                [
                    "|",
                    ("team_id.member_ids", "in", user.id),
                    ("team_id.manager_id", "=", user.id),
                ]
            )
            self.assertEqual(mine, dispute)

    def test_teams_are_set_up_by_managers(self):
        with self.assertRaises(AccessError):
            self.team.with_user(self.collector).name = "Mine"

    def test_team_of_another_company_is_not_seen(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.team.company_id = other
        self.assertFalse(self.team.with_user(self.collector).has_access("read"))

    def test_salesperson_is_told_and_not_only_a_follower(self):
        """S2-30: the salesperson gets a message of the dispute, and the next ones."""
        dispute = self._open()
        messages = self.env["mail.message"].sudo()  # sudo: of the salesperson only
        message = messages.search(
            [
                ("model", "=", dispute._name),
                ("res_id", "=", dispute.id),
                ("partner_ids", "in", self.sarah.partner_id.ids),
            ]
        )
        self.assertIn("disputes", message.body)


@tagged("post_install", "-at_install")
class TestDisputeAnswer(DisputeCommon):
    """The customer is heard: told at once, asked, and told how it ended (S2-28)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_claim(day("02-20"), 100)

    def _get_mails(self, dispute):
        return self.env["mail.mail"].search(
            [
                ("model", "=", dispute._name),
                ("res_id", "=", dispute.id),
                ("recipient_ids", "in", self.customer.ids),
            ]
        )

    def _send(self, action, **changes):
        """Press Send in the composer that a button opened."""
        composer = Form(
            self.env[action["res_model"]]
            .with_user(self.collector)
            .with_context(**action["context"])
        )
        for name, value in changes.items():
            composer[name] = value
        with self.mock_mail_gateway(mail_unlink_sent=False):
            composer.save().action_send_mail()

    def _ask(self, dispute):
        self._send(dispute.action_ask_customer())
        (mail,) = self._get_mails(dispute)
        return mail

    def _receive(self, mail, headers="", **values):
        text = REPLY.format(
            to=mail.reply_to or "catchall@test.example.com",
            message_id=mail.message_id,
            headers=headers,
        )
        for old, new in values.items():
            text = text.replace(old, new)
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process("res.partner", text)

    def test_receipt_confirmed_at_once_where_wanted(self):
        dispute = self._dispute(self.claim, is_receipt_wanted=True)
        (mail,) = self._get_mails(dispute)
        self.assertIn("Quality", mail.body_html)
        self.assertIn("11\u00a0March 2026", mail.body_html)
        self.assertEqual(dispute.received_date, self.TODAY)

    def test_company_wants_receipts_confirmed(self):
        self.company.dunning_dispute_confirm_receipt = True
        self.assertTrue(self._dispute(self.claim).received_date)

    def test_nothing_leaves_unless_wanted(self):
        self.assertFalse(self._get_mails(self._dispute(self.claim)))

    def test_no_payment_is_asked_for_while_it_is_open(self):
        """S0-06: no word that could hurt somebody who waits for an answer."""
        dispute = self._dispute(self.claim, is_receipt_wanted=True)
        self._send(dispute.action_ask_customer())
        for mail in self._get_mails(dispute):
            for word in ("please pay", "payment", "overdue", "remind"):
                self.assertNotIn(word, mail.body_html.lower())

    def test_question_can_be_changed_before_it_leaves(self):
        dispute = self._dispute(self.claim)
        self._send(dispute.action_ask_customer(), body="<p>Which pallet?</p>")
        mail = self._get_mails(dispute)
        self.assertIn("Which pallet?", mail.body_html)
        self.assertIn("o_dunning_mail", mail.body_html)

    def test_waits_only_once_the_question_was_sent(self):
        dispute = self._dispute(self.claim)
        action = dispute.action_ask_customer()
        self.assertEqual(dispute.state, "new")
        self._send(action)
        self.assertEqual(dispute.state, "waiting")
        self.assertEqual(dispute.asked_date, self.TODAY)

    def test_reply_lands_in_the_dispute(self):
        """The customer answers the e-mail: nobody waits any more, Paul reads it
        today."""
        dispute = self._dispute(self.claim)
        self._receive(self._ask(dispute))
        self.assertEqual(dispute.state, "in_progress")
        self.assertIn("pallet", dispute.message_ids[0].body)
        task = dispute.activity_ids
        self.assertEqual((task.user_id, task.date_deadline), (self.paul, self.TODAY))
        self.assertEqual(task.summary, "The customer answered")

    @freeze_time("2026-03-04 23:30:00")
    def test_reply_is_to_be_read_on_the_company_s_day(self):
        """It is the 5th in Lyon already."""
        self.company.partner_id.tz = "Europe/Paris"
        dispute = self._dispute(self.claim)
        self._receive(self._ask(dispute))
        self.assertEqual(dispute.activity_ids.date_deadline, day("03-05"))

    def test_absence_note_is_no_answer(self):
        dispute = self._dispute(self.claim)
        self._receive(self._ask(dispute), headers="Auto-Submitted: auto-replied\n")
        self.assertEqual(dispute.state, "waiting")

    def test_colleague_who_answers_by_email_is_not_the_customer(self):
        dispute = self._dispute(self.claim)
        mail = self._ask(dispute)
        self._receive(mail, **{"azur@example.com": self.paul.email})
        self.assertEqual(dispute.state, "waiting")

    def test_unfounded_says_what_is_to_pay_and_by_when(self):
        dispute = self._dispute(self.claim)
        self._settle(dispute, resolution_note="The price is that of your order 12.")
        self._send(dispute.action_tell_outcome())
        body = self._get_mails(dispute).body_html
        self.assertIn("your order 12", body)
        self.assertIn("100.00", body)
        self.assertIn("12&nbsp;March 2026", body)
        self.assertNotIn("sorry", body)

    def test_credited_says_so_and_asks_nothing(self):
        dispute = self._dispute(self.claim)
        credit = self._create_credit_note(100, day("03-04"))
        credit.move_id.dunning_dispute_id = dispute
        (self.claim | credit).reconcile()
        self._settle(dispute, outcome="founded", resolution="credit_note")
        self._send(dispute.action_tell_outcome())
        body = self._get_mails(dispute).body_html
        self.assertIn(credit.move_id.name, body)
        self.assertIn("nothing left to pay", body)
        self.assertNotIn("To be paid", body)

    def test_day_that_was_written_is_kept(self):
        """S0-06: no reminder before the day that the customer was given."""
        dispute = self._dispute(self.claim)
        self._settle(dispute)
        self._send(dispute.action_tell_outcome())
        self.assertNotDue(self.claim, "held", "net", on=day("03-12"))
        self.assertDue(self.claim, on=day("03-13"))

    def test_outcome_of_an_open_dispute_is_not_told(self):
        with self.assertRaisesRegex(UserError, "settle it first"):
            self._dispute(self.claim).action_tell_outcome()

    def test_customer_without_address(self):
        self.customer.email = False
        with self.assertRaisesRegex(UserError, "no working e-mail address"):
            self._dispute(self.claim).action_ask_customer()

    def test_several_at_once_leave_without_a_dialog(self):
        disputes = self._dispute(self.claim) | self._dispute(
            self._create_claim(day("02-20"))
        )
        disputes.action_confirm_receipt()
        for dispute in disputes:
            self.assertEqual(len(self._get_mails(dispute)), 1)
            self.assertEqual(dispute.received_date, self.TODAY)

    def test_other_department_writes_too(self):
        """Paul may not read invoices; he answers the customer all the same."""
        dispute = self._dispute(self.claim).with_user(self.paul)
        self._settle(dispute)
        dispute._write_to_customers("mail_template_dispute_settled")
        self.assertIn(self.claim.move_id.name, self._get_mails(dispute).body_html)

    def test_files_of_the_customer(self):
        """A photo added in the form is read by whoever settles it."""
        photo = (
            self.env["ir.attachment"]
            .with_user(self.collector)
            .create({"name": "pallet.jpg", "datas": base64.b64encode(b"photo")})
        )
        dispute = self._dispute(self.claim, attachment_ids=[Command.link(photo.id)])
        self.assertEqual((photo.res_model, photo.res_id), (dispute._name, dispute.id))
        self.assertEqual(photo.with_user(self.paul).raw, b"photo")
