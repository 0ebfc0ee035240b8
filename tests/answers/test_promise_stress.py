from contextlib import contextmanager

from psycopg2 import errors

from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, freeze_time, tagged
from odoo.tools import mute_logger

from ..common import day
from .test_promise import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromiseStress(PromiseCommon):
    """The ledger moves while a promise runs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_claim(day("02-20"), 100)
        cls.invoice = cls.claim.move_id
        cls.promise = cls._promise(100, day("03-12"), cls.claim)

    def _split(self, invoice, *days):
        """Give an invoice other terms: equal instalments, so many days after it."""
        lines = [
            Command.create(
                {
                    "value": "percent",
                    "value_amount": 100 / len(days),
                    "nb_days": number,
                }
            )
            for number in days
        ]
        invoice.button_draft()
        invoice.invoice_payment_term_id = self.env["account.payment.term"].create(
            {"name": "Other terms", "line_ids": lines}
        )
        invoice.action_post()
        return self._get_claims(invoice)

    def _get_shares(self):
        return {part.move_line_id: part.share for part in self.promise.claim_ids}

    def test_customer_becomes_a_contact_of_another(self):
        """Azur was a person; it is now the contact of the group that pays for it: the
        group gave its word, its history too goes on there."""
        self.customer.is_company = False
        late = self._create_claim(day("02-20"), 50)
        action = self._plan()
        group = self._create_customer("Groupe Azur")
        self.customer.parent_id = group
        self.assertEqual(self.promise.partner_id, group)
        self.assertEqual(
            (action.partner_id, action.line_ids.partner_id), (group, group)
        )
        self.assertEqual(self._get_failed(self.claim), {"held"})
        self.assertEqual(action.line_ids.move_line_id, late)

    def test_whatever_is_the_customers_goes_along(self):
        """Each record that a customer must have is told to follow it."""
        # An agency and a committee have one customer, a statement went to an address.
        stay = {
            "dunning.committee.case",
            "dunning.handover",
            "dunning.statement.sending",
        }
        owned = {
            name
            for name, model in self.env.registry.items()
            if name.startswith("dunning.")
            and not model._abstract
            and model._auto
            and not model._transient
            and (field := model._fields.get("partner_id"))
            and field.store
            and field.required
        }
        following = self.customer._get_dunning_customer_models()
        self.assertEqual(owned - stay, set(following))

    def test_promise_in_another_currency(self):
        """Dollars promised on an invoice in euros count at the rate of the day."""
        dollar = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        claim = self._create_claim(day("02-20"), 100)
        promise = self._promise(50, day("03-10"), claim, currency_id=dollar.id)
        self.assertEqual(promise.claim_ids.amount, 100)
        self._pay(claim, day("03-09"))
        self.assertEqual(promise.state, "kept")
        self.assertEqual(promise.amount_paid, 50)

    def test_invoice_edited_while_promised(self):
        """Back to draft and posted again: the promise follows the new line."""
        self.invoice.button_draft()
        self.invoice.invoice_line_ids.unlink()
        self.invoice.invoice_line_ids = [
            self._prepare_invoice_line(price_unit=100.0, tax_ids=[])
        ]
        self.invoice.action_post()
        (new,) = self._get_claims(self.invoice)
        self.assertEqual(self.promise.claim_ids.move_line_id, new)
        self.assertNotDue(new, "held", "net")

    def test_part_stays_promised_when_the_invoice_is_corrected(self):
        """50 of 100 are promised, the invoice becomes one of 80: 30 are asked for."""
        claim = self._create_claim(day("02-20"), 100)
        self._promise(50, day("03-10"), claim)
        invoice = claim.move_id
        invoice.button_draft()
        invoice.invoice_line_ids.unlink()
        invoice.invoice_line_ids = [
            self._prepare_invoice_line(price_unit=80.0, tax_ids=[])
        ]
        invoice.action_post()
        lines = self._plan().line_ids
        (claim,) = self._get_claims(invoice)
        asked = lines.filtered(lambda line: line.move_line_id == claim)
        self.assertEqual(asked.amount_chased, 30)

    def test_promise_above_the_claim_in_another_currency(self):
        """What is too much in dollars is refused in dollars."""
        dollar = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        claim = self._create_claim(day("02-20"), 100)
        with self.assertRaisesRegex(ValidationError, "owes .*50.00"):
            self._promise(60, day("03-10"), claim, currency_id=dollar.id)

    def test_split_while_promised(self):
        """The accountant agrees on two instalments: both are promised, neither is
        asked for."""
        first, second = self._split(self.invoice, 0, 8)
        self.assertEqual(self._get_shares(), {first: 50, second: 50})
        self.assertNotDue(first, "held", "net")
        self.assertNotDue(second, "held", "net")

    def test_instalments_joined_while_promised(self):
        """Two instalments become one again: all of it stays promised."""
        self._split(self.invoice, 0, 8)
        (only,) = self._split(self.invoice, 8)
        self.assertEqual(self._get_shares(), {only: 100})
        self.assertNotDue(only, "held", "net")

    def test_promises_of_two_instalments_that_become_one(self):
        """The invoice can be posted; one of the two promises stands for it."""
        first, second = self._create_instalments(day("01-20"), 10, 20, amount=200)
        promises = self._promise(100, day("03-12"), first)
        promises |= self._promise(100, day("03-14"), second)
        (only,) = self._split(first.move_id, 8)
        self.assertEqual(promises.claim_ids.move_line_id, only)
        self.assertEqual(len(promises.claim_ids), 1)
        self._judge(day("03-20"))
        self.assertEqual(set(promises.mapped("state")), {"cancelled", "broken"})

    def test_edited_without_change_leaves_the_promise_where_it_is(self):
        """Only the second instalment is promised; a new reference moves nothing."""
        first, second = self._create_instalments(day("01-20"), 10, 20, amount=200)
        promise = self._promise(100, day("03-12"), second)
        invoice = first.move_id
        invoice.button_draft()
        invoice.ref = "Order 12"
        invoice.action_post()
        (_first, second) = self._get_claims(invoice)
        self.assertEqual(promise.claim_ids.move_line_id, second)
        self.assertEqual(promise.claim_ids.share, 100)

    def test_draft_while_promised_is_not_broken(self):
        """The invoice is being corrected on the day: nobody broke their word; once it
        is posted again, the promise is judged."""
        self.invoice.button_draft()
        self._judge(day("03-16"))
        self.assertEqual(self.promise.state, "open")
        self.invoice.action_post()
        self._judge(day("03-17"))
        self.assertEqual(self.promise.state, "broken")

    def test_cancelled_while_promised(self):
        """There is no invoice any more: nothing was promised."""
        self.invoice.button_draft()
        self.invoice.button_cancel()
        self._judge(day("03-16"))
        self.assertEqual(self.promise.state, "cancelled")
        self.assertFalse(self.promise.activity_ids)

    def test_moved_to_another_customer_while_promised(self):
        """Invoiced to the wrong company: the other one has promised nothing, and the
        first one breaks nothing."""
        self.invoice.button_draft()
        self.invoice.partner_id = self._create_customer("Brun Frères")
        self.invoice.action_post()
        self.assertDue(self._get_claims(self.invoice))
        self._judge(day("03-16"))
        self.assertEqual(self.promise.state, "cancelled")

    def test_promise_on_a_claim_wholly_promised_replaces_it_once(self):
        """Two colleagues in one import: the database sees to it."""
        values = {
            "partner_id": self.customer.id,
            "amount": 100,
            "date": day("03-12"),
            "claim_ids": [Command.create({"move_line_id": self.claim.id})],
        }
        promises = self.env["dunning.promise"].with_user(self.collector)
        with mute_logger("odoo.sql_db"), self.assertRaises(errors.UniqueViolation):
            promises.create([values, dict(values)])

    def test_payment_undone_after_a_newer_promise(self):
        """Half was promised and paid, the other half promised since; the payment comes
        back: the newer promise stands, the older does not rise beside it."""
        claim = self._create_claim(day("02-20"), 100)
        older = self._promise(50, day("03-12"), claim)
        receipt = self._pay(claim, day("03-04"), amount=50)
        self.assertEqual(older.state, "kept")
        newer = self._promise(50, day("03-12"), claim)
        receipt.remove_move_reconcile()
        self.assertEqual((older.state, older.replaced_by_id), ("replaced", newer))
        self.assertEqual(newer.state, "open")

    def test_promise_partly_on_claims_of_others(self):
        """A new promise on one of two claims replaces the whole earlier one: what
        stays unpromised is asked for."""
        other = self._create_claim(day("02-20"), 70)
        both = self._promise(170, day("03-12"))
        self.assertEqual(self.promise.replaced_by_id, both)
        self._promise(100, day("03-14"), self.claim)
        self.assertEqual(both.state, "replaced")
        self.assertDue(other)

    def test_collector_archived_after_the_promise_was_broken(self):
        """The task of who leaves goes to whoever follows the customer up then."""
        self.customer.dunning_collector_id = self.collector
        self.company.dunning_collector_id = self.env.user
        self._judge(day("03-16"))
        self.assertEqual(self.promise.activity_ids.user_id, self.collector)
        self.collector.sudo().action_archive()
        self.assertEqual(self.promise.activity_ids.user_id, self.env.user)

    def test_day_ends_in_the_zone_of_the_company(self):
        """Promised by the 12th with 3 days of grace: in Honolulu the 15th is not over
        when the 16th has begun in Paris."""
        for zone, expected in (
            ("Pacific/Honolulu", "open"),
            ("Europe/Paris", "broken"),
        ):
            self.company.partner_id.tz = zone
            with (
                freeze_time("2026-03-16 06:00:00"),
                self.enter_registry_test_mode(),
            ):
                self.env.ref(
                    "account_dunning_scenario.ir_cron_judge_promises"
                ).method_direct_trigger()
            self.promise.invalidate_recordset()
            self.assertEqual(self.promise.state, expected, zone)


@tagged("post_install", "-at_install")
class TestTwoPromises(TransactionCase):
    """A portal answer and a call at the same moment, in transactions of their own."""

    def setUp(self):
        super().setUp()
        with self._transaction() as env:
            self.ids = self._create_world(env)
        self.addCleanup(self._remove_world)

    @contextmanager
    def _transaction(self):
        """Open a transaction of its own, committed at the end."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _create_world(self, env):
        """Commit a company with one claim of one customer."""
        company = env["res.company"].create({"name": "Two promises"})
        env = env(context={"allowed_company_ids": company.ids})
        receivable, revenue = env["account.account"].create(
            [
                {
                    "name": "Customers",
                    "code": "D411",
                    "account_type": "asset_receivable",
                    "reconcile": True,
                },
                {"name": "Sales", "code": "D700", "account_type": "income"},
            ]
        )
        journal = env["account.journal"].create(
            {"name": "Opening", "code": "DOPE", "type": "general"}
        )
        customer = env["res.partner"].create({"name": "Twice Promised"})
        item = {
            "account_id": receivable.id,
            "partner_id": customer.id,
            "debit": 100.0,
            "date_maturity": day("02-01"),
        }
        move = env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": day("02-01"),
                "line_ids": [
                    Command.create(item),
                    Command.create({"account_id": revenue.id, "credit": 100.0}),
                ],
            }
        )
        move.action_post()
        records = (company, receivable | revenue, journal, customer, move)
        return {record._name: record.ids for record in records}

    def _remove_world(self):
        with self._transaction() as env:
            records = {name: env[name].browse(ids) for name, ids in self.ids.items()}
            company = records["res.company"]
            env["dunning.promise"].search([("company_id", "=", company.id)]).unlink()
            records["account.move"].button_draft()
            for name in (
                "account.move",
                "account.journal",
                "account.account",
                "res.partner",
            ):
                records[name].unlink()
            partner = company.partner_id
            company.unlink()
            partner.unlink()

    def _promise(self, cr, source):
        env = api.Environment(cr, SUPERUSER_ID, {})
        move = env["account.move"].browse(self.ids["account.move"])
        return env["dunning.promise"].create(
            {
                "company_id": self.ids["res.company"][0],
                "currency_id": move.currency_id.id,
                "partner_id": self.ids["res.partner"][0],
                "source": source,
                "amount": 100,
                "date": day("12-31").replace(year=2099),
                "claim_ids": [
                    Command.create({"move_line_id": item.id})
                    for item in move.line_ids.filtered("debit")
                ],
            }
        )

    def _get_states(self):
        with self._transaction() as env:
            promises = env["dunning.promise"].search(
                [("company_id", "in", self.ids["res.company"])], order="id"
            )
            return [(promise.source, promise.state) for promise in promises]

    def test_second_is_told(self):
        """Who comes second is refused in words that help, and looks again: then theirs
        replaces the first one. Two are never open."""
        with self.registry.cursor() as portal, self.registry.cursor() as call:
            call.execute("SELECT 1")  # it looks at the ledger as it was
            self._promise(portal, "portal")
            portal.commit()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(errors.UniqueViolation) as refusal,
            ):
                self._promise(call, "call")
            call.rollback()
            self.assertEqual(self._get_states(), [("portal", "open")])
            message = self.env["dunning.promise.claim"]._sql_error_to_message(
                refusal.exception
            )
            self.assertIn("has just noted a promise", message)
            self._promise(call, "call")
            call.commit()
        self.assertEqual(self._get_states(), [("portal", "replaced"), ("call", "open")])
