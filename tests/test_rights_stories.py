from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .rights_world import MODULE, RightsWorld

STATEMENT = f"{MODULE}.statement_of_account"
AMOUNTS = ["dunning_gap_amount", "dunning_gap", "dunning_gap_reason"]


@tagged("post_install", "-at_install")
class TestRightsStories(RightsWorld, HttpCase):
    """What people try who have no business with a customer's debts, and what those
    who do must still be able to do."""

    def setUp(self):
        super().setUp()
        self._start_stubs()
        self.env.flush_all()

    def _open(self, role, address):
        login = self.users[role].login
        self.authenticate(login, login)
        return self.url_open(address, allow_redirects=False)

    # ---- colleagues ------------------------------------------------------------------

    def test_colleague_prints_the_statement_of_a_stranger(self):
        """Lena, of the workshop, types the address of a report: each way is refused,
        and the number of the invoice is not in the answer."""
        for way in ("html", "pdf", "text"):
            for report in (STATEMENT, f"{MODULE}.ledger_extract"):
                with self.subTest(way=way, report=report):
                    page = self._open(
                        "internal", f"/report/{way}/{report}/{self.customer.id}"
                    )
                    self.assertNotEqual(page.status_code, 200)
                    self.assertNotIn(self.claim.move_id.name, page.text)

    def test_colleague_in_another_company_switched_on_by_address(self):
        """The company of the request is none of hers."""
        page = self._open(
            "collector_elsewhere",
            f"/report/html/{STATEMENT}/{self.customer.id}"
            f'?context={{"allowed_company_ids":[{self.company.id}]}}',
        )
        self.assertNotIn(self.claim.move_id.name, page.text)

    def test_colleague_lists_who_owes_most(self):
        """She reads and searches: no amount, and nobody is found by one."""
        customers = self._as("internal")["res.partner"]
        rows = customers.search_read([("customer_rank", ">", 0)], AMOUNTS)
        self.assertFalse([row for row in rows if any(row[name] for name in AMOUNTS)])
        self.assertFalse(customers.search([("dunning_gap", "!=", False)]))
        self.assertFalse(
            customers.search([("dunning_gap", "in", ["stop", "insolvent"])])
        )

    def test_colleague_asks_who_pays_as_they_should(self):
        """The answer is the same for a customer in debt as for one who is not."""
        customers = self._as("internal")["res.partner"]
        found = customers.search([("dunning_gap", "=", False)])
        self.assertIn(self.customer.id, found.ids)

    def test_colleague_reads_a_settlement(self):
        for model in ("waiver", "agreement", "charge"):
            with self.subTest(model=model):
                records = self._as("internal")[f"dunning.legal.{model}"]
                self.assertFalse(records.search([]))
                seen = self._as("salesperson")[f"dunning.legal.{model}"].search([])
                self.assertEqual(seen.ids, self.samples[seen._name].ids)

    def test_colleague_reads_a_dialog_under_way(self):
        """What Camille types about a customer is hers until she saves it."""
        dialog = self._open_dialog("dunning.entry", self._as("collector"))
        low = self._as("internal")["dunning.entry"]
        self.assertFalse(low.search([]))
        with self.assertRaises(AccessError):
            low.browse(dialog.id).read(["note", "partner_id"])

    # ---- customers -------------------------------------------------------------------

    def test_customer_reads_what_is_noted_about_them(self):
        """The portal lets customers read their own contact and invoices: not why they
        are in stop, nor until when they can be sued."""
        env = self._as("portal_own")
        hidden = {
            "res.partner": ["dunning_stop_reason", "dunning_segment_id"],
            "account.move": ["dunning_scenario_id", "dunning_nonpayment_ids"],
            "account.move.line": ["dunning_limitation_date", "dunning_cycle"],
            "res.company": ["dunning_promise_tolerance"],
        }
        for model, names in hidden.items():
            record = env[model].browse(self.samples[model].ids)
            self.assertTrue(record.read(["display_name"]))
            for name in names:
                with self.subTest(model=model, field=name):
                    with self.assertRaises(AccessError):
                        record.read([name])
                    with self.assertRaises(AccessError):
                        record.search([(name, "!=", False)])

    # ---- accountants -----------------------------------------------------------------

    def test_accountant_votes_as_the_customer(self):
        """Ratings are read; the key of their link is not, whichever way."""
        rating = self._as("accountant")["rating.rating"].browse(
            self.samples["rating.rating"].id
        )
        self.assertTrue(rating.read(["rating"]))
        key = self.samples["rating.rating"].access_token
        with self.assertRaises(AccessError):
            rating.read(["access_token"])
        with self.assertRaises(AccessError):
            rating.search([("access_token", "=like", f"{key[:4]}%")])
        with self.assertRaises(AccessError):
            self.action.with_env(rating.env).rating_apply(5, token=key)

    def test_right_is_asked_before_anything_else(self):
        """Who may not press a button is told so, whatever else is missing."""
        env = self._as("accountant")
        for model, method in (
            ("dunning.action", "action_merge"),
            ("dunning.dispatch", "action_retry"),
            ("dunning.promise", "action_confirm_by_email"),
        ):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(env[model].browse(self.samples[model].ids), method)()

    # ---- salespeople -----------------------------------------------------------------

    def test_salesperson_takes_the_statement_along(self):
        page = self._open("salesperson", f"/report/html/{STATEMENT}/{self.customer.id}")
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.claim.move_id.name, page.text)
        other = self._open("salesperson", f"/report/html/{STATEMENT}/{self.borel.id}")
        self.assertNotEqual(other.status_code, 200)

    def test_salesperson_sees_what_their_customers_owe(self):
        self._create_late_claim(self.borel)
        env = self._as("salesperson")
        own = env["res.partner"].browse(self.customer.id)
        self.assertTrue(own.dunning_gap_amount)
        self.assertFalse(env["res.partner"].browse(self.borel.id).dunning_gap_amount)
        found = env["res.partner"].search([("dunning_gap", "!=", False)])
        self.assertLessEqual(set(found.ids), {self.customer.id})
