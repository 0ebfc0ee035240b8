from odoo.tests import tagged

from .process_common import CUSTOMERS, ProcessCase
from .process_world import SMTP_TIMEOUT


@tagged("post_install", "-at_install")
class TestMailServer(ProcessCase):
    """120 e-mails wait in Odoo's queue; the mail server behaves as mail servers do."""

    from_ = "queued"

    def assertAllTaken(self):
        """Assert that every e-mail left once, and that its delivery says so."""
        self._do_job("deliver")
        self.assertReceivedOnce(CUSTOMERS)
        self.assertPerformedOnce("email", CUSTOMERS)
        self.assertEqual(self._count_unsettled(), 0)

    def _count_unsettled(self):
        (row,) = self.story.execute(
            "SELECT COUNT(*) AS count FROM dunning_delivery"
            " WHERE channel = 'email' AND (state <> 'done' OR sent_at IS NULL)"
        )
        return row["count"]

    def _get_message_ids(self):
        rows = self.story.execute(
            "SELECT message.message_id FROM mail_mail mail"
            " JOIN mail_message message ON message.id = mail.mail_message_id"
        )
        return {row["message_id"] for row in rows}

    def test_all_is_well(self):
        self._do_job("post")
        self.assertAllTaken()

    def test_down_then_back(self):
        """Nothing leaves, nothing is lost: the same messages leave when it is back."""
        before = self._get_message_ids()
        self.post_office.close()
        self._do_job("post")
        self.assertQueuedOnce(0)
        self._do_job("deliver")
        self.assertQueuedOnce(CUSTOMERS)
        self.post_office.open()
        self._do_job("post")
        self.assertReceivedOnce(0)
        self._post_again()
        self.assertAllTaken()
        sent = {message["Message-Id"] for _to, message in self.post_office.messages}
        self.assertEqual(sent, before)

    def test_slow(self):
        """It takes its time, within what Odoo allows."""
        self.post_office.delays = {"mail007@customers.example": SMTP_TIMEOUT / 2}
        self._do_job("post")
        self.assertAllTaken()

    def test_too_slow_for_one(self):
        """It hangs at the seventh e-mail: Odoo gives up and stops there. The others
        leave with the next run, the seventh when it is tried again."""
        self.post_office.delays = {"mail007@customers.example": SMTP_TIMEOUT * 2}
        self._do_job("post")
        self._do_job("post")
        self._do_job("deliver")
        self.assertReceivedOnce(CUSTOMERS - 1)
        self.post_office.delays = {}
        self._post_again()
        self.assertAllTaken()

    def test_hangs_up_in_the_middle(self):
        """The connection breaks at the third message; it and the others leave later."""
        self.post_office.disconnect_at = 3
        self._do_job("post")
        self.assertReceivedOnce(2)
        self._do_job("post")
        self._do_job("deliver")
        self._post_again()
        self.assertAllTaken()

    def test_one_put_off(self):
        """Greylisting: one recipient is told to come back later, and does."""
        address = "mail003@customers.example"
        self.post_office.refused = {address: "451 4.7.1 Greylisted, try again later"}
        self._do_job("post")
        self._do_job("deliver")
        self.assertReceivedOnce(CUSTOMERS - 1)
        self.assertQueuedOnce(1)
        self.post_office.refused = {}
        self._post_again()
        self.assertAllTaken()

    def test_one_refused(self):
        """One address does not exist: this customer gets the letter that the step
        names (no second e-mail, the address is known to be wrong), the others their
        e-mail."""
        address = "mail010@customers.example"
        self.post_office.refused = {address: "550 5.1.1 No such user"}
        self._do_job("post")
        self.assertReceivedOnce(CUSTOMERS - 1)
        self._do_job("deliver")
        self._post_again()
        self.assertReceivedOnce(CUSTOMERS - 1)
        self.assertEqual(
            self._get_states("email"), {"done": CUSTOMERS - 1, "in_progress": 1}
        )
        ways = self.story.execute(
            "SELECT way.channel, way.state, way.attachment_id IS NOT NULL AS is_printed"
            "  FROM dunning_delivery way"
            "  JOIN dunning_action action ON action.id = way.action_id"
            "  JOIN res_partner customer ON customer.id = action.partner_id"
            " WHERE customer.dunning_bounced_email = %s ORDER BY way.id",
            address,
        )
        self.assertEqual(
            [tuple(way.values()) for way in ways],
            [
                ("email", "failed", False),
                ("email", "failed", False),
                ("letter", "waiting", True),
            ],
        )
