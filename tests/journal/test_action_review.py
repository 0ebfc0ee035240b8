from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from ..common import day
from ..delivery.common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestActionReview(DeliveryCommon):
    """What a collector decides on the desk, action by action (S1-04, S1-05)."""

    def setUp(self):
        super().setUp()
        self._create_late_claim()
        self.prepared = self._plan()
        self.action = self.prepared.with_user(self.collector)

    def _open(self, wizard, **values):
        """Open a dialog of the desk on the action, as the window action does."""
        window = self.env.ref(
            f"account_dunning_scenario.dunning_action_{wizard}_action"
        )
        context = window._get_action_dict()["context"]
        model = self.env[window.res_model].with_user(self.collector)
        context = {"active_ids": self.action.ids, **self._read_context(context)}
        return Form(model.with_context(**context))

    def _read_context(self, text):
        return {"default_operation": text.split("'")[3]} if "operation" in text else {}

    # ---- ticks ---------------------------------------------------------------------

    def test_reason_is_kept_beside_the_tick(self):
        """The salesperson asked for a day: whoever looks at the desk next sees it."""
        dialog = self._open("untick")
        dialog.reason = "Lunch with them on Friday"
        dialog.save().action_apply()
        self.assertFalse(self.action.is_ticked)
        self.assertEqual(self.action.state, "to_confirm")
        self.assertEqual(
            self.action.untick_text, "Camille Durand: Lunch with them on Friday"
        )

    def test_switch_says_who_turned_it_off(self):
        self.action.is_ticked = False
        self.assertEqual(self.action.untick_reason, "user")
        self.assertEqual(self.action.untick_text, "Camille Durand")
        self.action.is_ticked = True
        self.assertFalse(self.action.untick_text)
        self.assertFalse(self.action.untick_reason)

    def test_reason_of_the_stop_is_shown(self):
        """Unticked by the stop, for the reason noted on the customer (S1-54)."""
        customer = self._create_customer(
            "Borel", dunning_is_stopped=True, dunning_stop_reason="Takeover talks"
        )
        self._create_late_claim(customer)
        action = self._plan()
        self.assertEqual(action.untick_text, "Customer in “stop”: Takeover talks")

    def test_ticking_against_a_stop_leaves_a_trace(self):
        """By the switch of the list as by the button."""
        self.prepared.write({"is_ticked": False, "untick_reason": "stop"})
        self.customer.dunning_is_stopped = True
        self.customer.dunning_stop_reason = "Takeover talks"
        self.action.is_ticked = True
        self.assertIn("Camille Durand", self.action.message_ids[0].body)
        self.assertIn("Takeover talks", self.action.message_ids[0].body)

    def test_tick_of_what_has_left_is_refused(self):
        self.action.action_confirm()
        with self.assertRaisesRegex(UserError, "Scheduled"):
            self.action.is_ticked = False

    # ---- skip, postpone, undo --------------------------------------------------------

    def test_reason_for_skipping_is_kept(self):
        dialog = self._open("skip")
        dialog.reason = "Paid by cheque, on its way"
        dialog.save().action_apply()
        self.assertEqual(self.action.state, "skipped")
        self.assertEqual(
            self.action.reason, "Skipped by Camille Durand: Paid by cheque, on its way"
        )
        self.assertEqual(self.action.line_ids.state, "skipped")

    def test_confirmation_is_taken_back_before_the_hour(self):
        """Confirmed at eight for nine, thought better of at half past."""
        self.action.action_confirm()
        self.action.action_undo_confirm()
        self.assertEqual(
            (self.action.state, self.action.is_ticked), ("to_confirm", True)
        )
        self.assertFalse(self._send(self.action))
        self.assertFalse(self.action.delivery_ids)

    def test_what_has_left_is_not_taken_back(self):
        self.action.action_confirm()
        self._send(self.action)
        with self.assertRaisesRegex(UserError, "Done"):
            self.action.action_undo_confirm()

    def test_dialog_without_a_selection_changes_nothing(self):
        for model in ("dunning.action.reason", "dunning.action.channel"):
            with self.subTest(model=model):
                values = {"operation": "skip"} if "reason" in model else {}
                values |= {"channel": "phone"} if "channel" in model else {}
                wizard = self.env[model].with_user(self.collector).create(values)
                with self.assertRaisesRegex(UserError, "Select the actions first"):
                    wizard.action_apply()

    # ---- channel ---------------------------------------------------------------------

    def test_collector_calls_instead_of_writing(self):
        """Three e-mails without an answer: this time by phone; the scenario stays."""
        dialog = self._open("channel")
        dialog.channel = "phone"
        self.assertIn("1 02 03 04 05", dialog.address)
        dialog.save().action_apply()
        self.action.action_confirm()
        self._send(self.action)
        self.assertEqual(self._get_ways(self.action), [("first", "phone", "waiting")])
        self.assertEqual(self.reminder.channel, "email")

    def test_failed_action_goes_back_to_the_desk_by_another_way(self):
        self.customer.email = False
        self.reminder.fallback_channel = False
        self.action.action_confirm()
        self._send(self.action)
        self.assertEqual(self.action.state, "failed")
        self.action.action_change_channel("phone")
        self.assertEqual(
            (self.action.state, self.action.is_ticked), ("to_confirm", True)
        )
        self.assertFalse(self.action.reason)

    def test_channel_without_an_address_is_refused(self):
        self.customer.phone = False
        dialog = self._open("channel")
        dialog.channel = "phone"
        self.assertEqual(dialog.unreachable, "Azur Interior")
        with self.assertRaisesRegex(UserError, "Azur Interior cannot be reached"):
            self.action.action_change_channel("phone")
        self.assertEqual(self.action.channel, "email")

    def test_channel_without_a_text_is_refused(self):
        self._use_channel("phone", fallback_channel=False, mail_template_id=False)
        self._create_late_claim(self._create_customer("Borel"))
        call = self._plan()
        with self.assertRaisesRegex(ValidationError, "choose its text"):
            call.action_change_channel("email")

    # ---- two collectors --------------------------------------------------------------

    def test_second_collector_is_told_who_was_faster(self):
        """Camille confirmed it at eleven; Louise still sees the tick on her screen."""
        louise = new_test_user(
            self.env,
            login="louise",
            name="Louise Petit",
            tz="Europe/Paris",
            groups="account_dunning_scenario.dunning_group_collector",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.action.action_confirm()
        with self.assertRaisesRegex(UserError, r"“Scheduled” since .*Camille Durand"):
            self.action.with_user(louise).action_confirm()

    def test_action_that_is_leaving_is_left_alone(self):
        """The delivery job holds it: no click waits for it, none undoes its work."""
        Action = self.env.registry["dunning.action"]
        with (
            patch.object(Action, "try_lock_for_update", lambda self, **_kw: self[:0]),
            self.assertRaisesRegex(UserError, "working on it"),
        ):
            self.action.action_skip()
        self.assertEqual(self.action.state, "to_confirm")

    def test_action_paid_while_on_screen_says_so(self):
        """The bank was matched meanwhile: the click is told that nothing is left."""
        self._pay(self.prepared.line_ids.move_line_id, self.TODAY)
        self.assertEqual(self.action.state, "cancelled")
        with self.assertRaisesRegex(UserError, "Cancelled"):
            self.action.action_confirm()


@tagged("post_install", "-at_install")
class TestActionContext(DeliveryCommon):
    """What the desk tells beside each action, without a query per row."""

    def test_last_contact_is_told(self):
        """Reminder 1 left by e-mail on 4 March; reminder 2 waits on the 12th."""
        self._remind()
        second = self._plan(day("03-12"))
        self.assertEqual(second.last_contact_date, self.TODAY)
        self.assertEqual(
            second.last_contact_text,
            "03/04/2026, E-mail, Not accepted yet by the mail server",
        )

    def test_contact_with_another_customer_is_none(self):
        self._remind(self._create_customer("Borel"))
        self._create_late_claim()
        self.assertFalse(self._plan().last_contact_text)

    def test_contact_by_a_branch_counts(self):
        """The customer does not mind which branch called."""
        branch = self.env["res.company"].create(
            {"name": "Azur Nice", "parent_id": self.company.id}
        )
        self.env["dunning.action"].sudo().create(
            {
                "company_id": branch.id,
                "partner_id": self.customer.id,
                "channel": "phone",
                "state": "done",
                "performed_date": day("03-02"),
                "performed_at": datetime(2026, 3, 2, 9),
            }
        )
        self._create_late_claim()
        action = self._plan().with_user(self.collector)
        self.assertEqual(action.last_contact_text, "03/02/2026, Phone")

    def test_why_it_is_there(self):
        self._create_late_claim()
        self.assertEqual(
            self._plan().why_text, "8 days after the due date: due since 03/04/2026"
        )

    def test_failed_action_says_what_is_missing(self):
        self.customer.email = False
        self.reminder.fallback_channel = False
        action = self._remind()
        self.assertIn("no working e-mail address", action.why_text)

    def test_queries_do_not_grow_with_the_desk(self):
        """The texts of one row and of eight take the same queries."""
        customers = [self._create_customer(f"Client {n}") for n in range(8)]
        for customer in customers:
            self._create_late_claim(customer)
        first = self._plan()
        first.action_confirm()
        self._send(first)
        desk = self._plan(day("03-12"))
        self.assertEqual(len(desk), 8)
        names = ("last_contact_text", "why_text", "untick_text")

        def count(actions):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            for name in names:
                actions.mapped(name)
            return self.env.cr.sql_log_count - before

        count(desk)
        self.assertLessEqual(count(desk), count(desk[:1]))
