from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .rights_world import MODULE, RightsWorld

STATEMENT = f"{MODULE}.statement_of_account"
OUR_RECORDS = ("dunning.", "account.move")
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

    # ---- other companies -------------------------------------------------------------

    def _get_named(self):
        """Return (model, field, record) for each field of ours by which a form may
        name a record of the company."""
        for name in sorted(self.env.registry):
            Model = self.env[name]
            if Model._abstract:
                continue
            for field in Model._fields.values():
                ours = name.startswith("dunning.") or field.name.startswith("dunning_")
                record = field.relational and self.samples.get(field.comodel_name)
                if ours and record and field.comodel_name.startswith(OUR_RECORDS):
                    yield name, field, record

    def _name_records(self, field, ids):
        if field.type == "many2one":
            return [ids[0], {"id": ids[0]}]
        lines = [[Command.LINK, ids[0], False]], [[Command.UPDATE, ids[0], {}]]
        return [[[Command.SET, 0, ids]], *lines]

    def _ask(self, Model, field, value):
        """Return all that a form would show once the value is chosen; None where it is
        refused."""
        spec = {
            name: {"fields": {"display_name": {}}} if other.relational else {}
            for name, other in Model._fields.items()
            if other.type not in ("many2one_reference", "binary")
            and Model._has_field_access(other, "read")
        }
        values = {field.name: value}
        try:
            with self.env.cr.savepoint():
                return Model.onchange(values, [field.name], spec)["value"]
        except (AccessError, UserError):
            return None

    def test_collector_elsewhere_names_records_in_a_form(self):
        """In each field of each form of ours, by each way of naming it: nothing comes
        back of a record that its reader may not read."""
        env = self._as("collector_elsewhere")
        asked = set()
        for model, field, record in self._get_named():
            hidden = env[record._name].browse(record.ids)
            if hidden.has_access("read") or not env[model].has_access("create"):
                continue
            if field.name in getattr(env[model], "_checked_otherwise", ()):
                continue
            asked.add((model, field.name))
            for value in self._name_records(field, hidden.ids):
                with self.subTest(model=model, field=field.name, value=value):
                    self.assertIsNone(self._ask(env[model], field, value))
        self.assertLessEqual(
            {
                ("dunning.delivery.deposit.line", "delivery_id"),
                ("dunning.dispute.claim", "move_line_id"),
                ("dunning.promise.claim", "move_line_id"),
                ("dunning.step.preview", "action_id"),
            },
            asked,
        )

    def test_collector_elsewhere_starts_a_form_from_a_record(self):
        """By what the address of a form says it starts from, and by a line in it."""
        env = self._as("collector_elsewhere")
        claim = self.samples["account.move.line"]
        lines = [Command.create({"move_line_id": claim.id})]
        spec = {"move_line_id": {}, "amount_residual": {}, "due_date": {}}
        claims = env["dunning.dispute.claim"]
        with self.assertRaises(AccessError):
            claims.with_context(default_move_line_id=claim.id).onchange({}, [], spec)
        disputes = env["dunning.dispute"]
        nested = {"claim_ids": {"fields": spec}}
        with self.assertRaises(AccessError):
            disputes.onchange({"claim_ids": lines}, ["claim_ids"], nested)
        with self.assertRaises(AccessError):
            disputes.with_context(default_claim_ids=lines).onchange({}, [], nested)
        for number in (str(claim.id), f" {claim.id}", float(claim.id), [claim.id]):
            named = {"dispute_id": {"claim_ids": [[Command.UPDATE, number, {}]]}}
            with self.subTest(number=number), self.assertRaises(UserError):
                claims.onchange(named, ["dispute_id"], spec)

    def test_collector_elsewhere_keeps_a_line_about_a_record(self):
        """The amount is not in the refusal either."""
        env = self._as("collector_elsewhere")
        foreign = self.samples["account.move.line"]
        whose = {"partner_id": self.customer.id, "company_id": self.elsewhere.id}
        line = {"move_line_id": foreign.id, "amount": 10**9}
        reason = self.samples["dunning.dispute.reason"]
        for model, values in (
            ("dunning.dispute.claim", line),
            ("dunning.promise.claim", line),
            ("dunning.legal.waiver", {"move_id": foreign.move_id.id, "reason": "x"}),
            (
                "dunning.dispute",
                {
                    **whose,
                    "reason_id": reason.id,
                    "claim_ids": [Command.create(line)],
                },
            ),
        ):
            with self.subTest(model=model):
                with self.assertRaises(UserError) as caught:
                    env[model].create(values)
                self.assertNotIn("777", str(caught.exception))

    def test_concerned_colleague_edits_the_form_of_a_dispute(self):
        """Its claims name journal items that they may not read: what stands there
        already is no question."""
        dispute = self.samples["dunning.dispute"]
        dispute.sudo().participant_ids = self.users["internal"]
        mine = dispute.with_env(self._as("internal"))
        claim = dispute.claim_ids
        self.assertFalse(claim.move_line_id.with_env(mine.env).has_access("read"))
        values = {
            "priority": "1",
            "claim_ids": [
                [Command.UPDATE, claim.id, {"move_line_id": claim.move_line_id.id}]
            ],
        }
        spec = {
            "priority": {},
            "amount": {},
            "claim_ids": {"fields": {"move_line_id": {}, "amount": {}}},
        }
        self.assertIn("value", mine.onchange(values, ["priority"], spec))
        mine.web_save({"priority": "1"}, spec)
        self.assertEqual(dispute.priority, "1")

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
