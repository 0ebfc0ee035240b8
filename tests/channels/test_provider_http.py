from unittest.mock import patch

from freezegun import api as clock

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tests.common import _super_send
from odoo.tools import mute_logger

from ...models.channels.provider import provider_client
from ...models.channels.provider.dunning_submission import DunningSubmission
from ...models.channels.provider.dunning_submission_submit import (
    DunningSubmission as DunningSubmissionSubmit,
)
from ..common import day
from ..processes.process_provider import ProviderProcess
from .lre_common import LreCommon

DELIVERY_JOB = "account_dunning_scenario.ir_cron_deliver_actions"
SUBMIT = (
    "odoo.addons.account_dunning_scenario.models.channels.provider"
    ".dunning_submission_submit"
)


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

    def test_key_that_the_provider_repeats_is_hidden(self):
        """Whole, or cut off where what it says is shortened."""
        action = self._send_to("Bleu")
        self._submit("echo")
        submission = self._get_submissions(action)
        self.assertIn("refuses the key", submission.last_error)
        self.assertNotIn("secret-7", submission.last_error)
        self.assertEqual(submission._hide_key("Bearer secret"), "Bearer •••")

    def test_paid_after_a_wrong_key_sends_nothing_once_it_is_mended(self):
        """The provider surely has nothing: the letter can still be called back."""
        action = self._send_to("Bleu")
        self._submit("locked")
        submission = self._get_submissions(action)
        self.assertEqual((submission.state, submission.attempt_count), ("queued", 1))
        self._pay(action.line_ids.move_line_id, self.TODAY)
        self._submit(hour=12)
        self.assertFalse(self.server.get_log()["letters"])
        self.assertEqual(submission.state, "cancelled")

    def test_doubt_of_an_earlier_try_is_not_forgotten(self):
        """No answer, then a refusal: the letter may have left the first time, so it
        takes no other way before a person has looked."""
        self._use_channel("electronic_registered_letter", fallback_channel="letter")
        action = self._send_to("Bleu")
        self._submit("slow")
        self._submit("refusing", hour=11)
        self.assertEqual(action.state, "failed")
        self.assertIn("It may have accepted the message", action.reason)

    def test_letter_that_exists_already_is_no_refusal(self):
        self._use_channel("electronic_registered_letter", fallback_channel="letter")
        action = self._send_to("Bleu")
        self._submit("taken")
        self.assertEqual(action.state, "in_progress")
        self.assertTrue(self._get_submissions(action).is_in_doubt)

    def test_answer_that_drips_is_broken_off(self):
        """A byte now and then is never silent for a second, and never ends."""
        self.server.steer(moods=["dripping"])
        url, headers = f"{self.server.url}/letters", {"Idempotency-Key": "drop"}
        with (
            patch.object(provider_client, "monotonic", clock.real_monotonic),
            self.assertRaisesRegex(provider_client.ProviderError, "slow") as caught,
        ):
            provider_client.call("POST", url, headers, 1, {}, ["127.0.0.1"])
        self.assertTrue(caught.exception.is_in_doubt)

    def test_error_of_our_own_ends_on_the_desk(self):
        """It counts as a try, before the provider is asked and after."""
        action = self._send_to("Bleu")
        for hour in (10, 12, 14):
            with patch.object(
                DunningSubmissionSubmit, "_prepare_payload", side_effect=KeyError
            ):
                self._submit(hour=hour)
        self.assertEqual(action.state, "failed")
        self.assertIn("could not be prepared", action.reason)
        self.assertFalse(self.server.get_log()["requests"])

    def test_letter_that_cannot_be_printed_stops_no_other(self):
        actions = self._send_to("Bleu", "Corail")
        first = self._get_submissions(actions)[0]
        # sudo: no user removes a letter that was made
        actions.delivery_ids.attachment_id.sudo().unlink()
        channel = self.env.registry["dunning.channel.electronic_registered_letter"]
        print_one, reason = channel._print, "no street"

        def print_but_first(model, deliveries, texts=None):
            if first.delivery_id in deliveries:
                raise UserError(reason)
            return print_one(model, deliveries, texts)

        with patch.object(channel, "_print", print_but_first):
            self._submit()
        self.assertEqual(actions.mapped("state"), ["failed", "done"])
        self.assertIn("cannot be printed", actions[0].reason)
        self.assertIn(reason, actions[0].reason)

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
                {"state": "ACCEPTED", "date": 1772755200},
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

    def test_undelivered_letter_is_not_sent_to_the_same_mailbox_again(self):
        """No fallback: the desk. Otherwise it would leave every four hours."""
        action = self._send_to("Bleu")
        self._submit()
        self._poll(**{"LRE-0001": {"state": "failed", "date": "2026-03-05"}})
        self.assertEqual(action.state, "failed")
        with self._on(day("03-07")):
            self._run(self.env.ref(DELIVERY_JOB).sudo())
        self._submit(when="03-07")
        self.assertEqual(len(action.delivery_ids), 1)
        self.assertEqual(len(self.server.get_log()["letters"]), 1)

    def test_result_of_another_letter_is_not_noted(self):
        action = self._send_to("Bleu")
        self._submit()
        result = {"state": "ACCEPTED", "date": "2026-03-06", "id": "LRE-0002"}
        self._poll(**{"LRE-0001": result})
        self.assertEqual(action.delivery_ids.postal_state, "deposited")
        self.assertIn("LRE-0002", self._get_submissions(action).last_error)
        self._poll(hour=16, **{"LRE-0001": {**result, "id": "LRE-0001"}})
        self.assertEqual(action.delivery_ids.postal_state, "delivered")

    def test_reference_is_quoted_in_the_address(self):
        action = self._send_to("Bleu")
        self._submit()
        self._get_submissions(action).reference = "a/b?c"
        self._poll()
        path = self.server.get_log()["requests"][-1]["path"]
        self.assertEqual(path, "/letters/a%2Fb%3Fc")

    def test_not_claimed_after_fifteen_days(self):
        action = self._send_to("Bleu")
        self._submit()
        self._poll(when="03-20")
        self.assertEqual(action.delivery_ids.postal_state, "unclaimed")

    def test_silence_of_the_provider_is_no_result(self):
        """It is out of order on the day after the last one: it may know better."""
        action = self._send_to("Bleu")
        self._submit()
        self.server.steer(moods=["broken"])
        self._poll(when="03-20")
        self.assertEqual(action.delivery_ids.postal_state, "deposited")
        self._poll(when="03-20", hour=16)
        self.assertEqual(action.delivery_ids.postal_state, "unclaimed")

    def test_notice_before_the_letter_was_handed_over_is_refused(self):
        action = self._send_to("Bleu")
        self._submit()
        self._poll(**{"LRE-0001": {"state": "pending", "notice_date": "2026-01-01"}})
        submission = self._get_submissions(action)
        self.assertEqual(submission.notice_date, day("03-04"))
        self.assertIn("2026-01-01", submission.last_error)

    # ---- set-up ----------------------------------------------------------------------

    def test_key_is_trimmed_and_of_plain_letters(self):
        self.provider.api_key = " secret-8\n"
        self.assertEqual(self.provider.api_key, "secret-8")
        for key in ("a\nb", "clé", "k–1"):
            with self.subTest(key), self.assertRaises(ValidationError):
                self.provider.api_key = key

    def test_key_is_in_no_header_of_the_connection(self):
        for name in (
            "Host",
            "host",
            "Content-Length",
            "Transfer-Encoding",
            "Proxy-Authorization",
            "X-Forwarded-Host",
            "Idempotency-Key",
        ):
            with self.subTest(name), self.assertRaises(ValidationError):
                self.provider.key_header = name
        self.provider.key_header = "X-Api-Key"

    def test_field_is_no_value_and_level_at_once(self):
        with self.assertRaisesRegex(ValidationError, "at once"):
            self.provider.field_ids = [
                (
                    0,
                    0,
                    {"direction": "request", "name": "text", "external": "recipient"},
                )
            ]

    def test_field_has_a_name(self):
        """It is one line, short, in a few levels: it becomes JSON as it stands."""
        for name in ("a\nb", "a..b", "x" * 300, ".".join("a" * 20), " "):
            values = {"direction": "request", "name": "text", "external": name}
            with (
                self.subTest(name=name[:20]),
                self.assertRaisesRegex(ValidationError, "not a field name"),
                self.env.cr.savepoint(),
            ):
                self.provider.field_ids = [(0, 0, values)]

    # ---- addresses -------------------------------------------------------------------

    def test_addresses_of_no_provider_are_refused(self):
        for url in (
            "ftp://lre.example.com",
            "file:///etc/passwd",
            "https://user:word@lre.example.com",
            "http://lre.example.com",
            "https://169.254.169.254/latest/meta-data",
            "https://[::ffff:169.254.169.254]/",
            "https://[fd00:ec2::254]/",
            "https://100.100.100.200/",
            "https://0.0.0.0/",
            "https://10.0.0.7/",
            "https://[::1]/",
            "https://",
            "lre.example.com",
        ):
            with self.subTest(url), self.assertRaises(ValidationError):
                self.provider.url = url

    def test_answer_of_the_provider_never_names_the_host(self):
        for url in (
            "https://8.8.8.{reference}/letters",
            "https://{reference}.example.com/letters",
            "https://lre.example.com{reference}",
            "https://lre.example.com:{reference}/letters",
        ):
            with self.subTest(url), self.assertRaises(ValidationError):
                self.provider.status_url = url
        self.provider.status_url = "https://lre.example.com/letters?id={reference}"

    def test_name_that_leads_to_a_forbidden_address_is_not_asked(self):
        """The name is looked up when it is used: what it was once says nothing."""
        self.provider.url = "https://lre.example.com/letters"
        action = self._send_to("Bleu")
        found = [(2, 1, 6, "", ("169.254.169.254", 80))]
        with (
            self._on(self.TODAY),
            patch.object(provider_client.socket, "getaddrinfo", return_value=found),
        ):
            self._run(self.submit_job)
        self.assertIn(
            "no service at the address", self._get_submissions(action).last_error
        )
