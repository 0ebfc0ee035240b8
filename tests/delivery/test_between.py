from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import day
from .common import DeliveryCommon

COURIER = "odoo.addons.account_dunning_scenario.models.delivery.dunning_courier_run"


class BetweenCommon(DeliveryCommon):
    """What changes before the customer sees what was planned."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_late_claim()
        cls.invoice = cls.claim.move_id

    @classmethod
    def _confirm(cls):
        action = cls._plan()
        action.with_user(cls.collector).action_confirm()
        return action

    def _deliver_again(self):
        """Run the delivery job's work on what there is to do."""
        courier = self.env["dunning.courier"]
        now = datetime(2026, 3, 4, 13)
        todo = self.env["dunning.action"].search(courier._get_due_domain(now))
        with self.allow_pdf_render():
            return courier._deliver(todo, now)

    def _merge_customers(self, *customers):
        ids = [customer.id for customer in customers]
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        wizard._merge(ids, customers[0], extra_checks=False)
        self.env.invalidate_all()

    def _reset_and_post(self, amount):
        """Correct the invoice: back to draft, another price, posted again."""
        self.invoice.button_draft()
        with Form(self.invoice) as form, form.invoice_line_ids.edit(0) as line:
            line.price_unit = amount
        self.invoice.action_post()
        self.claim = self._get_claims(self.invoice)

    def assertDropped(self):
        self.assertEqual(self.action.state, "cancelled")
        self.assertEqual(set(self.action.line_ids.mapped("state")), {"dropped"})


