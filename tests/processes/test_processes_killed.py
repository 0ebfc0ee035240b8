from odoo.tests import tagged

from .process_common import CUSTOMERS, ProcessCase

BY_HAND = CUSTOMERS // 10


@tagged("post_install", "-at_install")
class TestPlanningKilled(ProcessCase):
    """The server dies while it plans; the next run of the job goes on."""

    from_ = "late"

    def test_killed_before_the_first_commit(self):
        """120 actions are written, not committed: all is gone, then planned once."""
        self._kill("plan", "dunning.planner._plan_with_retry", after=True)
        self.assertEqual(self._get_states("email"), {})
        self._do_job("plan")
        self.assertPlannedOnce("email", CUSTOMERS)

    def test_killed_between_two_companies(self):
        """The first company is planned, the second not yet: the first is not planned
        again, the second is."""
        self._kill_before_company("Process Stories by Hand")
        self.assertPlannedOnce("email", CUSTOMERS)
        self.assertEqual(self._get_states("letter"), {})
        self._do_job("plan")
        self.assertPlannedOnce("email", CUSTOMERS)
        self.assertPlannedOnce("letter", BY_HAND)
        self.assertPlannedOnce("phone", BY_HAND)

    def _kill_before_company(self, name):
        """Kill the planning when it comes to a company: all are taken by id."""
        companies = self.story.execute(
            "SELECT name FROM res_company WHERE active ORDER BY sequence, name"
        )
        place = [company["name"] for company in companies].index(name) + 1
        self._kill("plan", "dunning.planner._plan_with_retry", call=place)


@tagged("post_install", "-at_install")
class TestDeliveryKilled(ProcessCase):
    """The server dies while it delivers; the next run of the job goes on."""

    def test_killed_before_the_first_commit(self):
        """The first batch is delivered, not committed: nothing has left."""
        self._kill("deliver", "dunning.courier._deliver", after=True)
        self.assertEqual(self._get_states("email"), {"scheduled": CUSTOMERS})
        self.assertQueuedOnce(0)
        self._do_job("deliver")
        self.assertPerformedOnce("email", CUSTOMERS)
        self.assertQueuedOnce(CUSTOMERS)

    def test_killed_between_two_batches(self):
        """The first batch is in the queue for good; only the others are redone."""
        self._kill("deliver", "dunning.courier._deliver", call=2)
        self.assertEqual(
            self._get_states("email"), {"done": 50, "scheduled": CUSTOMERS - 50}
        )
        self._do_job("deliver")
        self.assertPerformedOnce("email", CUSTOMERS)
        self.assertQueuedOnce(CUSTOMERS)

    def test_killed_while_letters_are_printed(self):
        """wkhtmltopdf runs when the server dies: no letter is half made, the next run
        prints each of them once."""
        self._kill("deliver", "wkhtmltopdf")
        self.assertEqual(self._get_states("letter"), {"scheduled": BY_HAND})
        self.assertEqual(self._count_letters(), 0)
        self._do_job("deliver")
        self.assertEqual(self._get_states("letter"), {"in_progress": BY_HAND})
        self.assertEqual(self._count_letters(), BY_HAND)
        self.assertPerformedOnce("email", CUSTOMERS)

    def _count_letters(self):
        (row,) = self.story.execute(
            "SELECT COUNT(DISTINCT attachment_id) AS count FROM dunning_delivery"
            " WHERE channel = 'letter'"
        )
        return row["count"]


@tagged("post_install", "-at_install")
class TestPostingKilled(ProcessCase):
    """The server dies while Odoo's queue sends; the next run of the job goes on."""

    from_ = "queued"

    def test_killed_between_queue_and_mail_server(self):
        """Two mails are gone, the third was about to: it leaves later, once."""
        self._kill("post", "ir.mail_server.send_email", call=3)
        self.assertReceivedOnce(2)
        self._do_job("post")
        self.assertReceivedOnce(CUSTOMERS)
        self.assertQueuedOnce(0)

    def test_killed_between_acceptance_and_commit(self):
        """The mail server has taken the third mail, Odoo has not noted it: the one
        place where a message leaves twice, as the same message."""
        self._kill("post", "ir.mail_server.send_email", call=3, after=True)
        self._do_job("post")
        counts = self.post_office.get_counts()
        self.assertEqual(len(counts), CUSTOMERS)
        (twice,) = [to for to, count in counts.items() if count > 1]
        self.assertEqual(counts[twice], 2)
        first, second = self.post_office.get_message_ids(twice)
        self.assertEqual(first, second)
        self.assertQueuedOnce(0)
        self.assertPerformedOnce("email", CUSTOMERS)
