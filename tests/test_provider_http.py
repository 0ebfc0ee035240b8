from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tests.common import _super_send
from odoo.tools import mute_logger

from ..models import provider_client
from ..models.dunning_submission import DunningSubmission
from .common import day
from .lre_common import LreCommon
from .process_provider import ProviderProcess

SUBMIT = "odoo.addons.account_dunning_scenario.models.dunning_submission_submit"


@tagged("post_install", "-at_install")
class TestProviderHttp(LreCommon):
    """A provider that is asked over HTTP: a real one, in a process of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = ProviderProcess()
        cls.addClassCleanup(cls.server.close)
        cls.provider = cls._create_provider(
            adapter="http",
            url=f"{cls.server.url}/letters",
            status_url=f"{cls.server.url}/letters/{{reference}}",
            api_key="secret-7",
            timeout=1,
            max_attempts=3,
            field_ids=[
                (0, 0, {"direction": direction, "name": ours, "external": theirs})
                for direction, ours, theirs in (
                    ("request", "recipient_email", "recipient.email"),
                    ("request", "recipient_name", "recipient.name"),
                    ("answer", "reference", "id"),
                    ("state", "accepted", "ACCEPTED"),
                )
            ],
        )

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        """Ask this machine as the add-on does: Odoo would make the time-out longer."""
        return _super_send(session, request, **options)

    def setUp(self):
        super().setUp()
        self.server.steer(moods=[], letters={}, results={}, requests=[])

    def _submit(self, *moods, hour=10, when="03-04"):
        self.server.steer(moods=list(moods))
        with self._on(day(when), hour), mute_logger(SUBMIT):
            self._run(self.submit_job)

    def _poll(self, when="03-06", hour=10, **results):
        self.server.steer(results=results)
        with self._on(day(when), hour):
            self._run(self.poll_job)

    # ---- submission ------------------------------------------------------------------

    def test_nothing_is_asked_in_the_transaction_that_delivers(self):
        actions = self._send_to("Bleu", "Corail")
        self.assertFalse(self.server.get_log()["requests"])
        self.assertEqual(set(actions.mapped("state")), {"in_progress"})
        self.assertEqual(
            self._get_submissions(actions).mapped("state"), ["queued", "queued"]
        )

    def test_letter_is_handed_over_as_the_provider_wants_it(self):
        action = self._send_to("Bleu")
        self._submit()
        submission = self._get_submissions(action)
        (request,) = self.server.get_log()["requests"]
        self.assertEqual(request["Authorization"], "Bearer secret-7")
        self.assertEqual(request["Idempotency-Key"], submission.key)
        letter = self.server.get_log()["letters"][submission.key]["letter"]
        self.assertEqual(
            letter["recipient"], {"email": "bleu@example.com", "name": "Bleu"}
        )
        self.assertEqual(letter["reference"], submission.key)
        self.assertTrue(letter["document"].startswith("JVBERi0"))  # a PDF
        self.assertEqual(submission.reference, "LRE-0001")
        self.assertEqual(action.state, "done")
        self.assertEqual(action.delivery_ids.tracking_number, "LRE-0001")

    def test_second_run_hands_nothing_over_again(self):
        self._send_to("Bleu")
        self._submit()
        self._submit(hour=12)
        self.assertEqual(len(self.server.get_log()["requests"]), 1)

    def test_provider_out_of_order_is_asked_again_later(self):
        """500, then five minutes of patience, then it works: one letter, one key."""
        action = self._send_to("Bleu")
        self._submit("broken")
        submission = self._get_submissions(action)
        self.assertEqual(submission.attempt_count, 1)
        self.assertIn("out of order", submission.last_error)
        self._submit()  # at the same moment: it is not time yet
        self.assertEqual(len(self.server.get_log()["requests"]), 1)
        self._submit(hour=11)
        self.assertEqual(action.state, "done")
        self.assertEqual(len(self.server.get_log()["letters"]), 1)

    def test_answer_that_comes_too_late_sends_nothing_twice(self):
        """The provider took the letter, and Odoo never heard of it: asked again under
        the same key, it gives the same reference."""
        action = self._send_to("Bleu")
        self._submit("slow")
        submission = self._get_submissions(action)
        self.assertEqual(submission.state, "sending")
        self.assertIn("did not answer in time", submission.last_error)
        self._submit(hour=11)
        log = self.server.get_log()
        self.assertEqual(
            [request["Idempotency-Key"] for request in log["requests"]],
            [submission.key] * 2,
        )
        self.assertEqual(len(log["letters"]), 1)
        self.assertEqual(submission.reference, "LRE-0001")
        self.assertEqual(action.state, "done")

    def test_answers_that_mean_nothing_are_no_success(self):
        """HTML with status 200, no reference, a closed connection, a redirection."""
        for name, mood in enumerate(("html", "forgetful", "hangup", "elsewhere")):
            with self.subTest(mood):
                action = self._send_to(f"{mood}{name}")
                self._submit(mood)
                submission = self._get_submissions(action)
                self.assertEqual(submission.state, "sending")
                self.assertTrue(submission.last_error)
                self.assertEqual(action.state, "in_progress")
                submission._register_failure("x", is_way_left=False)

    def test_answer_that_repeats_itself_is_one_answer(self):
        action = self._send_to("Bleu")
        self._submit("list")
        self.assertEqual(self._get_submissions(action).reference, "LRE-0001")

    def test_reference_of_another_letter_is_not_taken(self):
        actions = self._send_to("Bleu", "Corail")
        self._submit("good", "mixed_up")
        states = self._get_submissions(actions).mapped("state")
        self.assertEqual(states, ["sent", "sending"])
        self._submit(hour=11)
        self.assertEqual(
            self._get_submissions(actions).mapped("reference"), ["LRE-0001", "LRE-0002"]
        )

    def test_refused_letter_takes_the_fallback(self):
        self._use_channel(
            "electronic_registered_letter", fallback_channel="registered_letter"
        )
        action = self._send_to("Bleu")
        self._submit("refusing")
        self.assertEqual(action.state, "scheduled")
        self.assertIn("refuses the message", action.delivery_ids[0].failure_reason)
        self._print(action)
        self.assertEqual(action.delivery_ids[-1].channel, "registered_letter")

    def test_wrong_key_ends_on_the_desk_with_what_to_do(self):
        action = self._send_to("Bleu")
        for hour in (10, 12, 14):
            self._submit("locked", hour=hour)
        self.assertEqual(action.state, "failed")
        self.assertIn("refuses the key", action.reason)
        self.assertNotIn("secret-7", action.reason)
        self.assertEqual(len(self.server.get_log()["requests"]), 3)

    def test_doubt_is_told_after_the_last_try(self):
        """Three time-outs: nobody knows whether the letter left, so it is sent no other
        way before a person has looked."""
        self._use_channel("electronic_registered_letter", fallback_channel="letter")
        action = self._send_to("Bleu")
        for hour in (10, 12, 14):
            self._submit("slow", hour=hour)
        self.assertEqual(action.state, "failed")
        key = self._get_submissions(action).key
        self.assertIn(f"look there for the reference {key}", action.reason)

    def test_crash_after_the_answer_sends_nothing_twice(self):
        """The provider has the letter, Odoo dies before it notes so."""
        action = self._send_to("Bleu")
        with patch.object(DunningSubmission, "_register_sent", side_effect=MemoryError):
            self._submit()
        self.assertEqual(self._get_submissions(action).state, "sending")
        self._submit(hour=11)
        self.assertEqual(action.state, "done")
        self.assertEqual(len(self.server.get_log()["letters"]), 1)

    def test_letter_in_other_hands_is_left_to_them(self):
        """SKIP LOCKED: another worker has it, this one takes the rest."""
        actions = self._send_to("Bleu", "Corail")
        first, second = self._get_submissions(actions)
        with self._held_by_another_worker(first):
            self._submit()
        self.assertEqual((first.state, second.state), ("queued", "sent"))

    def test_switched_off_company_hands_nothing_over(self):
        action = self._send_to("Bleu")
        self.company.dunning_is_live = False
        self._submit()
        self.assertFalse(self.server.get_log()["requests"])
        self.company.dunning_is_live = True
        self._submit()
        self.assertEqual(action.state, "done")

    def test_one_bad_letter_stops_no_other(self):
        actions = self._send_to("Bleu", "Corail", "Dune")
        self._submit("good", "refusing", "good")
        self.assertEqual(actions.mapped("state"), ["done", "failed", "done"])

    def test_paid_before_it_is_handed_over_leaves_no_more(self):
        action = self._send_to("Bleu")
        self._pay(action.line_ids.move_line_id, self.TODAY)
        self._submit()
        self.assertFalse(self.server.get_log()["requests"])
        self.assertEqual(self._get_submissions(action).state, "cancelled")

    def test_paid_while_it_is_handed_over_is_told(self):
        """The first try timed out, the customer paid, the provider had it: the chatter
        says that it left all the same."""
        action = self._send_to("Bleu")
        self._submit("slow")
        self._pay(action.line_ids.move_line_id, self.TODAY)
        self.assertEqual(action.state, "cancelled")
        self._submit(hour=11)
        self.assertEqual(action.state, "cancelled")
        self.assertIn("called back too late", action.partner_id.message_ids[0].body)

    # ---- results ---------------------------------------------------------------------

    def test_result_is_asked_for(self):
        action = self._send_to("Bleu")
        self._submit()
        self._poll()
        self.assertEqual(action.delivery_ids.postal_state, "deposited")
        accepted = {"state": "ACCEPTED", "date": "2026-03-06", "proof": "cHJvb2Y="}
        self._poll(hour=16, **{"LRE-0001": accepted})
        self.assertEqual(action.delivery_ids.postal_state, "delivered")
        self.assertEqual(action.delivery_ids.postal_date, day("03-06"))
        self.assertEqual(action.delivery_ids.receipt_id.raw, b"proof")
        count = len(self.server.get_log()["requests"])
        self._poll(hour=22, **{"LRE-0001": accepted})
        self.assertEqual(len(self.server.get_log()["requests"]), count)

    def test_results_that_make_no_sense_are_kept_as_errors(self):
        action = self._send_to("Bleu")
        self._submit()
        for hour, result in enumerate(
            (
                {"state": "ACCEPTED", "date": "2027-01-01"},
                {"state": "ACCEPTED", "date": "soon"},
                {"state": "ACCEPTED", "date": "2026-03-06", "proof": "?"},
            )
        ):
            with self.subTest(result):
                self._poll(hour=5 * (hour + 1), **{"LRE-0001": result})
                self.assertEqual(action.delivery_ids.postal_state, "deposited")
                self.assertTrue(self._get_submissions(action).last_error)

    def test_provider_that_could_not_deliver_sends_the_action_back(self):
        self._use_channel(
            "electronic_registered_letter", fallback_channel="registered_letter"
        )
        action = self._send_to("Bleu")
        self._submit()
        failed = {"state": "failed", "date": "2026-03-05", "reason": "no such mailbox"}
        self._poll(**{"LRE-0001": failed})
        self.assertEqual(action.state, "scheduled")
        self.assertIn("no such mailbox", action.delivery_ids[0].failure_reason)

    def test_not_claimed_after_fifteen_days(self):
        action = self._send_to("Bleu")
        self._submit()
        self._poll(when="03-20")
        self.assertEqual(action.delivery_ids.postal_state, "unclaimed")

    # ---- addresses -------------------------------------------------------------------

    def test_addresses_of_no_provider_are_refused(self):
        for url in (
            "ftp://lre.example.com",
            "file:///etc/passwd",
            "https://user:word@lre.example.com",
            "http://169.254.169.254/latest/meta-data",
            "http://0.0.0.0/",
            "http://[::ffff:169.254.169.254]/",
            "https://",
            "lre.example.com",
        ):
            with self.subTest(url), self.assertRaises(ValidationError):
                self.provider.url = url

    def test_name_that_leads_to_a_forbidden_address_is_not_asked(self):
        """The name is looked up when it is used: what it was once says nothing."""
        self.provider.url = "http://lre.example.com/letters"
        action = self._send_to("Bleu")
        found = [(2, 1, 6, "", ("169.254.169.254", 80))]
        with (
            self._on(self.TODAY),
            patch.object(provider_client.socket, "getaddrinfo", return_value=found),
        ):
            self._run(self.submit_job)
        self.assertIn("nobody at the address", self._get_submissions(action).last_error)
