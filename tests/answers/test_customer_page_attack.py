import random
from datetime import timedelta
from unittest.mock import patch

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ...controllers import customer_page
from ..common import day
from .test_customer_page import BROWSER, PNG, PageCommon

FORMS = 1000
KINDS = (
    "promise",
    "paid",
    "not_received",
    "dispute",
    "confirm",
    "contact",
    "question",
    "accepted",
    "",
)
JUNK = (
    "",
    "0",
    "-1",
    "1e309",
    "9" * 40,
    "2026-02-31",
    "31/12/9999",
    "0001-01-01",
    "\0",
    "\ud83d",
    "é" * 3000,
    "<script>x()</script>",
    "{{ object.env }}",
    "%s%n",
    "' OR 1=1 --",
    "../../etc/passwd",
)
NAMES = (
    "kind",
    "token",
    "i",
    "day1",
    "day2",
    "amount1",
    "amount2",
    "paid_date",
    "means",
    "reference",
    "reason",
    "promise",
    "dispute_text",
    "dispute_amount",
    "question_text",
    "contact_name",
    "contact_email",
    "author",
    "show",
    "unknown",
)


@tagged("post_install", "-at_install")
class TestCustomerPageAttack(PageCommon):
    """Nobody gets in who should not, and nothing beyond the rules comes of what is
    sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        other = cls._create_customer("Boulangerie Dupré")
        cls.foreign = cls._create_claim(day("02-20"), 77.0, other)

    def _get_routes(self, path):
        return (
            path,
            f"{path}/statement.xlsx",
            f"{path}/invoice/{self.first.id}",
            f"{path}/code?i={self.first.id}",
            f"{path}/done/1",
        )

    def assertClosed(self, path):
        for route in self._get_routes(path):
            response = self.url_open(route, headers=BROWSER, allow_redirects=False)
            self.assertEqual(response.status_code, 404, route)
            self.assertNotIn(self.first.move_id.name, response.text, route)
        response = self.url_open(f"{path}/answer", data={"kind": "paid"})
        self.assertEqual(response.status_code, 404)
        self.assertFalse(self._get_last())

    def test_keys_that_open_nothing(self):
        with patch.object(customer_page, "MOST_FAILURES_OF_AN_ADDRESS", 10**6):
            for key in ("x" * 32, self.path[3:-1], f"{self.path[3:]}x", "%00", "é"):
                with self.subTest(key):
                    self.assertClosed(f"/f/{key}")

    def test_key_that_ended(self):
        delivery, customer = self.delivery.sudo(), self.customer
        for change in (
            lambda: delivery.write(
                {"performed_date": self.TODAY - timedelta(days=181)}
            ),
            lambda: delivery.write({"state": "cancelled"}),
            lambda: delivery.write({"key_hash": False}),
            lambda: customer.write({"active": False}),
        ):
            with self.env.cr.savepoint() as savepoint:
                change()
                self.env.flush_all()
                self.assertClosed(self.path)
                savepoint.rollback()
                self.env.invalidate_all()
        self.assertEqual(self.url_open(self.path).status_code, 200)

    def test_login_of_somebody_else_gives_no_more(self):
        """The key decides, and a colleague's visit is none of the customer's."""
        new_test_user(self.env, "stranger", "base.group_portal")
        for login in ("stranger", self.collector.login):
            self.authenticate(login, login)
            self.assertEqual(self.url_open(self.path, headers=BROWSER).status_code, 200)
            response = self.url_open(
                f"{self.path}/invoice/{self.foreign.id}", headers=BROWSER
            )
            self.assertEqual(response.status_code, 404)
        self.assertFalse(self.delivery.followed_count)

    def test_looking_changes_nothing(self):
        before = self._count_rows()
        for route in self._get_routes(self.path):
            self.url_open(route, headers={"User-Agent": "Googlebot/2.1"})
            self.url_open(route, headers=BROWSER, method="HEAD")
        self.assertEqual(self._count_rows(), before)
        self.assertFalse(self.delivery.followed_count)

    def test_request_that_is_too_large(self):
        files = {"files": ("a.png", PNG + b"x" * 6 * 1024 * 1024)}
        response = self._answer("question", question_text="Big?", files=files)
        self.assertIn(response.status_code, (413, 422))
        self.assertFalse(self._get_last())

    def _count_rows(self):
        return [
            self.env[name].sudo().search_count([])
            for name in (
                "dunning.declaration",
                "dunning.promise",
                "dunning.dispute",
                "mail.message",
                "mail.mail",
                "ir.attachment",
            )
        ]

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_http")
    def test_hostile_forms(self):
        """A thousand forms of junk, one in two with a good token: no error, and no
        claim of others is ever concerned."""
        chance = random.Random(20260304)
        page = self._open()
        good = dict(self._get_sent(page))
        reasons = self.declarations._get_reasons(self.company).ids
        texts = (*JUNK, *map(str, (self.first.id, self.foreign.id, *reasons)))
        limits = {
            "MOST_FORMS_BY_A_KEY": 10**6,
            "MOST_FORMS_OF_A_NETWORK": 10**6,
            "MOST_VISITS_BY_A_KEY": 10**6,
        }
        with patch.multiple(customer_page, **limits):
            for number in range(FORMS):
                sent = {
                    name: chance.choice(texts)
                    for name in chance.sample(NAMES, chance.randint(0, 8))
                }
                sent["kind"] = chance.choice((*KINDS, chance.choice(texts)))
                if chance.random() < 0.5:
                    sent["token"] = good["token"]
                sent = {
                    name: text.encode("utf-8", "surrogatepass")
                    for name, text in sent.items()
                }
                response = self.opener.post(
                    f"{self.base_url()}{self.path}/answer",
                    data=sent,
                    headers=BROWSER,
                    allow_redirects=False,
                    timeout=30,
                )
                self.assertIn(
                    response.status_code, (200, 303, 400, 422), f"form {number}: {sent}"
                )
        self.env.invalidate_all()
        made = self.declarations.search([])
        self.assertLessEqual(len(made), 1, "a token counts once")
        self.assertFalse(
            made.line_ids.filtered(lambda line: line.move_line_id == self.foreign)
        )
