from odoo.tests import tagged

from .process_common import CUSTOMERS, ProcessCase

BY_HAND = CUSTOMERS // 10


@tagged("post_install", "-at_install")
class TestTwoJobs(ProcessCase):
    """Two servers do the same work at the same time."""

    def _deliver_by_hand(self):
        """Deliver what is due without waiting for the scheduled action's turn."""
        return self._start("call", model="dunning.action", method="_cron_deliver")

    def test_two_planners(self):
        """While the first has planned but not committed, the second plans nothing for
        the same company."""
        self._prepare("late")
        first = self._stop("plan", "dunning.planner._plan", after=True)
        second = self._start("call", model="dunning.planner", method="_cron_plan")
        self._wait(second)
        self._resume(first)
        self._wait(first)
        self.assertPlannedOnce("email", CUSTOMERS)
        self.assertPlannedOnce("letter", BY_HAND)

    def test_second_delivery_takes_what_the_first_left(self):
        """The first holds a batch; the second delivers all the others."""
        first = self._stop("deliver", "dunning.courier._deliver", after=True)
        self._wait(self._deliver_by_hand())
        self.assertEqual(
            self._get_states("email"), {"done": CUSTOMERS - 50, "scheduled": 50}
        )
        self._resume(first)
        self._wait(first)
        self.assertPerformedOnce("email", CUSTOMERS)
        self.assertQueuedOnce(CUSTOMERS)

    def test_two_deliveries_race(self):
        """Nobody holds anybody up: whoever comes first takes it."""
        processes = [self._deliver_by_hand(), self._deliver_by_hand()]
        for process in processes:
            self._wait(process)
        self._do_job("deliver")  # what both left to each other
        self.assertPerformedOnce("email", CUSTOMERS)
        self.assertQueuedOnce(CUSTOMERS)
        self.assertEqual(self._get_states("letter"), {"in_progress": BY_HAND})

    def test_queue_is_sent_by_one(self):
        """The job of Odoo's queue is held up in the middle: a second one leaves the
        mails to it."""
        self._prepare("queued")
        first = self._stop("post", "ir.mail_server.send_email", after=True)
        xmlid = "mail.ir_cron_mail_scheduler_action"
        self._wait(self._start("job", xmlid=xmlid))
        self.assertReceivedOnce(1)
        self._resume(first)
        self._wait(first)
        self.assertReceivedOnce(CUSTOMERS)


@tagged("post_install", "-at_install")
class TestTwoUsers(ProcessCase):
    """Camille and Denis press the same button on the same actions."""

    def _get_ids(self, channel="email"):
        rows = self.story.execute(
            "SELECT id FROM dunning_action WHERE channel = %s ORDER BY id", channel
        )
        return [row["id"] for row in rows]

    def _press_together(self, method, model="dunning.action", ids=None):
        """Let both press; the first is held up before it commits. The second, who is
        told so at once, presses again afterwards. Return what both presses told."""
        button = {"model": model, "method": method, "ids": ids or self._get_ids()}
        first = self._stop("press", "commit", login="camille", **button)
        meanwhile = self._wait(self._start("press", login="denis", **button))
        self._resume(first)
        self.assertEqual(self._wait(first), {"killed": 0, "result": True})
        afterwards = self._wait(self._start("press", login="denis", **button))
        return meanwhile["error"], afterwards["error"]

    def test_both_confirm(self):
        """The second is told that the first is at it, then what the first did; each
        action leaves once."""
        self.story.execute("UPDATE dunning_action SET state = 'to_confirm'")
        meanwhile, afterwards = self._press_together("action_confirm")
        self.assertIn("somebody else is working on it", meanwhile)
        self.assertIn("it has been in the state “Scheduled”", afterwards)
        self._do_job("deliver")
        self.assertPerformedOnce("email", CUSTOMERS)
        self.assertQueuedOnce(CUSTOMERS)

    def test_both_send_now(self):
        """The second is told that it is being done, then that it is; each mail is in
        the queue once."""
        self.story.execute(
            "UPDATE dunning_action SET scheduled_at = scheduled_at + interval '2 days'"
        )
        meanwhile, afterwards = self._press_together("action_deliver")
        self.assertIn("somebody else is working on it", meanwhile)
        self.assertIn("it has been in the state “Done”", afterwards)
        self.assertPerformedOnce("email", CUSTOMERS)
        self.assertQueuedOnce(CUSTOMERS)

    def test_both_accept_what_a_customer_declared(self):
        """The second is told that the first is at it, then what the first did; the
        payment is noted once."""
        self._prepare("queued")
        declared = self._wait(self._start("declare", kind="paid"))["result"]
        meanwhile, afterwards = self._press_together(
            "action_accept", "dunning.declaration", [declared]
        )
        self.assertIn("Somebody else is deciding", meanwhile)
        self.assertIn("is accepted already", afterwards)
        rows = self.story.execute("SELECT COUNT(*) AS count FROM dunning_nonpayment")
        self.assertEqual(rows[0]["count"], 1)


@tagged("post_install", "-at_install")
class TestTwoTabs(ProcessCase):
    """A customer has the page of a reminder open twice, and sends both forms."""

    from_ = "queued"

    def _is_waiting(self):
        """Return whether a process waits for a row of another one."""
        rows = self.story.execute(
            """SELECT COUNT(*) AS count FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event_type = 'Lock'"""
        )
        return bool(rows[0]["count"])

    def test_second_form_replaces_the_first(self):
        """It waits for the first, is served again by Odoo, and finds what the first
        declared; nobody sees an error."""
        first = self._stop("declare", "commit", kind="paid")
        second = self._start("declare", kind="promise")
        for _attempt in range(100_000):
            if self._is_waiting():
                break
        self._resume(first)
        answers = [self._wait(first), self._wait(second)]
        self.assertTrue(all("result" in answer for answer in answers), answers)
        rows = self.story.execute(
            "SELECT kind, state FROM dunning_declaration ORDER BY id"
        )
        self.assertEqual(
            [(row["kind"], row["state"]) for row in rows],
            [("paid", "replaced"), ("promise", "new")],
        )
