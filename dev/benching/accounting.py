"""Cost of the module in accounting: queries and time, with and without it.

The same acts run in two databases: one without the module, the other with the follow-up
first switched off, then on. An act ends like its transaction, with all that Odoo runs
before the commit; each is rolled back. The first rounds, which fill caches, do not
count.
"""

import statistics
import time
from datetime import date, timedelta

from odoo import Command, fields

DAY = date(2026, 3, 4)
WARM_ROUNDS = 2


class Acts:
    """Acts of accounting in one database, each prepared before its measurement."""

    def __init__(self, env):
        self.env = env
        self.customer = env["res.partner"].create(
            {"name": "Accounting", "is_company": True, "email": "a@example.com"}
        )
        self.journal = env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1
        )
        method_lines = self.journal.inbound_payment_method_line_ids
        method_lines.payment_account_id = self.journal.default_account_id
        env.cr.commit()

    def _draft(self):
        return self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": DAY - timedelta(days=60),
                "invoice_date_due": DAY - timedelta(days=30),
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Goods", "price_unit": 100, "tax_ids": False}
                    )
                ],
            }
        )

    def _invoice(self):
        invoice = self._draft()
        invoice.action_post()
        return invoice

    def post(self):
        return self._draft().action_post

    def register_payment(self):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self._invoice().ids
        )
        values = {"payment_date": fields.Date.today(), "journal_id": self.journal.id}
        return wizard.create(values).action_create_payments

    def reconcile(self):
        claim = self._invoice().line_ids.filtered("date_maturity")
        return (claim | self.receive(claim)).reconcile

    def receive(self, claim):
        """Post money of the claim's customer on the bank; return its item."""
        account = self.journal.default_account_id
        amount = claim.amount_residual
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.journal.id,
                "date": DAY,
                "line_ids": [
                    Command.create({"account_id": account.id, "debit": amount}),
                    Command.create(
                        {
                            "account_id": claim.account_id.id,
                            "partner_id": claim.partner_id.id,
                            "credit": amount,
                        }
                    ),
                ],
            }
        )
        move.action_post()
        return move.line_ids.filtered("credit")


ACTS = ("post", "register_payment", "reconcile")


def compare(env, live_env, rounds=5):
    """Measure the acts without the module, with the follow-up switched off, and on.

    :param env: of a database without the module
    :param live_env: of a database with it
    :return: {act: {case: (queries, least seconds)}}
    """
    bare, live = Acts(env), Acts(live_env)
    figures = {}
    for name in ACTS:
        figures[name] = {"without": count(env, getattr(bare, name), rounds)}
        for case, is_live in (("off", False), ("on", True)):
            live_env.company.dunning_is_live = is_live
            live_env.cr.commit()
            figures[name][case] = count(live_env, getattr(live, name), rounds)
    return figures


def count(env, prepare, rounds):
    """Return the queries of an act and its least seconds, of several rounds.

    :param prepare: function that returns the act
    """
    queries, seconds = [], []
    for _round in range(WARM_ROUNDS + rounds):
        act = prepare()
        env.cr.flush()
        env.invalidate_all()
        before, start = env.cr.sql_log_count, time.perf_counter()
        act()
        env.cr.flush()
        seconds.append(time.perf_counter() - start)
        queries.append(env.cr.sql_log_count - before)
        env.cr.rollback()
    return int(statistics.median(queries[WARM_ROUNDS:])), min(seconds[WARM_ROUNDS:])
