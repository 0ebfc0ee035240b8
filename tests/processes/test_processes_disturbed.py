from odoo.tests import tagged

from .process_common import CUSTOMERS, ProcessCase

BY_HAND = CUSTOMERS // 10
# Bytes that a file may have: less than what is printed, less than its PDF.
NO_SPACE, LITTLE_SPACE = 4_000, 12_000


@tagged("post_install", "-at_install")
class TestDisturbed(ProcessCase):
    """What happens around the delivery: a bad text, a full disk, a payment."""

    def _deliver_all(self, **options):
        """Run the job as often as it takes: each run has some seconds."""
        for _run in range(10):
            self._do_job("deliver", **options)
            if not self.story.execute(
                "SELECT 1 FROM dunning_action WHERE state = 'scheduled'"
                " AND scheduled_at <= now() AT TIME ZONE 'UTC'"
            ):
                return

    def _get_failed(self, channel):
        """Return the failed actions of a channel: customer and reason."""
        return self.story.execute(
            "SELECT customer.name, action.reason FROM dunning_action action"
            "  JOIN res_partner customer ON customer.id = action.partner_id"
            " WHERE action.channel = %s AND action.state = 'failed'",
            channel,
        )

    def test_text_that_fails_for_one(self):
        """One customer has no reference, which the text needs: the others get theirs,
        this one is on the desk with the reason in words."""
        self.story.execute("UPDATE res_partner SET ref = 'R' WHERE name <> 'Mail 077'")
        self.story.execute(
            "UPDATE mail_template SET subject ="
            """ '{"en_US": "Your reference {{ object.partner_id.ref.upper() }}"}'"""
            " WHERE id IN (SELECT mail_template_id FROM dunning_step"
            "               WHERE channel = 'email')"
        )
        self._deliver_all()
        self.assertEqual(
            self._get_states("email"), {"done": CUSTOMERS - 1, "failed": 1}
        )
        (failed,) = self._get_failed("email")
        self.assertEqual(failed["name"], "Mail 077")
        self.assertIn("“Stories” could not be filled in for Mail 077", failed["reason"])
        self.assertNotIn("Traceback", failed["reason"])
        self._do_job("deliver")
        self.assertQueuedOnce(CUSTOMERS - 1)

    def test_no_space_for_letters(self):
        """The disk is full before anything is printed, or in the middle of the PDF: no
        letter is half made, the desk says why; the e-mails leave. With space again the
        letters are printed, once."""
        for space in (NO_SPACE, LITTLE_SPACE):
            with self.subTest(space=space):
                self._prepare("planned")
                self._deliver_all(file_limit=space)
                self.assertEqual(self._get_states("letter"), {"failed": BY_HAND})
                self.assertEqual(self._get_states("email"), {"done": CUSTOMERS})
                self.assertEqual(self._count_letters(), 0)
                for failed in self._get_failed("letter"):
                    self.assertRegex(failed["reason"], "administrator")
                    self.assertNotRegex(failed["reason"], "Errno|error code")
        self._retry("letter")
        self.assertEqual(self._get_states("letter"), {"in_progress": BY_HAND})
        self.assertEqual(self._count_letters(), BY_HAND)

    def test_no_space_for_attachments(self):
        """The statements that go with the e-mails are printed and cannot be stored:
        no e-mail leaves without; with space again they leave, whole."""
        self.story.execute("UPDATE dunning_step SET is_statement_attached = TRUE")
        self.story.execute(
            "UPDATE dunning_action SET scheduled_at = scheduled_at + interval '2 days'"
            " WHERE id NOT IN (SELECT id FROM dunning_action"
            "                   WHERE channel = 'email' ORDER BY id LIMIT 3)"
        )
        self._do_job("deliver", attachment_limit=NO_SPACE)
        self.assertEqual(
            self._get_states("email"), {"failed": 3, "scheduled": CUSTOMERS - 3}
        )
        for failed in self._get_failed("email"):
            self.assertIn("disk is full", failed["reason"])
        self.assertQueuedOnce(0)
        self._retry("email")
        self._do_job("post")
        self.assertReceivedOnce(3)
        for _to, message in self.post_office.messages:
            (statement,) = message.iter_attachments()
            self.assertTrue(statement.get_content().rstrip().endswith(b"%%EOF"))

    def test_paid_while_the_mail_is_being_sent(self):
        """The mail server has just taken the e-mail, Odoo has not noted it yet, when
        the payment is booked: it is no mail that could still be called back. It was
        sent once, and the chatter says so."""
        self._prepare("queued")
        post = self._stop("post", "ir.mail_server.send_email", after=True)
        ((to, _message),) = self.post_office.messages
        payment = self._start("pay", email=to, share=0.5)
        self._wait(payment)
        self._resume(post)
        self._wait(post)
        self._do_job("deliver")
        self._do_job("post")
        self.assertPerformedOnce("email", CUSTOMERS)
        self.assertReceivedOnce(CUSTOMERS)

    def _count_letters(self):
        (row,) = self.story.execute(
            "SELECT COUNT(DISTINCT attachment_id) AS count FROM dunning_delivery"
            " WHERE channel = 'letter' AND state = 'waiting'"
        )
        return row["count"]

    def _retry(self, channel):
        rows = self.story.execute(
            "SELECT id FROM dunning_action WHERE channel = %s AND state = 'failed'",
            channel,
        )
        ids = [row["id"] for row in rows]
        retry = {"model": "dunning.action", "method": "action_retry", "ids": ids}
        answer = self._wait(self._start("press", login="camille", **retry))
        self.assertTrue(answer["result"], answer)
        self._deliver_all()
