import logging
import random
import re
from types import SimpleNamespace
from unittest.mock import patch
from urllib.parse import quote

from odoo.tests import HttpCase, new_test_user, tagged

from ...controllers import customer_page
from ...models.message.link import key_log
from ...models.message.link.dunning_page_attempt import WINDOW
from ..delivery.common import DeliveryCommon

CALLS = 500
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
# What strangers write where a number, a key, a word or a choice is expected.
HOSTILE = (
    "",
    "0",
    "-1",
    "1e9",
    "9" * 30,
    "1" * 5000,
    "²",
    "٣",
    "NaN",
    "\0",
    "a\0b",
    "é",
    "\ud7ff\U0001f600",
    "%",
    "%ff%fe",
    "../../etc/passwd",
    "..%2f..%2f",
    "' OR 1=1 --",
    '"; DROP TABLE res_partner; --',
    "{{ 7 * 7 }}",
    "${7*7}",
    "<script>alert(1)</script>",
    "a" * 3000,
    "line\r\nSet-Cookie: x=y",
    "[]",
    "{}",
    "None",
    "true",
    "self",
)
NAMES = (
    "rate",
    "feedback",
    "channel",
    "download",
    "action_id",
    "token",
    "self",
    "lang",
)
METHODS = ("GET", "GET", "GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "TRACE")


class CustomerPagesCommon(DeliveryCommon, HttpCase):
    """A customer with the link of an interactive e-mail and that of a thank-you."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._use_channel("interactive_email")
        cls.delivery = cls._remind().delivery_ids
        body = cls.delivery.sudo().mail_mail_id.body_html
        cls.page = re.search(r"/f/[\w-]{32}", body).group()
        cls.action = cls.delivery.action_id
        cls.key = cls.action._rating_get_access_token()
        cls.ratings = (f"/rate/{cls.key}/4", f"/rate/{cls.key}/submit_feedback")
        cls.pages = (cls.page, *cls.ratings)


@tagged("post_install", "-at_install")
class TestCustomerPages(CustomerPagesCommon):
    """The pages of customers: kept by nobody, shown in no frame, not to be guessed."""

    def test_no_one_keeps_frames_or_finds_a_page(self):
        wrong = (f"{self.page}x", "/rate/unknown/5", "/rate/unknown/submit_feedback")
        for path in (*self.pages, *wrong):
            with self.subTest(path=path):
                headers = self.url_open(path, headers=BROWSER).headers
                self.assertEqual(headers["Cache-Control"], "no-store")
                self.assertEqual(headers["Referrer-Policy"], "no-referrer")
                self.assertIn("noindex", headers["X-Robots-Tag"])
                self.assertEqual(headers["X-Frame-Options"], "DENY")
                policy = headers["Content-Security-Policy"]
                self.assertIn("frame-ancestors 'none'", policy)

    def test_what_colleagues_see_is_not_kept_either(self):
        self.authenticate(self.collector.login, self.collector.login)
        scenario = f"/account_dunning_scenario/scenario/{self.scenario.id}"
        preview = (
            f"/account_dunning_scenario/preview?channel=letter"
            f"&company_id={self.company.id}&action_id={self.action.id}"
        )
        for path in (scenario, preview):
            headers = self.url_open(path).headers
            self.assertEqual(headers["Cache-Control"], "no-store", path)
            self.assertIn("frame-ancestors", headers["Content-Security-Policy"])

    def test_who_guesses_is_stopped(self):
        """Even the right key is of no use to an address that guessed for a while."""
        with patch.object(customer_page, "MOST_FAILURES_OF_AN_ADDRESS", 4):
            for number in range(4):
                guess = self.url_open(f"/f/guess{number + 1}")
                self.assertEqual(guess.status_code, 404)
            for path in self.pages:
                answer = self.url_open(path)
                self.assertEqual(answer.status_code, 429)
                self.assertTrue(answer.headers["Retry-After"])
                self.assertIn("Too many attempts", answer.text)
                self.assertNotIn(self.customer.name, answer.text)

    def test_guesses_are_forgiven_after_a_while(self):
        with patch.object(customer_page, "MOST_FAILURES_OF_AN_ADDRESS", 1):
            self.url_open("/rate/guess/1")
            self.assertEqual(self.url_open(self.page).status_code, 429)
            attempts = self.env["dunning.page.attempt"].sudo().search([])
            attempts.started_at -= WINDOW
            self.assertEqual(self.url_open(self.page).status_code, 200)

    def test_a_key_is_not_used_without_end(self):
        with patch.object(customer_page, "MOST_VISITS_BY_A_KEY", 2):
            for path in (self.page, self.ratings[0]):
                answers = [self.url_open(path).status_code for _visit in range(3)]
                self.assertEqual(answers, [200, 200, 429])

    def test_attempts_tell_nothing_and_take_no_room(self):
        for number in range(3):
            self.url_open(f"/f/guess{number}")
        (attempt,) = self.env["dunning.page.attempt"].sudo().search([])
        self.assertEqual(attempt.count, 3)
        columns = set(attempt._fields) - {"id", "display_name"}
        self.assertEqual(columns, {"bucket", "started_at", "count"})
        self.assertLess(attempt.bucket, 2**16)

    def test_a_network_of_addresses_counts_as_one(self):
        """One line to the Internet has 2**64 addresses of the sixth version."""
        subjects = set()
        for address in ("2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1"):
            visitor = SimpleNamespace(httprequest=SimpleNamespace(remote_addr=address))
            with patch.object(customer_page, "request", visitor):
                subjects.add(customer_page._get_address())
        self.assertEqual(len(subjects), 2)

    # ---- whose visit counts ----------------------------------------------------------

    def test_another_customers_login_does_not_count(self):
        """The customer forwarded the message; its reader has a login of their own."""
        new_test_user(self.env, "stranger", "base.group_portal")
        self.authenticate("stranger", "stranger")
        self.assertEqual(self.url_open(self.page, headers=BROWSER).status_code, 200)
        self.assertFalse(self.delivery.followed_count)

    def test_only_looking_counts(self):
        for method in ("OPTIONS", "HEAD", "POST"):
            self.url_open(self.page, method=method, headers=BROWSER)
        self.assertFalse(self.delivery.followed_count)

    def test_key_stands_in_no_log(self):
        """The server writes the address of each request into its log."""
        key = self.page.removeprefix("/f/")
        for name in key_log.LOGGERS:
            (hides,) = (
                known
                for known in logging.getLogger(name).filters
                if isinstance(known, key_log.HideKeys)
            )
            for line, written in (
                (f"GET /f/{key}/done/3 HTTP/1.1", "::1 - GET /f/xxx/done/3 HTTP/1.1"),
                ("GET /my/invoices", "::1 - GET /my/invoices"),
            ):
                record = logging.LogRecord(
                    name, logging.INFO, "", 0, "%s - %s", ("::1", line), None
                )
                self.assertTrue(hides.filter(record))
                self.assertEqual(record.getMessage(), written)

    def test_a_dead_link_speaks_the_visitors_language(self):
        texts = {
            lang: self.url_open(f"{self.page}x", headers={"Accept-Language": lang}).text
            for lang in ("fr-FR,fr;q=0.9", "fr-CA", "en", "xx-YY", "*")
        }
        self.assertIn('lang="fr-FR"', texts["fr-FR,fr;q=0.9"])
        self.assertIn('lang="fr-FR"', texts["fr-CA"])
        for lang in ("en", "xx-YY", "*"):
            self.assertIn("This link is no longer valid", texts[lang])


@tagged("post_install", "-at_install")
class TestHostileCalls(CustomerPagesCommon):
    """Whatever is asked of a route of ours, it answers; never with an error of the
    server, never with figures to who has no right to them."""

    def _call(self, chance, path):
        """Make a hostile call of a path, and return the answer."""
        names = chance.sample(NAMES, chance.randrange(4))
        words = {name: chance.choice(HOSTILE) for name in names}
        headers = {
            "User-Agent": chance.choice(("", "curl/8", BROWSER["User-Agent"])),
            "Accept-Language": chance.choice(("fr", "xx", "é", "a" * 300)).encode(),
            "X-Forwarded-For": chance.choice(("", "::1", "not an address")),
        }
        method = chance.choice(METHODS)
        data = words if method in ("POST", "PUT") and chance.random() < 0.5 else None
        files = {"feedback": b"\0"} if method == "POST" and not data else None
        return self.url_open(
            path,
            params=None if data else words,
            data=data,
            files=files,
            headers=headers,
            method=method,
            allow_redirects=False,
        )

    def _attack(self, make_path, *, seed):
        """Make hostile calls of paths that a function of a chance makes."""
        chance = random.Random(seed)
        limit = patch.object(customer_page, "MOST_FAILURES_OF_AN_ADDRESS", CALLS * 2)
        wear = patch.object(customer_page, "MOST_VISITS_BY_A_KEY", CALLS * 2)
        with limit, wear:
            for number in range(CALLS):
                path = make_path(chance)
                answer = self._call(chance, path)
                where = f"call {number} of seed {seed}: {path[:200]}"
                self.assertLess(answer.status_code, 500, where)
                yield path, answer

    def _segment(self, chance, *right):
        return quote(chance.choice((*HOSTILE[1:], *right)), safe="%./")

    def test_calls_of_the_follow_up_page(self):
        token = self.page.removeprefix("/f/")

        def make_path(chance):
            return f"/f/{self._segment(chance, token, token)}"

        for path, answer in self._attack(make_path, seed=1):
            if path != self.page and answer.status_code != 303:
                self.assertNotIn(self.customer.name, answer.text, path)

    def test_calls_of_the_pages_to_rate(self):
        def make_path(chance):
            key = self._segment(chance, *[self.key] * 10)
            end = chance.choice(("submit_feedback", self._segment(chance, "3")))
            return f"/rate/{key}/{end}"

        for path, answer in self._attack(make_path, seed=2):
            if self.key not in path:
                self.assertNotIn("How satisfied are you", answer.text, path)
        self.assertFalse(self.action.satisfaction, "no call had a csrf token")

    def test_calls_of_the_preview(self):
        self.authenticate(self.collector.login, self.collector.login)

        def make_path(chance):
            names = ("company_id", "action_id", "step_id", "partner_id", "channel")
            words = (*HOSTILE, "letter", "email", str(self.action.id))
            query = "&".join(
                f"{name}={quote(chance.choice(words))}"
                for name in chance.sample(names, chance.randrange(len(names) + 1))
            )
            return f"/account_dunning_scenario/preview?{query}"

        for _path, answer in self._attack(make_path, seed=3):
            self.assertNotIn("Traceback", answer.text)

    def test_calls_of_the_scenario_file(self):
        self.authenticate(self.collector.login, self.collector.login)

        def make_path(chance):
            number = self._segment(chance, str(self.scenario.id))
            return f"/account_dunning_scenario/scenario/{number}"

        for _path, answer in self._attack(make_path, seed=4):
            self.assertNotIn("Traceback", answer.text)
