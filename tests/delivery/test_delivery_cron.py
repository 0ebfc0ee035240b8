from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DeliveryCommon

COURIER = "odoo.addons.account_dunning_scenario.models.delivery.dunning_courier_run"


@tagged("post_install", "-at_install")
class TestDeliveryCron(DeliveryCommon):
    """The job that delivers: batches, bad customers, other workers, time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls.env.ref("account_dunning_scenario.ir_cron_deliver_actions")
        cls.customers = [
            cls._create_customer(name) for name in ("Bleu", "Corail", "Dune")
        ]
        cls.actions = cls._prepare(*cls.customers)
        cls.actions.sudo().scheduled_at = "2026-03-04 09:00:00"

    def _run(self, batch_size=50):
        self.env.flush_all()
        with (
            patch(f"{COURIER}.BATCH_SIZE", batch_size),
            self.enter_registry_test_mode(),
        ):
            self.cron.sudo().method_direct_trigger()
        self.env.invalidate_all()

    def _break_text_for(self, customer):
        """Make the text fail for one customer: it needs a reference they have not."""
        for other in self.customers:
            other.ref = other != customer and other.name
        self.mail_text.subject = "{{ object.partner_id.ref.upper() }}"

    def test_all_that_is_due_is_delivered(self):
        self._run()
        self.assertEqual(set(self.actions.mapped("state")), {"done"})

    def test_nothing_due_is_no_work(self):
        self.actions.sudo().scheduled_at = "2026-03-05 09:00:00"
        self._run()
        self.assertEqual(set(self.actions.mapped("state")), {"scheduled"})

    def test_several_batches_deliver_each_action_once(self):
        self._run(batch_size=1)
        self.assertEqual(len(self.actions.delivery_ids), 3)
        self.assertEqual(set(self.actions.mapped("state")), {"done"})

    def test_second_run_sends_nothing_again(self):
        self._run()
        self._run()
        self.assertEqual(len(self.actions.delivery_ids.mail_mail_id), 3)

    @mute_logger(COURIER, "odoo.addons.mail.models.mail_render_mixin")
    def test_one_bad_customer_stops_nobody(self):
        """The text cannot be rendered for the second of three customers: the two
        others get theirs, the second is on the desk with the reason."""
        bad = self.customers[1]
        self._break_text_for(bad)
        self._run()
        by_customer = {action.partner_id: action for action in self.actions}
        failed = by_customer.pop(bad)
        self.assertEqual({a.state for a in by_customer.values()}, {"done"})
        self.assertEqual(failed.state, "failed")
        self.assertEqual(
            failed.reason,
            f"The text “{self.mail_text.name}” could not be filled in for Corail "
            "('bool' object has no attribute 'upper'). A detail that the text names "
            "may be missing on the customer: complete it, or correct the text, then "
            "try again.",
        )
        self.assertFalse(failed.delivery_ids)

    @mute_logger(COURIER, "odoo.addons.mail.models.mail_render_mixin")
    def test_failed_action_does_not_come_back_by_itself(self):
        self._break_text_for(self.customers[1])
        self._run()
        self._run()
        self.assertEqual(len(self.actions.delivery_ids.mail_mail_id), 2)

    @mute_logger(COURIER)
    def test_unexpected_error_is_told_in_the_users_words(self):
        channel = type(self.env["dunning.channel.email"])
        with patch.object(channel, "_render", side_effect=ZeroDivisionError("oops")):
            self._run()
        self.assertEqual(set(self.actions.mapped("state")), {"failed"})
        self.assertIn("An unexpected error", self.actions[0].reason)
        self.assertIn("oops", self.actions[0].reason)

    def test_concurrent_change_waits_for_the_next_pass(self):
        """Another transaction touched the same rows: nothing failed or is lost."""
        channel = type(self.env["dunning.channel.email"])
        with patch.object(channel, "_render", side_effect=SerializationFailure()):
            self._run()
        self.assertEqual(set(self.actions.mapped("state")), {"scheduled"})
        self._run()
        self.assertEqual(set(self.actions.mapped("state")), {"done"})

    def test_what_another_worker_holds_is_left_to_it(self):
        held = self.actions[0]
        with self._held_by_another_worker(held):
            self._run()
        self.assertEqual(held.state, "scheduled")
        self.assertEqual(set((self.actions - held).mapped("state")), {"done"})

    def test_time_over_stops_between_batches(self):
        """No time left after the first batch: the rest waits, nothing is half done."""
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", return_value=0
        ):
            self._run(batch_size=1)
        states = sorted(self.actions.mapped("state"))
        self.assertEqual(states, ["done", "scheduled", "scheduled"])
