from contextlib import contextmanager
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import day
from ..delivery.common import DeliveryCommon

GUARD = "odoo.addons.account_dunning_scenario.models.setup.trouble.guarded"
JOB = "account_dunning_scenario.ir_cron_catch_up_checks"
MODULE = "odoo.addons.account_dunning_scenario."
ACCOUNTING = ("account.", "mail.", "res.partner", "snailmail.", "sms.", "base.partner")
# What we add to methods of accounting and of what it calls, and how it is kept from
# failing there. Whoever adds one decides which it is.
GUARDED = {
    ("account.move", "_build_credit_warning_message"),
    ("account.move", "_post"),
    ("account.move", "button_draft"),
    ("account.move", "write"),
    ("account.move.line", "write"),
    ("account.partial.reconcile", "create"),
    ("account.partial.reconcile", "unlink"),
    ("account.payment", "write"),
    ("base.partner.merge.automatic.wizard", "_merge"),
    ("mail.activity", "_action_done"),
    ("mail.activity", "create"),
    ("mail.activity", "unlink"),
    ("mail.activity", "write"),
    ("mail.mail", "_prepare_outgoing_list"),
    ("mail.mail", "send"),
    ("mail.thread", "_message_route_process"),
    ("mail.thread", "_routing_handle_bounce"),
    ("mail.thread", "_routing_reset_bounce"),
    ("mail.thread", "_thread_to_store"),
    ("res.partner", "write"),
    ("sms.sms", "_send"),
    ("snailmail.letter", "_snailmail_print"),
    ("snailmail.letter", "write"),
}
# These refuse, on purpose, what is said about the follow-up by who has no right to.
REFUSING = {
    ("account.move", "create"),
    ("account.move.line", "create"),
    ("mail.message", "_check_access"),
    ("mail.message", "write"),
    ("mail.render.mixin", "_render_template"),
    ("res.partner", "_validate_fields"),
    ("res.partner", "copy"),
    ("res.partner", "create"),
    ("sms.composer", "_compute_body"),
}
# These only add names or values, or wake a job, which cannot fail.
HARMLESS = {
    ("account.move", "_add_missing_default_values"),
    ("account.move.line", "_add_missing_default_values"),
    ("mail.activity", "_add_missing_default_values"),
    ("res.partner", "_add_missing_default_values"),
    ("res.partner", "copy_data"),
    ("account.move", "_get_view"),
    ("account.move", "_get_view_cache_key"),
    ("account.move.reversal", "_prepare_default_reversal"),
    ("mail.activity", "_to_store_defaults"),
    ("mail.mail", "create"),
    ("mail.mail", "process_email_queue"),
    ("mail.message", "create"),
    ("mail.render.mixin", "_render_eval_context"),
    ("mail.template", "_compute_render_model"),
    ("res.partner", "_commercial_fields"),
    ("res.partner", "_get_view"),
    ("res.partner", "_get_view_cache_key"),
    ("sms.sms", "_process_queue"),
}