@tagged("post_install", "-at_install")
class TestBetweenPlanningAndDelivery(BetweenCommon):
    """The action is confirmed and waits for its hour."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.action = cls._confirm()

    def test_customers_merged(self):
        """A second record of the same customer: one action for both, next time."""
        twin = self._create_customer("Azur twin")
        second = self._create_late_claim(twin)
        other = self._confirm()
        self._merge_customers(self.customer, twin)
        self.assertDropped()
        action = self.assertDue(self.claim | second)
        self.assertEqual(len(action), 1)
        self.assertEqual(action.partner_id, self.customer)
        self.assertEqual(other.partner_id, self.customer)
        self.assertIn("merged", other.line_ids.reason)

    def test_customer_merged_that_waits_alone(self):
        """Only one of both is late: their reminder leaves, to the one that is left."""
        twin = self._create_customer("Azur twin", email="accounts@example.com")
        self._merge_customers(twin, self.customer)
        self._send(self.action)
        self.assertEqual(self.action.state, "done")
        self.assertEqual(self.action.partner_id, twin)
        self.assertEqual(self.action.delivery_ids.address, "accounts@example.com")

    def test_customer_archived(self):
        """It stays on the desk, and the desk says why."""
        self.customer.active = False
        self._send(self.action)
        self.assertEqual(self.action.state, "failed")
        self.assertIn("archived", self.action.reason)
        self.customer.active = True
        self.action.action_retry()
        self._send(self.action)
        self.assertEqual(self.action.state, "done")

    def test_customer_cannot_be_deleted(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(UserError, "cannot be deleted"),
            self.env.cr.savepoint(),
        ):
            self.customer.unlink()
        self._send(self.action)
        self.assertEqual(self.action.state, "done")

    def test_invoice_contact_deleted(self):
        """The reminder goes to the customer instead."""
        contact = self.env["res.partner"].create(
            {
                "name": "Accounts payable",
                "parent_id": self.customer.id,
                "type": "invoice",
                "email": "ap@example.com",
            }
        )
        contact.unlink()
        self._send(self.action)
        self.assertEqual(self.action.delivery_ids.contact_id, self.customer)

    def test_invoice_reset_to_draft(self):
        """Dropped at once; corrected and posted, it is planned with the new amount."""
        self._reset_and_post(80.0)
        self.assertDropped()
        action = self.assertDue(self.claim)
        self.assertEqual(action.amount_total, 80.0)

    def test_invoice_reversed(self):
        self.invoice._reverse_moves(cancel=True)
        self.assertDropped()

    def test_more_time_granted(self):
        """The due date moves to the end of the month: dropped at once."""
        self.claim.date_maturity = day("03-31")
        self.assertDropped()

    def test_due_date_changed_but_still_late(self):
        """Another due date, still late enough: it leaves as planned."""
        self.claim.date_maturity = day("02-20")
        self._send(self.action)
        self.assertEqual(self.action.state, "done")

    def test_excluded(self):
        self.invoice.no_followup = True
        self.assertDropped()

    def test_blocked(self):
        self.invoice.action_toggle_block_payment()
        self.assertDropped()

    def test_instalments_rewritten(self):
        """Reset to draft and split in two: only the late half is asked, once."""
        self.invoice.button_draft()
        term = self.env["account.payment.term"].create(
            {
                "name": "Two halves",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": 25}),
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": 90}),
                ],
            }
        )
        self.invoice.invoice_payment_term_id = term
        self.invoice.action_post()
        self.assertDropped()
        late, _later = self._get_claims(self.invoice)
        self._send(self.action)
        action = self.assertDue(late)
        self.assertEqual(action.amount_total, 50.0)


@tagged("post_install", "-at_install")
class TestWhileTheMailWaits(BetweenCommon):
    """The e-mail is in Odoo's queue; the mail server has not got it yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.action = cls._confirm()
        cls._send(cls.action)
        cls.mail = cls.action.delivery_ids.mail_mail_id

    def assertRecalled(self):
        """Assert that the mail is gone, with the trace that said it was sent."""
        self.assertFalse(self.mail.exists())
        self.assertFalse(self.action.delivery_ids.mail_message_id)

    def assertDropped(self):
        self.assertRecalled()
        super().assertDropped()

    def test_customers_merged(self):
        """It leaves, to the customer that is left; the note of it moves there too."""
        note = self.mail.mail_message_id.sudo().child_ids
        twin = self._create_customer("Azur twin")
        self._merge_customers(twin, self.customer)
        self.assertEqual(self.mail.recipient_ids, twin)
        self.assertEqual((note.model, note.res_id), ("res.partner", twin.id))
        self.assertEqual(self.action.state, "done")

    def test_customer_archived(self):
        """It was decided and is on its way: it leaves."""
        self.customer.active = False
        self.assertEqual(self.mail.state, "outgoing")
        self.assertEqual(self.mail.recipient_ids, self.customer)

    def test_contact_deleted(self):
        """The mail has nobody to go to: it goes to the customer instead."""
        contact = self.env["res.partner"].create(
            {"name": "Accounts payable", "email": "ap@example.com"}
        )
        self.action.delivery_ids.sudo().contact_id = contact
        self.mail.recipient_ids = contact
        contact.unlink()
        self.mail.write({"state": "exception", "failure_type": "mail_email_missing"})
        self.env["dunning.delivery"].sudo()._settle_mails(datetime(2026, 3, 4, 12))
        self.assertEqual(self.action.state, "scheduled")
        self._send(self.action)
        self.assertEqual(self.action.state, "done")
        delivery = self.action.delivery_ids[-1]
        self.assertEqual(delivery.mail_mail_id.recipient_ids, self.customer)

    def test_paid(self):
        self._pay(self.claim, self.TODAY)
        self.assertDropped()

    def test_paid_in_part(self):
        """Called back, and sent again with what is left."""
        self._pay(self.claim, self.TODAY, 30.0)
        self.assertRecalled()
        self._send(self.action)
        self.assertEqual(self.action.state, "done")
        mail = self.action.delivery_ids.mail_mail_id
        self.assertEqual(len(mail), 1)
        self.assertIn("70.00", mail.subject)

    def test_paid_while_it_waits_for_another_try(self):
        """The mail server was down: what is paid meanwhile is not tried again."""
        self.mail.write({"state": "exception", "failure_reason": "Connection refused"})
        self._pay(self.claim, self.TODAY)
        self.assertDropped()

    def test_paid_while_it_is_being_sent(self):
        """The queue has it in hand: it leaves, and so does its trace stay."""
        with self._held_by_another_worker(self.mail):
            self._pay(self.claim, self.TODAY)
        self.assertTrue(self.mail.exists())
        self.assertEqual(self.action.state, "done")

    def test_reset_to_draft(self):
        """Called back; corrected and posted, it is asked with the new amount."""
        self._reset_and_post(80.0)
        self.assertDropped()
        self.assertDue(self.claim)

    def test_reversed(self):
        self.invoice._reverse_moves(cancel=True)
        self.assertDropped()

    def test_more_time_granted(self):
        self.claim.date_maturity = day("03-31")
        self.assertDropped()

    def test_due_date_changed_but_still_late(self):
        """The mail names the old due date: called back, sent again with the new."""
        self.claim.date_maturity = day("02-20")
        self.assertRecalled()
        self._send(self.action)
        self.assertEqual(self.action.state, "done")

    def test_excluded(self):
        self.invoice.no_followup = True
        self.assertDropped()

    def test_blocked(self):
        self.invoice.action_toggle_block_payment()
        self.assertDropped()

    def test_chatter_says_so(self):
        """Who looks at the action later sees that a mail was called back, and why."""
        self._pay(self.claim, self.TODAY, 30.0)
        notes = " ".join(self.action.message_ids.mapped("body"))
        self.assertIn("called back before it left", notes)


