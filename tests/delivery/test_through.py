from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestThrough(DeliveryCommon):
    """S3-03: Azur Interior is Marie's customer; nobody else writes to them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.marie = new_test_user(
            cls.env,
            login="marie",
            name="Marie Petit",
            email="marie@azur.example.com",
            groups="base.group_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.customer.write(
            {"user_id": cls.marie.id, "dunning_contact_rule": "salesperson"}
        )

    def _write(self, action, user=None):
        """Open the message that is ready."""
        opened = action.with_user(user or self.marie).action_pass_on()
        composer = self.env[opened["res_model"]].with_user(user or self.marie)
        return composer.with_context(**opened["context"])

    def test_email_is_a_task_of_the_salesperson(self):
        with self.mock_mail_gateway():
            action = self._remind()
        self.assertFalse(self._new_mails)
        self.assertEqual(action.state, "in_progress")
        self.assertEqual(action.activity_ids.user_id, self.marie)
        self.assertIn("100.00", action.activity_ids.note)
        self.assertEqual(action.line_ids.state, "open")

    def test_desk_says_through_whom(self):
        action = self._prepare()
        self.assertEqual(action.channel_text, "E-mail, through Marie Petit")
        self._send(action)
        self.assertEqual(action.channel_text, "E-mail, through Marie Petit")

    def test_task_done_performs_the_step(self):
        action = self._remind()
        action.activity_ids.with_user(self.marie).action_feedback(
            feedback="Told them at lunch"
        )
        self.assertEqual((action.state, action.delivery_ids.state), ("done", "done"))
        self.assertEqual(action.channel_text, "E-mail, through Marie Petit")
        self.assertIn("Told them at lunch", action.message_ids[0].body)
        self.assertIn("by Marie Petit", self.customer.message_ids[0].body)

    def test_message_is_ready_in_their_name(self):
        """Subject, words and figures as the channel would send them; sent, the step is
        performed."""
        action = self._remind()
        composer = Form(self._write(action))
        self.assertEqual(composer.subject, "To settle: $ 100.00")
        self.assertIn("Please pay", composer.body)
        with self.mock_mail_gateway(), self.mock_mail_app():
            composer.save().action_send_mail()
        message = action.delivery_ids.mail_message_id
        self.assertEqual(message.author_id, self.marie.partner_id)
        self.assertEqual(message.partner_ids, self.customer)
        self.assertEqual((action.state, action.delivery_ids.state), ("done", "done"))
        self.assertFalse(action.activity_ids)

    def test_answer_to_it_is_the_outcome(self):
        action = self._remind()
        Form(self._write(action)).save().action_send_mail()
        self.env["dunning.delivery"].sudo()._register_reply(
            action.delivery_ids.mail_message_id.id
        )
        self.assertEqual(action.outcome, "reply")

    def test_letter_goes_through_them_too(self):
        """It holds for every channel; the letter comes as a PDF."""
        self._use_channel("letter", fallback_channel=False)
        action = self._prepare()
        self._print(action)
        self.assertFalse(action.delivery_ids.attachment_id)
        self.assertFalse(action.is_to_post)
        with self.allow_pdf_render():
            composer = self._write(action).create({})
        self.assertEqual(composer.attachment_ids.mimetype, "application/pdf")

    def test_call_is_theirs(self):
        self._use_channel("phone", fallback_channel=False)
        action = self._remind()
        self.assertEqual(action.activity_ids.user_id, self.marie)
        self.assertEqual(action.channel_text, "Phone, through Marie Petit")

    def test_without_address_they_know_another(self):
        self.customer.email = False
        action = self._remind()
        self.assertEqual(self._get_ways(action), [("first", "email", "waiting")])

    def test_without_salesperson_the_collector_writes(self):
        self.customer.user_id = False
        action = self._remind()
        self.assertEqual(action.activity_ids.user_id, self.collector)

    def test_nobody_there_is_said_clearly(self):
        action = self._prepare()
        self.customer.user_id = False
        self.company.dunning_collector_id = False
        action.sudo().write({"collector_id": False, "salesperson_id": False})
        self._send(action)
        self.assertEqual(action.state, "failed")
        self.assertIn("there is none", action.reason)

    def test_segment_says_it_for_all_its_customers(self):
        segment = self.env["dunning.segment"].create(
            {"name": "Partners", "code": "partner", "contact_rule": "salesperson"}
        )
        other = self._create_customer("Borel", dunning_segment_id=segment.id)
        other.user_id = self.marie
        spared = self._create_customer(
            "Corail", dunning_segment_id=segment.id, dunning_contact_rule="direct"
        )
        self._use_channel("phone", fallback_channel=False)
        actions = self._remind(other, spared)
        callers = {a.partner_id: a.activity_ids.user_id for a in actions}
        self.assertEqual(callers, {other: self.marie, spared: self.collector})

    def test_paid_meanwhile_takes_the_task_away(self):
        action = self._remind()
        self._pay(action.line_ids.move_line_id, self.TODAY)
        self.assertFalse(action.activity_ids)
        self.assertEqual(action.state, "cancelled")

    def test_others_do_not_write_in_their_place(self):
        stranger = new_test_user(
            self.env, login="stranger", groups="account.group_account_invoice"
        )
        action = self._remind()
        with self.assertRaises(AccessError):
            action.with_user(stranger).action_pass_on()
        action.with_user(self.collector).action_pass_on()

    def test_batch_is_handed_over_at_once(self):
        """The queries of a batch do not grow with its size."""
        self._use_channel("phone", fallback_channel=False)
        counts = []
        for size in (4, 20):
            customers = self.env["res.partner"]
            for number in range(size):
                customers |= self._create_customer(f"Batch{size}x{number}")
            customers.write(
                {"user_id": self.marie.id, "dunning_contact_rule": "salesperson"}
            )
            actions = self._prepare(*customers)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._send(actions)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1] - counts[0], 6, counts)