class GuardCommon(DeliveryCommon):
    """A late invoice whose reminder waits for its hour, and a follow-up that breaks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_late_claim()
        cls.invoice = cls.claim.move_id
        cls.action = cls._plan()
        cls.checks = cls.env["dunning.pending.check"].sudo()  # the job's own

    @contextmanager
    def _broken(self, model, method, error=ValueError):
        """Let something in the follow-up fail: accounting goes on, it is logged."""

        def fail(*_args, **_kwargs):
            raise error("The step's filter names a field that is gone")

        with (
            patch.object(self.registry[model], method, fail),
            self.assertLogs(GUARD, "ERROR") as log,
        ):
            yield
        self.assertIn("Traceback", log.output[0])

    def _catch_up(self):
        with self.enter_registry_test_mode():
            self.env.ref(JOB).sudo().method_direct_trigger()
        self.env.invalidate_all()

    def assertCaughtUp(self):
        """Assert that something was left to the next job, which does it."""
        self.assertTrue(self.checks.search([]))
        self._catch_up()
        self.assertFalse(self.checks.search([]))

    def assertDropped(self):
        self.assertEqual(self.action.state, "cancelled")

    def assertWaiting(self):
        self.assertEqual(self.action.state, "to_confirm")


@tagged("post_install", "-at_install")
class TestAccountingGuard(GuardCommon):
    """Whatever fails in the follow-up, accounting goes through, and the follow-up looks
    again later."""

    def test_every_hook_is_known(self):
        """Each method of accounting, mail and customers that we add to is either
        guarded or cannot fail."""
        found = set()
        for name, model in self.registry.items():
            if name.startswith(ACCOUNTING):
                found |= {
                    (name, method)
                    for ours in model._base_classes__
                    if getattr(ours, "pool", None) is None
                    and ours.__module__.startswith(MODULE)
                    for method in vars(ours)
                    if not method.startswith("__") and callable(getattr(ours, method))
                    if self._is_called_by_core(model, method)
                }
        self.assertEqual(found - HARMLESS - REFUSING, GUARDED)

    def _is_called_by_core(self, model, method):
        return any(
            method in vars(base)
            for base in model.mro()
            if base.__module__.startswith("odoo.")
            and not base.__module__.startswith(MODULE)
            and base.__module__ != "odoo.orm.model_classes"
            and base is not model
        )

    def test_payment(self):
        """The bank clerk's payment is booked; the reminder is dropped by the job."""
        with self._broken("dunning.planner", "_drop_obsolete"):
            self._pay(self.claim, self.TODAY)
        self.assertTrue(self.claim.reconciled)
        self.assertWaiting()
        self.assertCaughtUp()
        self.assertDropped()

    def test_registered_payment(self):
        """The same with the dialog of the invoice."""
        with self._broken("dunning.planner", "_drop_obsolete"):
            self._register_payment(self.invoice, payment_date=self.TODAY)
        self.assertTrue(self.claim.reconciled)
        self.assertCaughtUp()
        self.assertDropped()

    def test_payment_in_process(self):
        """The customer pays by card: nothing more is asked, before the bank's entry."""
        self._register_in_process(self.invoice, 100.0)
        self.assertFalse(self.claim.reconciled)
        self.assertDropped()

    def test_payment_in_process_guarded(self):
        """The same while the follow-up is broken."""
        with self._broken("dunning.planner", "_drop_obsolete"):
            self._register_in_process(self.invoice, 100.0)
        self.assertCaughtUp()
        self.assertDropped()

    def test_database_error(self):
        """What fails in the database leaves the accounting's transaction usable."""

        def fail(planner, *_args):
            planner.env.cr.execute("SELECT 1 / 0")

        with (
            patch.object(self.registry["dunning.planner"], "_drop_obsolete", fail),
            mute_logger("odoo.sql_db"),
            self.assertLogs(GUARD, "ERROR"),
        ):
            self._pay(self.claim, self.TODAY)
        self.assertTrue(self.claim.reconciled)
        self.assertCaughtUp()
        self.assertDropped()

    def test_concurrent_change(self):
        """What Odoo tries again by itself is not kept from it."""

        def fail(*_args):
            raise SerializationFailure

        with (
            patch.object(self.registry["dunning.planner"], "_drop_obsolete", fail),
            self.assertRaises(SerializationFailure),
        ):
            self._pay(self.claim, self.TODAY)

    def test_outcome_of_a_payment(self):
        """What came of a reminder is dated by the job."""
        self.action._perform(self.TODAY, f"{self.TODAY} 10:00:00")
        with self._broken("dunning.action", "_refresh_payment_outcomes"):
            self._pay(self.claim, self.TODAY)
        self.assertFalse(self.action.outcome)
        self.assertCaughtUp()
        self.assertEqual(self.action.outcome, "paid")

    def test_payment_undone(self):
        """A reconciliation is undone; the outcome is taken back by the job."""
        self.action._perform(self.TODAY, f"{self.TODAY} 10:00:00")
        self._pay(self.claim, self.TODAY)
        with self._broken("dunning.action", "_refresh_payment_outcomes"):
            self.claim.remove_move_reconcile()
        self.assertFalse(self.claim.reconciled)
        self.assertCaughtUp()
        self.assertFalse(self.action.outcome)

    def test_reset_to_draft(self):
        """The places of its instalments are noted by the job."""
        with self._broken("dunning.action.line", "_number_instalments"):
            self.invoice.button_draft()
        self.assertEqual(self.invoice.state, "draft")
        self.assertDropped()
        self.assertCaughtUp()
        self.assertEqual(self.action.line_ids.instalment, 1)

    def test_posted_again(self):
        """The corrected invoice is posted; its history is taken over by the job."""
        self.action._perform(self.TODAY, f"{self.TODAY} 10:00:00")
        self.invoice.button_draft()
        with Form(self.invoice) as form, form.invoice_line_ids.edit(0) as line:
            line.price_unit = 80
        self.action.line_ids.sudo().move_line_id = False  # as when the item is gone
        with self._broken("dunning.action.line", "_adopt_orphans"):
            self.invoice.action_post()
        self.assertEqual(self.invoice.state, "posted")
        self.assertCaughtUp()
        self.assertEqual(
            self.action.line_ids.move_line_id, self._get_claims(self.invoice)
        )

    def test_cancelled(self):
        """A wrong invoice is reset and cancelled."""
        with self._broken("dunning.planner", "_drop_obsolete"):
            self.invoice.button_draft()
            self.invoice.button_cancel()
        self.assertEqual(self.invoice.state, "cancel")
        self.assertCaughtUp()
        self.assertDropped()

    def test_credited(self):
        """A credit note is made from the invoice and matched with it."""
        with self._broken("dunning.planner", "_drop_obsolete"):
            self._reverse_invoice(self.invoice, is_modify=True)
        self.assertTrue(self.claim.reconciled)
        self.assertCaughtUp()
        self.assertDropped()

    def test_blocked(self):
        """The accountant blocks the payment of an invoice."""
        with self._broken("dunning.planner", "_drop_obsolete"):
            self.invoice.action_toggle_block_payment()
        self.assertEqual(self.invoice.payment_state, "blocked")
        self.assertCaughtUp()
        self.assertDropped()

    def test_more_time_granted(self):
        """The due date is put off by hand."""
        with self._broken("dunning.planner", "_drop_obsolete"):
            self.claim.date_maturity = day("03-31")
        self.assertEqual(self.claim.date_maturity, day("03-31"))
        self.assertCaughtUp()
        self.assertDropped()

    def test_excluded(self):
        """The invoice is marked "no follow-up" by hand."""
        with self._broken("dunning.planner", "_drop_obsolete"):
            self.invoice.no_followup = True
        self.assertCaughtUp()
        self.assertDropped()

    def test_invoicing_a_blocked_customer(self):
        """The text about blocked orders cannot be made: the invoice opens."""
        draft = self.invoice.copy()
        with self._broken("res.partner", "_dunning_get_block_text"):
            self.assertFalse(draft.dunning_blocked_text)

    def test_collector_changed(self):
        """The customer gets another collector; what waits follows later."""
        self.action.sudo().collector_id = self.collector
        other = self.env.user
        with self._broken("dunning.action", "_give_to"):
            self.customer.dunning_collector_id = other
        self.assertEqual(self.customer.dunning_collector_id, other)
        self.assertEqual(self.action.collector_id, self.collector)
        self.assertCaughtUp()
        self.assertEqual(self.action.collector_id, other)

    def test_customer_becomes_a_contact(self):
        """Two records of one customer become a company and its contact."""
        group = self._create_customer("Azur group")
        with self._broken("res.partner", "_dunning_follow_customer"):
            self.customer.write({"is_company": False, "parent_id": group.id})
        self.assertEqual(self.customer.commercial_partner_id, group)
        self.assertCaughtUp()
        self.assertEqual(self.action.partner_id, group)

    def test_task_deleted(self):
        """A call's task is deleted with other tasks; the call is back on the desk
        later."""
        self._use_channel("phone")
        call = self._remind(self._create_customer("Brest Boats"))[:1]
        self.assertEqual(call.state, "in_progress")
        with self._broken("dunning.delivery", "_return_to_desk"):
            call.activity_ids.unlink()
        self.assertCaughtUp()
        self.assertEqual(call.state, "to_confirm")

    def test_other_tasks(self):
        """Tasks of others are made, put off, done and deleted."""
        values = {"activity_type_id": self.env.ref("mail.mail_activity_data_todo").id}
        with self._broken("mail.activity", "_get_dunning_deliveries"):
            todo = self.invoice.activity_schedule(**values)
            todo.date_deadline = day("03-31")
            todo.unlink()
            self.invoice.activity_schedule(**values).action_done()
        self.assertFalse(self.invoice.activity_ids)

    def test_fails_again(self):
        """Who follows the customer up is told once of what fails again."""
        with (
            self._broken("dunning.planner", "_drop_obsolete"),
            mute_logger("odoo.addons.base.models.ir_cron"),
        ):
            self._pay(self.claim, self.TODAY)
            for _hour in range(3):
                self._catch_up()
        task = self.invoice.activity_ids
        self.assertEqual(len(task), 1)
        self.assertEqual(task.user_id, self.collector)
        self.assertIn("filter", task.note)
        self.assertCaughtUp()
        self.assertDropped()

    def test_several_fail(self):
        """One entry that cannot be checked keeps no other from it."""
        second = self._create_late_claim(self._create_customer("Brest Boats"))
        other = self._plan()
        with self._broken("dunning.planner", "_drop_obsolete"):
            self._pay(self.claim, self.TODAY)
            self._pay(second, self.TODAY)
        drop = self.registry["dunning.planner"]._drop_obsolete

        def fail(planner, company, date, lines):
            if self.claim in lines.move_line_id:
                raise ValueError
            return drop(planner, company, date, lines)

        with (
            patch.object(self.registry["dunning.planner"], "_drop_obsolete", fail),
            self.assertLogs(GUARD, "ERROR"),
        ):
            self._catch_up()
        self.assertEqual(other.state, "cancelled")
        self.assertWaiting()
        self.assertCaughtUp()
        self.assertDropped()