@tagged("post_install", "-at_install")
class TestWhileTheLetterWaits(BetweenCommon):
    """The letter is printed, nobody has posted it yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._use_channel("letter", fallback_channel=False)
        cls.second = cls._create_late_claim(amount=50.0)

    def setUp(self):
        super().setUp()
        self.action = self._confirm()
        with self.allow_pdf_render():
            self._print(self.action)
        self.delivery = self.action.delivery_ids
        self.old = self.delivery.attachment_id

    def test_paid_in_part(self):
        """Withdrawn and printed again with what is left; the chatter says so."""
        self._pay(self.claim, self.TODAY, 30.0)
        self.assertFalse(self.old.exists())
        self.assertFalse(self.action.is_to_post)
        notes = " ".join(self.action.message_ids.mapped("body"))
        self.assertIn("withdrawn before it was posted", notes)
        self._deliver_again()
        self.assertEqual(self.action.delivery_ids, self.delivery)
        self.assertIn(
            "$ 120.00", " ".join(self._get_text(self.delivery.attachment_id.raw))
        )
        self.assertTrue(self.action.is_to_post)

    def test_one_of_two_paid(self):
        """Printed again without it."""
        self._pay(self.claim, self.TODAY)
        self._deliver_again()
        self.assertIn(
            "$ 50.00", " ".join(self._get_text(self.delivery.attachment_id.raw))
        )
        self.action.action_mark_posted()
        self.assertEqual(self.action.state, "done")
        self.assertEqual(self.claim.dunning_line_ids.state, "dropped")

    def test_all_paid(self):
        """Withdrawn for good."""
        self._pay(self.claim, self.TODAY)
        self._pay(self.second, self.TODAY)
        self.assertDropped()
        self.assertFalse(self._deliver_again())
        self.assertFalse(self.old.exists())

    def test_old_letter_cannot_be_posted(self):
        self._pay(self.claim, self.TODAY, 30.0)
        with self.assertRaisesRegex(UserError, "no letter to post"):
            self.action.action_mark_posted()

    @mute_logger(COURIER)
    def test_cannot_be_printed_again(self):
        """On the desk, with the reason; nothing stays half done."""
        self._pay(self.claim, self.TODAY, 30.0)
        channel = type(self.env["dunning.channel.letter"])
        error = UserError("wkhtmltopdf is not installed")
        with patch.object(channel, "_print", side_effect=error):
            self.env.flush_all()
            with self.enter_registry_test_mode():
                cron = self.env.ref("account_dunning_scenario.ir_cron_deliver_actions")
                cron.sudo().method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.action.state, "failed")
        self.assertEqual(self.action.reason, "wkhtmltopdf is not installed")

    def test_goes_with_an_email_that_has_left(self):
        """The formal notice went by e-mail too, and arrived: only the letter is made
        anew."""
        self.env["dunning.delivery"].sudo().create(
            {
                "action_id": self.action.id,
                "company_id": self.company.id,
                "channel": "email",
                "role": "second",
                "state": "done",
            }
        )
        self._pay(self.claim, self.TODAY, 30.0)
        self._deliver_again()
        self.assertEqual(self.action.state, "in_progress")
        self.assertEqual(len(self.action.delivery_ids), 2)
        self.assertTrue(self.delivery.attachment_id)


@tagged("post_install", "-at_install")
class TestWhileTheCallWaits(BetweenCommon):
    """The call is on the collector's list."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._use_channel("phone", fallback_channel=False)
        cls.action = cls._confirm()
        cls._send(cls.action)
        cls.activity = cls.action.activity_ids

    def test_paid_in_part(self):
        """The same activity shows what is left."""
        self.assertIn("100.00, due since", self.activity.note)
        self._pay(self.claim, self.TODAY, 30.0)
        self.assertIn("70.00, due since", self.activity.note)

    def test_paid(self):
        """Nobody has to call any more."""
        self._pay(self.claim, self.TODAY)
        self.assertFalse(self.activity.exists())
        self.assertDropped()
