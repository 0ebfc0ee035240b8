from datetime import date, timedelta
from functools import wraps
from unittest.mock import patch

from odoo import Command
from odoo.sql_db import Cursor
from odoo.tests import freeze_time

from odoo.addons.mail.tests.common import MailCase

from . import prepared_claims
from .prepared import PreparedAccounting

# Actions of users in accounting; each is a transaction of its own.
ACCOUNTING_ACTS = (
    ("account.move", "action_post"),
    ("account.move", "button_cancel"),
    ("account.move", "button_draft"),
    ("account.move", "unlink"),
    ("account.move", "write"),
    ("account.move.line", "reconcile"),
    ("account.move.line", "remove_move_reconcile"),
    ("account.move.line", "write"),
    ("account.move.reversal", "reverse_moves"),
    ("account.partial.reconcile", "create"),
    ("account.partial.reconcile", "unlink"),
    ("account.payment", "action_cancel"),
    ("account.payment", "action_post"),
    ("account.payment", "action_reject"),
    ("account.payment", "write"),
    ("account.payment.register", "_create_payments"),
    ("account.payment.register", "action_create_payments"),
)


def day(text):
    """Return a date of 2026 written as month-day ("03-04")."""
    return date.fromisoformat(f"2026-{text}")


class DunningCommon(PreparedAccounting, MailCase):
    """A collector's company on Wednesday 4 March 2026, bank entries up to date.

        customer      with e-mail, telephone and address, in the scenario below
        scenario      notice −8, reminder_1 +8, reminder_2 = reminder_1 + 8,
                      reminder_3 = reminder_1 + 16, all by phone, to be confirmed

    Spacing is off, so that each test switches on its own subject.
    """

    TODAY = day("03-04")
    # Whether deferred work of a transaction runs after each act.
    ENDS_TRANSACTIONS = True

    @classmethod
    def setUpClass(cls):
        cls.startClassPatcher(freeze_time(f"{cls.TODAY} 10:00:00"))
        super().setUpClass()
        if cls.ENDS_TRANSACTIONS:
            cls._end_transactions()
        cls.company = cls.env.company
        # sudo: an accountant may not; companies of the tests follow up from the start
        cls.env["ir.default"].sudo().set("res.company", "dunning_is_live", True)
        cls.company.write(
            {
                "dunning_is_live": True,
                "dunning_min_days_between_contacts": 0,
                "dunning_books_max_age": 0,
                "dunning_scenario_id": False,
                "dunning_collector_id": cls.env.user.id,
            }
        )
        cls.planner = cls.env["dunning.planner"]
        cls.scenario = cls._create_scenario(
            cls._step("notice", kind="notice", delay=-8),
            cls._step("reminder_1", delay=8),
            cls._step("reminder_2", anchor="reminder_1", delay=8),
            cls._step("reminder_3", anchor="reminder_1", delay=16),
        )
        cls.customer = cls._create_customer("Azur Interior")

    @classmethod
    def _end_transactions(cls):
        """End each act in accounting with the deferred work of its transaction: a test
        is one transaction only because it is a test."""
        depth = []

        def ending(act):
            @wraps(act)
            def acting(records, *args, **kwargs):
                depth.append(act)
                try:
                    result = act(records, *args, **kwargs)
                finally:
                    depth.pop()
                if not depth:
                    records.env["dunning.pending.check"]._run_put_off()
                return result

            return acting

        for model, name in ACCOUNTING_ACTS:
            registered = cls.registry[model]
            act = ending(getattr(registered, name))
            cls.startClassPatcher(patch.object(registered, name, act))

    # ---- set-up --------------------------------------------------------------------

    @staticmethod
    def _step(code, anchor="due_date", delay=0, **values):
        """Return the values of a step; an anchor may be the code of an earlier one."""
        return {
            "code": code,
            "name": code.replace("_", " ").capitalize(),
            "channel": "phone",
            "anchor": anchor,
            "delay": delay,
            **values,
        }

    @classmethod
    def _thanks(cls, delay=8, **values):
        values = {"kind": "thanks", "anchor": "payment_date", "delay": delay, **values}
        return cls._step("thanks", **values)

    @classmethod
    def _create_scenario(cls, *steps, **values):
        scenario = cls.env["dunning.scenario"].create({"name": "Story", **values})
        return cls._add_steps(scenario, *steps)

    @classmethod
    def _add_steps(cls, scenario, *steps):
        anchors = dict(cls.env["dunning.step"]._fields["anchor"].selection)
        for place, step_values in enumerate(steps, start=1):
            step = {"sequence": 10 * place, **step_values}
            if step["anchor"] not in anchors:
                step["anchor_step_id"] = cls._get_step(step["anchor"], scenario).id
                step["anchor"] = "step"
            cls.env["dunning.step"].create({"scenario_id": scenario.id, **step})
        return scenario

    @classmethod
    def _get_step(cls, code, scenario=None):
        scenario = scenario or cls.scenario
        return scenario.step_ids.filtered(lambda step: step.code == code)

    @classmethod
    def _create_customer(cls, name, **values):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "email": f"{name.split()[0].lower()}@example.com",
                "phone": "+33 1 02 03 04 05",
                "street": "8 rue des Lilas",
                "zip": "69003",
                "city": "Lyon",
                "country_id": cls.env.ref("base.fr").id,
                "dunning_scenario_id": cls.scenario.id,
                **values,
            }
        )

    # ---- ledger --------------------------------------------------------------------

    @classmethod
    def _create_claim(cls, due, amount=100.0, customer=None, **values):
        """Make an invoice without tax; return its receivable items, earliest first.

        It is inserted as if it had been posted where nothing is special about it.

        :param due: due date
        """
        customer = customer or cls.customer
        if due and not values.keys() - {"date"}:
            date = values.get("date") or due - timedelta(days=30)
            prepared = prepared_claims.read_prepared(cls.env)
            circumstances = prepared_claims.read_circumstances(cls.env, customer)
            if prepared.get("circumstances") == circumstances:
                move = prepared_claims.insert_copy(
                    cls.env, prepared, customer, amount, due, date
                )
                return cls._get_claims(move)
        return cls._post_claim(due, amount, customer, **values)

    @classmethod
    def _post_claim(cls, due, amount=100.0, customer=None, **values):
        """Post an invoice as accountants do; arguments and result of _create_claim."""
        invoice = cls._create_invoice_one_line(
            price_unit=amount,
            tax_ids=[],
            partner_id=(customer or cls.customer).id,
            **{
                "date": due and due - timedelta(days=30),
                "invoice_date_due": due,
                "invoice_payment_term_id": None,
                "post": True,
                **values,
            },
        )
        return cls._get_claims(invoice)

    @classmethod
    def _create_instalments(cls, on, *days, amount=200.0, **values):
        """Post an invoice of a day in equal instalments; return them, earliest first.

        :param days: days from the invoice to each due date
        """
        term = cls.env["account.payment.term"].create(
            {
                "name": "Instalments",
                "line_ids": [
                    Command.create(
                        {
                            "value": "percent",
                            "value_amount": 100 / len(days),
                            "nb_days": number,
                        }
                    )
                    for number in days
                ],
            }
        )
        return cls._create_claim(
            None, amount, date=on, invoice_payment_term_id=term.id, **values
        )

    @classmethod
    def _create_entry(cls, amount, on, customer=None, **values):
        """Post a miscellaneous entry with a claim on a customer; return its item.

        :param values: of the receivable item
        """
        customer = customer if customer is not None else cls.customer
        move = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": cls.company_data["default_journal_misc"].id,
                "date": on,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": cls.company_data[
                                "default_account_receivable"
                            ].id,
                            "partner_id": customer.id,
                            "debit": amount,
                            **values,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": cls.company_data[
                                "default_account_revenue"
                            ].id,
                            "credit": amount,
                        }
                    ),
                ],
            }
        )
        move.action_post()
        return move.line_ids.filtered("debit")

    @classmethod
    def _create_credit_note(cls, amount, on, customer=None, **values):
        invoice = cls._create_invoice_one_line(
            move_type="out_refund",
            price_unit=amount,
            tax_ids=[],
            partner_id=(customer or cls.customer).id,
            date=on,
            post=True,
            **values,
        )
        return cls._get_claims(invoice)

    @classmethod
    def _get_claims(cls, move):
        return move.line_ids.filtered(
            lambda item: item.account_id.account_type == "asset_receivable"
        ).sorted(lambda item: (item.date_maturity or item.date, item.id))

    @classmethod
    def _create_receipt(cls, amount, on, customer=None):
        """Post an unallocated bank payment of a customer."""
        customer = customer or cls.customer
        account = customer.property_account_receivable_id
        journal = cls.company_data["default_journal_bank"]
        move = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "date": on,
                "line_ids": [
                    Command.create(
                        {"account_id": journal.default_account_id.id, "debit": amount}
                    ),
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": customer.id,
                            "credit": amount,
                        }
                    ),
                ],
            }
        )
        move.action_post()
        return cls._get_claims(move)

    @classmethod
    def _pay(cls, claim, on, amount=None):
        """Receive a payment on the bank on a day and reconcile it with a claim."""
        receipt = cls._create_receipt(
            amount or claim.amount_residual, on, claim.partner_id
        )
        (claim | receipt).reconcile()
        return receipt

    def _in_payment(self):
        """Let payments wait for the bank, as with the accounting app."""
        return patch.object(
            self.registry["account.move"],
            "_get_invoice_in_payment_state",
            lambda move: "in_payment",
        )

    def _register_in_process(self, invoice, amount):
        """Register a payment that gets no entry before the bank statement, as journals
        without an outstanding account do with the accounting app."""
        method = self.inbound_payment_method_line
        method.payment_account_id = False
        with self._in_payment():
            payment = self._register_payment(
                invoice,
                amount=amount,
                payment_date=self.TODAY,
                journal_id=method.journal_id.id,
                payment_method_line_id=method.id,
            )
            self.env.flush_all()
        self.assertEqual(payment.state, "in_process")
        self.assertFalse(payment.move_id)
        return payment

    # ---- follow-up -----------------------------------------------------------------

    @classmethod
    def _plan(cls, on=None, company=None):
        return cls.planner._plan(company or cls.company, on or cls.TODAY)

    @classmethod
    def _play(cls, on):
        """Plan a day and perform all of it at once; return the actions."""
        actions = cls._plan(on)
        actions._perform(on, f"{on} 10:00:00")
        return actions

    def _count_queries(self, function):
        """Return the number of queries of a function, with empty record caches."""
        self.env.flush_all()
        self.env.invalidate_all()
        queries = []
        execute = Cursor.execute

        def counting(cursor, query, *args, **kwargs):
            queries.append(query)
            return execute(cursor, query, *args, **kwargs)

        with patch.object(Cursor, "execute", counting):
            function()
        return len(queries)

    def _get_steps(self, actions):
        """Return the step codes of the lines that the actions perform, sorted."""
        lines = actions.line_ids.filtered(lambda line: line.state in ("open", "done"))
        return sorted(lines.mapped("step_code"))

    def _get_failed(self, claim, on=None):
        """Return the codes of the rules that stop a claim on a day."""
        rules = self._get_rules(claim, on)
        return {code for code, rule in rules.items() if rule["passed"] is False}

    def _get_rules(self, claim, on=None):
        """Return the rules checked for a claim on a day, by code."""
        (answer,) = self.planner._explain(claim, on or self.TODAY)
        return {rule["code"]: rule for rule in answer["rules"]}

    def _get_scenario(self, claim):
        """Return the scenario of a claim, and its origin."""
        (answer,) = self.planner._explain(claim, self.TODAY)
        scenario = self.env["dunning.scenario"].browse(answer["scenario_id"])
        return scenario, answer["scenario_source"]

    def _get_next(self, claim, on=None):
        """Return the code of a claim's next step and its trigger date."""
        (answer,) = self.planner._explain(claim, on or self.TODAY)
        step = self.env["dunning.step"].browse(answer["next_step_id"])
        return step.code, answer["trigger_date"]

    def assertDue(self, claims, on=None):
        """Assert that planning a day prepares exactly these claims; return actions."""
        actions = self._plan(on)
        lines = actions.line_ids.filtered(lambda line: line.state == "open")
        self.assertEqual(lines.move_line_id, claims)
        return actions

    def assertNotDue(self, claim, *codes, on=None):
        """Assert that a day prepares nothing for a claim, and that the explanation
        names exactly these rules (excluded items do not count as debt: `net`)."""
        self.assertEqual(self._get_failed(claim, on), set(codes))
        self.assertNotIn(claim, self._plan(on).line_ids.move_line_id)