@tagged("post_install", "-at_install")
class TestQueuedMessages(GuardCommon):
    """No message leaves Odoo's queue about a claim that was settled meanwhile."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.action.with_user(cls.collector).action_confirm()
        cls._send(cls.action)
        cls.mail = cls.action.delivery_ids.mail_mail_id

    def _run_queue(self):
        """Let Odoo send what waits; return the addresses that something went to."""
        with self.mock_mail_gateway():
            self.mail.sudo().send()
            return [mail["email_to"] for mail in self._mails]

    def test_up_to_date(self):
        """Nothing happened: it leaves."""
        self.assertEqual(len(self._run_queue()), 1)

    def test_payment_at_the_same_moment(self):
        """The payment was booked while the message was made, by a transaction that did
        not see it: the queue calls it back."""
        with patch.object(self.registry["dunning.pending.check"], "_put_off"):
            self._pay(self.claim, self.TODAY)
        self.assertEqual(self.action.state, "done")
        self.assertEqual(self._run_queue(), [])
        self.assertEqual(self.action.state, "scheduled")
        self._send(self.action)
        self.assertDropped()

    def test_check_left(self):
        """Calling it back failed: it waits in the queue until the job has done so."""
        with self._broken("dunning.delivery", "_recall_mails"):
            self._pay(self.claim, self.TODAY, 10)
        self.assertEqual(self._run_queue(), [])
        self.assertTrue(self.mail.exists())
        self.assertCaughtUp()
        self.assertEqual(self.action.state, "scheduled")

    def test_looking_again_fails(self):
        """What cannot be looked at again stays; the mails of others leave."""
        other = self.env["mail.mail"].create(
            {"email_to": "other@example.com", "body_html": "Hello"}
        )
        with (
            self._broken("dunning.delivery", "_get_overtaken"),
            self.mock_mail_gateway(),
        ):
            (self.mail | other).sudo().send()
        self.assertEqual(self.mail.state, "outgoing")
        self.assertEqual(len(self._mails), 1)


@tagged("post_install", "-at_install")
class TestPutOff(GuardCommon):
    """What accounting changed is looked at once, at the end of its transaction."""

    ENDS_TRANSACTIONS = False

    def test_once_per_transaction(self):
        """A bank statement with many payments is looked at once."""
        claims = self.claim
        for number in range(3):
            customer = self._create_customer(f"Client {number}")
            claims |= self._create_late_claim(customer)
        self._plan()
        planner = self.registry["dunning.planner"]
        with patch.object(
            planner, "_drop_obsolete", autospec=True, side_effect=planner._drop_obsolete
        ) as check:
            for claim in claims:
                self._pay(claim, self.TODAY)
            self.env.cr.precommit.run()
        self.assertEqual(check.call_count, 1)
        self.assertEqual(set(claims.dunning_line_ids.mapped("state")), {"dropped"})

    def test_taken_back(self):
        """What a transaction takes back is not looked at."""
        self.env.cr.precommit.run()
        with patch.object(self.registry["dunning.planner"], "_drop_obsolete") as check:
            savepoint = self.env.cr.savepoint()
            self._pay(self.claim, self.TODAY)
            savepoint.close(rollback=True)
            self.env.cr.precommit.run()
        self.assertFalse(check.called)

    def test_nothing_on_record(self):
        """Most invoices are not followed up: one query tells."""
        customer = self._create_customer("New client")
        claim = self._create_claim(day("03-30"), customer=customer)
        self.env.cr.precommit.run()
        self._pay(claim, self.TODAY)
        checks = self.env["dunning.pending.check"]
        self.assertEqual(self._count_queries(checks._run_put_off), 1)
