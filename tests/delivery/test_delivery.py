from datetime import datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import day
from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestDelivery(DeliveryCommon):
    """From a confirmed action to the customer: the way, the check, the result."""

    # ---- the way -------------------------------------------------------------------

    def test_customer_with_email_is_reminded_at_once(self):
        """Queued is performed: the line counts from that day, the reminder is done."""
        action = self._remind()
        self.assertEqual(self._get_ways(action), [("first", "email", "waiting")])
        self.assertEqual(action.state, "done")
        self.assertEqual(action.performed_date, self.TODAY)
        self.assertEqual(action.line_ids.state, "done")
        self.assertEqual(action.line_ids.performed_date, self.TODAY)

    def test_customer_without_email_gets_the_letter_named_as_fallback(self):
        """S1-24: no e-mail address, so the letter goes; the desk sees why."""
        self.customer.email = False
        action = self._remind()
        ways = [("first", "email", "failed"), ("fallback", "letter", "waiting")]
        self.assertEqual(self._get_ways(action), ways)
        self.assertEqual(
            action.delivery_ids[0].failure_reason,
            "The customer has no working e-mail address.",
        )
        self.assertEqual(action.state, "in_progress")
        self.assertEqual(action.line_ids.state, "open")

    def test_no_way_left_puts_the_action_on_the_desk_with_the_reason(self):
        """Neither e-mail nor address: failed, in the user's words; the claim is held,
        so that nothing else is planned for it."""
        self.customer.write({"email": "n/a", "street": False})
        action = self._remind()
        self.assertEqual(action.state, "failed")
        self.assertEqual(
            action.reason,
            "The customer has no working e-mail address. The customer's postal "
            "address lacks the street or the city.",
        )
        self.assertEqual(action.line_ids.state, "open")
        self.assertFalse(self._plan(day("03-30")))

    def test_retry_after_the_address_was_found_sends_it(self):
        """The collector asks for the e-mail address, enters it and tries again."""
        self.customer.write({"email": False, "street": False})
        action = self._remind()
        self.customer.email = "books@azur.example.com"
        action.with_user(self.collector).action_retry()
        self._send(action)
        self.assertEqual(action.state, "done")
        self.assertFalse(action.reason)
        self.assertEqual(action.delivery_ids[-1].address, "books@azur.example.com")

    def test_two_channels_are_one_position(self):
        """A formal notice by letter and e-mail: two deliveries, one step, performed
        when the letter is posted too."""
        self._use_channel("letter", second_channel="email", fallback_channel=False)
        claim = self._create_late_claim()
        action = self._plan()
        action.with_user(self.collector).action_confirm()
        self._print(action)
        ways = [("first", "letter", "waiting"), ("second", "email", "waiting")]
        self.assertEqual(self._get_ways(action), ways)
        self.assertEqual(action.state, "in_progress")
        action.with_user(self.collector).action_mark_posted()
        self.assertEqual(action.state, "done")
        self.assertEqual(self._get_next(claim), ("reminder_2", day("03-12")))

    def test_second_channel_goes_when_the_first_cannot(self):
        self._use_channel("letter", second_channel="email", fallback_channel=False)
        self.customer.street = False
        action = self._remind()
        ways = [("first", "letter", "failed"), ("second", "email", "waiting")]
        self.assertEqual(self._get_ways(action), ways)
        self.assertEqual(action.state, "done")

    def test_of_three_customers_each_gets_their_own_contact(self):
        """Case C16: only the first of three got its contact."""
        names = ("Bleu Ltd", "Corail Ltd", "Dune Ltd")
        customers = [self._create_customer(name) for name in names]
        for customer in customers:
            self.env["res.partner"].create(
                {
                    "name": f"Accounts of {customer.name}",
                    "parent_id": customer.id,
                    "type": "invoice",
                    "email": f"accounts@{customer.name.split()[0].lower()}.example.com",
                }
            )
        actions = self._remind(*customers)
        self.assertEqual(
            sorted(actions.delivery_ids.mapped("address")),
            [
                "accounts@bleu.example.com",
                "accounts@corail.example.com",
                "accounts@dune.example.com",
            ],
        )

    # ---- thanks --------------------------------------------------------------------

    def _prepare_thanks(self, **values):
        self._add_steps(
            self.scenario,
            self._thanks(
                sequence=90,
                delay=0,
                channel="email",
                mail_template_id=self.mail_text.id,
                letter_template_id=self.letter_text.id,
                **values,
            ),
        )
        self._pay(self._create_late_claim(), self.TODAY)
        action = self._plan()
        self.assertEqual(action.kind, "thanks")
        action.with_user(self.collector).action_confirm()
        self._send(action)
        return action

    def test_thanks_without_address_lapse_for_good(self):
        """S1-22: nobody prints a letter to say thank you; the thanks lapse."""
        self.customer.email = False
        action = self._prepare_thanks()
        self.assertEqual(action.state, "skipped")
        self.assertEqual(action.line_ids.state, "skipped")
        self.assertFalse(self._plan(day("03-05")))

    def test_thanks_use_a_fallback_that_is_named(self):
        self.customer.email = False
        action = self._prepare_thanks(fallback_channel="letter")
        self.assertEqual(action.state, "in_progress")

    def test_thanks_name_what_was_paid(self):
        action = self._prepare_thanks()
        self.assertEqual(action.state, "done")
        self.assertIn("100.00", action.delivery_ids.mail_mail_id.subject)

    # ---- the check before leaving ----------------------------------------------------

    def test_invoice_paid_between_planning_and_sending_is_not_asked(self):
        """Case C6: paid in the meantime, nothing leaves."""
        action = self._prepare()
        self._pay(action.line_ids.move_line_id, self.TODAY)
        self._send(action)
        self.assertEqual(action.state, "cancelled")
        self.assertFalse(action.delivery_ids)

    def test_partial_payment_in_between_is_asked_with_the_new_amount(self):
        """Case C6: part of it was paid in the meantime, the rest is asked."""
        action = self._prepare()
        self._pay(action.line_ids.move_line_id, self.TODAY, amount=40)
        self._send(action)
        self.assertIn("60.00", action.delivery_ids.mail_mail_id.subject)

    def test_claim_excluded_in_between_is_left_out(self):
        """One of two invoices is excluded by the accountant: the other is asked."""
        self._create_late_claim(amount=30)
        action = self._prepare()
        kept, excluded = action.line_ids.sorted("amount_chased")
        excluded.move_line_id.no_followup = True
        self._send(action)
        self.assertEqual(excluded.state, "dropped")
        self.assertTrue(excluded.reason)
        self.assertEqual(kept.state, "done")
        self.assertIn("30.00", action.delivery_ids.mail_mail_id.subject)

    def test_action_waits_for_its_hour(self):
        action = self._prepare()
        self._send(action, on=datetime(2026, 3, 4, 6))
        self.assertEqual(action.state, "scheduled")

    def test_action_on_the_desk_does_not_leave(self):
        self._create_late_claim()
        action = self._plan()
        self._send(action)
        self.assertEqual(action.state, "to_confirm")

    def test_held_part_shows_both_amounts(self):
        """Half of the invoice is disputed: the message shows what is open and what is
        asked."""
        self._create_late_claim()
        action = self._plan()
        action.line_ids.sudo().write(
            {"amount_chased": 60, "amount_chased_currency": 60}
        )
        self.assertIn("60.00", action.totals_text)
        self.assertIn("100.00", action.statement_html)
        self.assertIn("60.00", action.statement_html)

    # ---- companies -------------------------------------------------------------------

    def test_each_company_counts_its_own_day(self):
        """At 20:00 UTC it is already tomorrow in Tokyo: the step counts from there."""
        action = self._prepare()
        self.company.partner_id.tz = "Asia/Tokyo"
        self._send(action, on=datetime(2026, 3, 4, 20))
        self.assertEqual(action.performed_date, day("03-05"))
        self.assertEqual(action.line_ids.performed_date, day("03-05"))

    # ---- rights ----------------------------------------------------------------------

    def test_journal_cannot_be_forged(self):
        """A manager cannot write that an action was done: methods do, or nobody."""
        action = self._prepare()
        with self.assertRaisesRegex(UserError, "cannot be changed by hand"):
            action.with_user(self.env.user).write({"state": "done"})
        with self.assertRaises(AccessError):
            action.line_ids.with_user(self.collector).write({"state": "done"})
        with self.assertRaises(AccessError):
            self.env["dunning.delivery"].with_user(self.collector).create(
                {
                    "action_id": action.id,
                    "company_id": self.company.id,
                    "channel": "email",
                    "state": "done",
                }
            )

    def test_collector_may_prepare_the_text(self):
        action = self._prepare()
        action.with_user(self.collector).mail_subject = "About our call of Monday"
        self.assertEqual(action.mail_subject, "About our call of Monday")

    def test_salesperson_comments_but_does_not_send(self):
        """The salesperson of a customer reads and comments, the rest is not theirs."""
        seller = new_test_user(self.env, login="sam", groups="base.group_user")
        seller.company_ids = seller.company_id = self.company
        action = self._prepare()
        action.partner_id.user_id = seller
        own = action.with_user(seller)
        own.message_post(body="They wait for our credit note.")
        for method in (own.action_deliver, own.action_skip):
            with self.assertRaises(AccessError):
                method()
        self.assertEqual(action.state, "scheduled")

    # ---- size ------------------------------------------------------------------------

    def _count_queries(self, channel, names):
        customers = [self._create_customer(f"{name} by {channel}") for name in names]
        actions = self._prepare(*customers)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._send(actions)
        self.env.flush_all()
        self.assertTrue(set(actions.mapped("state")) <= {"done", "in_progress"})
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow_with_the_number_of_customers(self):
        """Twenty customers cost as many queries as five, by every channel."""
        few = [f"Few {number}" for number in range(5)]
        many = [f"Many {number}" for number in range(20)]
        for channel in ("email", "phone", "letter"):
            with self.subTest(channel=channel):
                self._use_channel(channel, fallback_channel=False)
                self._count_queries(channel, ["Warm"])
                counted = self._count_queries(channel, few)
                self.assertLessEqual(self._count_queries(channel, many), counted)
